"""Download the animated figures that the corpus is composed of: `/usr/bin/python3 models/wan-mini/train/fetch.py`.

They are Microsoft's Fluent Emoji (MIT), packed for npm; some tens of megabytes, kept in models/wan-mini/.work, not in the repository.
"""
import subprocess
import tarfile

import corpus

VERSION = '1.0.0'
SETS = (1, 3)


def main():
    figures = corpus.WORK / 'figures'
    figures.mkdir(parents=True, exist_ok=True)
    wanted = {code for code, _, _ in corpus.SUBJECTS.values()}
    missing = {code for code in wanted if not (figures / f'{code}.webp').exists()}
    for number in SETS if missing else ():
        packed = subprocess.run(['npm', 'pack', '--silent', f'@lobehub/fluent-emoji-anim-{number}@{VERSION}'], cwd=corpus.WORK,
                                check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(corpus.WORK / packed) as archive:
            for code in sorted(missing):
                try:
                    (figures / f'{code}.webp').write_bytes(archive.extractfile(f'package/assets/{code}.webp').read())
                except KeyError:
                    continue
        (corpus.WORK / packed).unlink()
    missing = sorted(code for code in wanted if not (figures / f'{code}.webp').exists())
    if missing:
        raise SystemExit(f'these figures are in none of the sets: {" ".join(missing)}')


if __name__ == '__main__':
    main()
