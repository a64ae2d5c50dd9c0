"""The work of one render in PyTorch, for `npm run bench`: every step of the guidance pair, then the frames.

    /usr/bin/python3 models/wan-mini/eval/torch_rival.py WORK_JSON

One line on standard input asks for one run; the answer is a line of JSON. It does less than the engine: Euler instead
of UniPC, no noise of its own, no monitors, and the whole clip is decoded at once, which is how PyTorch is fastest.
Where an expert was not trained yet, random weights of the same shapes stand in: speed does not depend on them.
"""
import json
import resource
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT.parent))
from wan.transformer import WanTransformer
from wan.vae_decoder import VaeDecoder

CHECKPOINT = ROOT / '.work/checkpoint'


def with_weights(module, file):
    if file.exists():
        module.load_state_dict(torch.load(file, map_location='cpu'))
    return module.eval().requires_grad_(False)


def load_expert(name, text_width):
    file = CHECKPOINT / name / 'diffusion_pytorch_model.bin'
    config = CHECKPOINT / name / 'config.json'
    settings = json.loads(config.read_text()) if config.exists() else dict(text_dim=text_width)
    return with_weights(WanTransformer(**settings), file)


@torch.no_grad()
def render(work, experts, decoder, sample, states, mask):
    for step in work['steps']:
        timestep = torch.full((2,), step['timestep'])
        negative, positive = experts[step['expert']](torch.cat([sample, sample]), timestep, states, mask)[0]
        velocity = negative + step['guidance'] * (positive - negative)
        sample = sample + (step['nextSigma'] - step['sigma']) * velocity
    frames, _ = decoder.decode(sample, decoder.empty_cache(sample))
    return ((frames + 1) * 127.5).clamp(0, 255).to(torch.uint8)


def main():
    work = json.loads(sys.argv[1])
    torch.set_num_threads(work['threads'])
    torch.manual_seed(0)
    experts = {name: load_expert(name, work['textWidth']) for name in {step['expert'] for step in work['steps']}}
    decoder = with_weights(VaeDecoder(), CHECKPOINT / 'vae/decoder.bin')
    shape = work['shape']
    sample = torch.randn(1, shape['channels'], shape['frames'], shape['heightCells'], shape['widthCells'])
    states = torch.randn(2, work['maxTokens'], work['textWidth'])
    mask = torch.ones(2, work['maxTokens'])
    for _ in sys.stdin:
        started = time.perf_counter()
        render(work, experts, decoder, sample, states, mask)
        took = (time.perf_counter() - started) * 1000
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({'tookMs': took, 'peakBytes': peak}), flush=True)


if __name__ == '__main__':
    main()
