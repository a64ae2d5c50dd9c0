"""Write down what a pack's files are: `/usr/bin/python3 models/export/seal.py models/wan-mini/pack`, after a card or a calibration has changed."""
import argparse
import hashlib
import json
from pathlib import Path

CALIBRATION = 'calibration.json'


def hashes(pack):
    """Every file of the pack but its manifest → sha256 and size."""
    files = sorted(f for f in pack.rglob('*') if f.is_file() and f.name != 'pack.json')
    return {f.relative_to(pack).as_posix(): {'sha256': hashlib.sha256(f.read_bytes()).hexdigest(), 'bytes': f.stat().st_size} for f in files}


def seal(pack, manifest):
    """Write pack.json last: a manifest with the files that are there, calibration named where there is one."""
    if 'calibration' in manifest:
        manifest = {**manifest, 'calibration': CALIBRATION if (pack / CALIBRATION).exists() else None}
    part = pack / 'pack.json.part'
    part.unlink(missing_ok=True)
    text = json.dumps({**manifest, 'files': hashes(pack)}, ensure_ascii=False, indent=2) + '\n'
    part.write_text(text, 'utf8')
    part.replace(pack / 'pack.json')


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('pack', type=Path)
    pack = arguments.parse_args().pack
    seal(pack, json.loads((pack / 'pack.json').read_text('utf8')))


if __name__ == '__main__':
    main()
