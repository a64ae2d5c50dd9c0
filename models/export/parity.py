"""Inputs that any language can make again, and the numbers that a graph has to give for them."""
import math

import torch

# As many outputs as tell a wrong graph from a right one without filling the pack.
SAMPLES = 64


def probe(shape):
    """sin(0.37 i) over the flat index i, times one: float32 of `shape`."""
    return torch.sin(torch.arange(math.prod(shape), dtype=torch.float64) * .37).float().reshape(shape)


def summary(tensor):
    """Shape, root mean square, and SAMPLES values spread evenly over the flat tensor."""
    flat = tensor.detach().flatten().double()
    at = [i * (len(flat) - 1) // (SAMPLES - 1) for i in range(SAMPLES)]
    return {'shape': list(tensor.shape), 'rms': float(flat.pow(2).mean().sqrt()), 'values': [round(float(flat[i]), 7) for i in at]}
