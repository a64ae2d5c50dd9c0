"""Checkpoint → pack: `/usr/bin/python3 models/raft-mini/export.py`. The graph takes any size whose sides are multiples of 8."""
import json
import shutil
import sys
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / 'train'), str(HERE.parent / 'export')]
from graph import WeightPool, export_graph, round_weights
from model import Raft, fold
from parity import probe, summary
from seal import seal


def main():
    checkpoint, pack, part = HERE / '.work/checkpoint', HERE / 'pack', HERE / '.pack.part'
    model = Raft(**json.loads((checkpoint / 'config.json').read_text()))
    model.load_state_dict(torch.load(checkpoint / 'model.bin', map_location='cpu'))
    round_weights(fold(model))
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    pair = lambda rows, columns: (probe([1, 3, rows, columns]) * .5 + .5, probe([1, 3, rows, columns]) * -.5 + .5)
    size = {2: 'rows', 3: 'columns'}
    # Traced at one size, held to PyTorch at another: a size frozen into the graph would show.
    export_graph(model, pair(64, 96), ['image1', 'image2'], ['flow'], {name: size for name in ('image1', 'image2', 'flow')},
                 part / 'model.onnx', WeightPool(part))
    with torch.no_grad():
        (part / 'parity.json').write_text(json.dumps({'flow': summary(model(*pair(96, 160)))}))
    for name in ('card.md', 'LICENSE'):
        shutil.copy(HERE / name, part / name)
    manifest = {
        'format': 'steadyframe-flow', 'formatVersion': 1, 'id': 'raft-mini', 'version': '0.2.0', 'licence': 'MIT',
        'provenance': {'weights': 'trained from scratch by models/raft-mini/train',
                       'data': 'pairs composed from Microsoft\'s animated Fluent Emoji (MIT) and procedural textures'},
        'graph': 'model.onnx', 'inputs': ['image1', 'image2'], 'output': 'flow', 'multiplePx': 8,
    }
    seal(part, manifest)
    shutil.rmtree(pack, ignore_errors=True)
    part.rename(pack)
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} million parameters")
    print(f'{pack.name}: {sum(f.stat().st_size for f in pack.iterdir()) / 2**20:.2f} MiB')


if __name__ == '__main__':
    main()
