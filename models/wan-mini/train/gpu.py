"""Every phase of wan-mini within a number of minutes, on a machine with a graphics card; a further call goes on where the last one stopped.

    python3 models/wan-mini/train/gpu.py --minutes 9 --total 26         three calls make a checkpoint
    python3 models/wan-mini/train/gpu.py --minutes 2 --total 2 --size tiny --device cpu      shows that all of it runs

Needs no network where the figures are there (models/wan-mini/.work/figures, 11 MB, `fetch.py` brings them). Cores without other work compose
clips all the time. The phases share the total: linear encoder and text encoder first, then spare, decoder, the two noise experts, and the few-step
student. What was spent on each is kept in the checkpoint, and the rates fall over a phase's own share, so it may be cut anywhere between calls.
"""
import argparse
import os
import random
import time

import torch

import tokenizer
from distil import STUDENT, distil
from pool import Stream, make_clips
from run import SPARE, WEIGHTS, OUT, draw_pools, load_module, read_linear, read_state, train_expert, train_text, write_state
from sizes import SIZES
from vae import BATCH, train_decoder
from wan.text_encoder import TextEncoder

# Shares of the total. Composing the first clips goes on the spare's account.
SHARES = {'text_encoder': .06, SPARE: .5, 'vae': .12, 'transformer': .08, 'transformer_2': .12, STUDENT: .12}


def left_of(phase, total):
    return SHARES[phase] * total - read_state().get(f'{phase} minutes', 0)


def run_phase(phase, total, until, work):
    """work(minutes) for what is left of the phase and of this call; False where the call ends before the phase does."""
    left, here = left_of(phase, total), (until - time.time()) / 60
    if left < .05:
        return True
    if here < min(left, .3):
        return False
    begin = time.time()
    work(min(left, here))
    state = read_state()
    state[f'{phase} minutes'] = round(state.get(f'{phase} minutes', 0) + (time.time() - begin) / 60, 2)
    write_state(state)
    return left <= here


def shrink():
    """Weights as the packs hold them, in half the bytes."""
    for file in [*OUT.rglob(WEIGHTS), OUT / 'vae/decoder.bin']:
        torch.save({k: v.half() if v.is_floating_point() and float(v.abs().max()) < 65504 else v for k, v in torch.load(file, map_location='cpu').items()}, file)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, required=True, help='what this call may take')
    arguments.add_argument('--total', type=float, required=True, help='what all calls together may take')
    arguments.add_argument('--size', choices=SIZES, default='gpu')
    arguments.add_argument('--device', default='cuda')
    arguments.add_argument('--processes', type=int, default=max(1, (os.cpu_count() or 2) - 1), help='that compose clips')
    options = arguments.parse_args()
    until, size, device, total = time.time() + 60 * options.minutes, SIZES[options.size], options.device, options.total
    torch.manual_seed(int(sum(read_state().values())))
    torch.backends.cuda.matmul.allow_tf32 = True
    rng, vocab = random.Random(time.time_ns()), tokenizer.vocabulary()
    # Everything that forks comes before the card is touched.
    linear = read_linear(size, rng)
    needs_clips = any(left_of(phase, total) > .05 for phase in (SPARE, 'transformer', 'transformer_2'))
    stream = Stream(make_clips, (linear, size, BATCH), rng.randrange(1 << 20), max(1, options.processes // 4)) if left_of('vae', total) > .05 else None
    pools = draw_pools(rng.randrange(1 << 20), linear, size, options.processes, first=.05) if needs_clips else []
    print(f'composed {[len(pool.scenes) for pool in pools]} pictures and clips, {(until - time.time()) / 60:.1f} min left', flush=True)
    encoder = lambda: load_module(TextEncoder, 'text_encoder', device).eval().requires_grad_(False)
    compiled = options.size != 'tiny'
    expert = lambda name: lambda minutes: train_expert(name, size, minutes, encoder(), vocab, pools, device, decay=decay_of(name, total, minutes),
                                                                 pictures=pictures_of(name, total, minutes), compiled=compiled)
    work = {
        'text_encoder': lambda minutes: train_text(vocab, rng, minutes, device),
        SPARE: expert(SPARE),
        'vae': lambda minutes: train_decoder(linear, minutes, stream, device),
        'transformer': expert('transformer'),
        'transformer_2': expert('transformer_2'),
        STUDENT: lambda minutes: distil(minutes, batch=size.batch, size=size, device=device, compiled=compiled),
    }
    whole = all(run_phase(phase, total, until, work[phase]) for phase in SHARES)
    for part in (*pools, stream):
        if part:
            part.close()
    if whole:
        shrink()
    print('whole' if whole else f'to go on: {[phase for phase in SHARES if left_of(phase, total) > .05]}', flush=True)


def decay_of(phase, total, minutes):
    """The rate falls over the last 40 % of the phase, wherever the calls cut it."""
    after = left_of(phase, total) - minutes
    return 0 if after > .05 else min(1., .4 * SHARES[phase] * total / minutes)


def pictures_of(phase, total, minutes):
    """The share of this call in which there are pictures alone: the spare's first third."""
    before = SHARES[phase] * total - left_of(phase, total)
    return max(0., min(1., (SHARES[phase] * total / 3 - before) / minutes)) if phase == SPARE else 0.


if __name__ == '__main__':
    main()
