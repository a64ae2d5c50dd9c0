"""Microsoft's Fluent Emoji (MIT), animated, as packed for npm: what the corpus is composed of. Not kept in the repository."""
import subprocess
import tarfile

VERSION = '1.0.0'
SETS = (1, 2, 3, 4)


def fetch_figures(codes, work):
    """Bring the figures of `codes` to `work`/figures; nothing is downloaded where all are there."""
    figures = work / 'figures'
    figures.mkdir(parents=True, exist_ok=True)
    lacking = lambda: sorted(code for code in codes if not (figures / f'{code}.webp').exists())
    for number in SETS:
        if not lacking():
            return
        packed = subprocess.run(['npm', 'pack', '--silent', f'@lobehub/fluent-emoji-anim-{number}@{VERSION}'], cwd=work,
                                check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(work / packed) as archive:
            for code in lacking():
                # Some files carry the variation selector that asks for a picture instead of a letter.
                for name in (f'package/assets/{code}.webp', f'package/assets/{code}-fe0f.webp'):
                    try:
                        (figures / f'{code}.webp').write_bytes(archive.extractfile(name).read())
                    except KeyError:
                        continue
        (work / packed).unlink()
    if lacking():
        raise SystemExit(f'these figures are in none of the sets: {" ".join(lacking())}')


if __name__ == '__main__':
    from pathlib import Path

    from grammar import SUBJECTS
    fetch_figures({code for code, *_ in SUBJECTS.values()}, Path(__file__).resolve().parents[1] / '.work')
