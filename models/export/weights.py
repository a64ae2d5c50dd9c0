"""Tensors of one component folder of a Diffusers checkpoint, read one at a time from files that stay on disk."""
import json
import math
from collections.abc import Mapping

import numpy as np
import torch

# safetensors names its types so; bf16 is the upper half of a float32.
TYPES = {'F64': np.float64, 'F32': np.float32, 'F16': np.float16, 'BF16': np.uint16, 'I64': np.int64, 'I32': np.int32}


class CheckpointError(Exception):
    """The checkpoint can't be exported; the message names the file or tensor and what was expected."""


def read_json(file):
    if not file.exists():
        raise CheckpointError(f'{file} is missing')
    return json.loads(file.read_text('utf8'))


class SafetensorsFile(Mapping):
    """name → float32 tensor. Layout: 8 bytes length of the header, header in JSON, raw tensors."""

    def __init__(self, path):
        if not path.exists():
            raise CheckpointError(f'{path} is named by the index but missing')
        self.path, size = path, path.stat().st_size
        with open(path, 'rb') as file:
            length = int.from_bytes(file.read(8), 'little')
            if size < 8 or length > size - 8:
                raise CheckpointError(f'{path} is not a whole safetensors file')
            self.entries = {k: v for k, v in json.loads(file.read(length)).items() if k != '__metadata__'}
        self.start = 8 + length
        if any(self.start + entry['data_offsets'][1] > size for entry in self.entries.values()):
            raise CheckpointError(f'{path} ends before its last tensor: fetch it again')

    def __getitem__(self, name):
        entry = self.entries[name]
        if entry['dtype'] not in TYPES:
            raise CheckpointError(f'{self.path}: {name} has type {entry["dtype"]}; known: {", ".join(TYPES)}')
        flat = np.memmap(self.path, TYPES[entry['dtype']], 'r', self.start + entry['data_offsets'][0], (math.prod(entry['shape']),))
        if entry['dtype'] == 'BF16':
            flat = (flat.astype(np.uint32) << 16).view(np.float32)
        return torch.from_numpy(np.array(flat, np.float32).reshape(entry['shape']))

    def __iter__(self):
        return iter(self.entries)

    def __len__(self):
        return len(self.entries)


class Shards(Mapping):
    """Several safetensors files under one index."""

    def __init__(self, index):
        self.places = read_json(index)['weight_map']
        self.files = {name: SafetensorsFile(index.parent / name) for name in sorted(set(self.places.values()))}

    def __getitem__(self, name):
        return self.files[self.places[name]][name]

    def __iter__(self):
        return iter(self.places)

    def __len__(self):
        return len(self.places)


def open_weights(folder):
    """Whatever form the folder's weights have, by name: sharded or single safetensors, or PyTorch's own."""
    for index in sorted(folder.glob('*.safetensors.index.json')):
        return Shards(index)
    for file in sorted(folder.glob('*.safetensors')):
        return SafetensorsFile(file)
    for file in sorted(folder.glob('*.bin')):
        return torch.load(file, map_location='cpu')
    raise CheckpointError(f'{folder} has no weights: expected *.safetensors, *.safetensors.index.json or *.bin')


def fill(module, weights, rename=lambda name: name):
    """Put `weights` into `module`; `rename` turns a checkpoint's name into the module's, or None where it has no use for it."""
    found = {own: name for name in weights if (own := rename(name)) is not None}
    wanted = dict([*module.named_parameters(), *module.named_buffers()])
    missing, unknown = sorted(wanted.keys() - found.keys()), sorted(found.keys() - wanted.keys())
    if missing or unknown:
        first = f'lacks {missing[0]}' if missing else f'has {unknown[0]}, which the architecture does not know'
        raise CheckpointError(f'{type(module).__name__}: the checkpoint {first} ({len(missing)} missing, {len(unknown)} unknown)')
    for own, name in found.items():
        tensor = weights[name]
        if tensor.shape != wanted[own].shape:
            raise CheckpointError(f'{name} has shape {list(tensor.shape)}; the configuration asks for {list(wanted[own].shape)}')
        wanted[own].data = tensor.float()
    return module.eval().requires_grad_(False)
