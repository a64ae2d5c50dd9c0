"""Do the modules work where the processor is not? `/usr/bin/python3 models/wan/check.py`, on PyTorch's device without memory, so anywhere."""
import sys
import unittest
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from wan.text_encoder import TextEncoder
from wan.transformer import WanTransformer
from wan.vae_decoder import VaeDecoder

DEVICE = 'meta'


class OtherDevice(unittest.TestCase):
    """A tensor that was made on the processor would meet one that was not, and PyTorch refuses that."""

    def test_text_and_expert(self):
        encoder, expert = TextEncoder(vocab_size=100).to(DEVICE), WanTransformer().to(DEVICE).train()
        ids = torch.zeros(2, 8, dtype=torch.long, device=DEVICE)
        states, _ = encoder(ids, torch.ones_like(ids))
        latent = torch.randn(2, 16, 3, 6, 8, device=DEVICE)
        velocity = expert(latent, torch.rand(2, device=DEVICE) * 1000, states, torch.ones(2, 8, device=DEVICE))[0]
        velocity.sum().backward()
        self.assertEqual(velocity.shape, latent.shape)

    def test_decoder(self):
        decoder = VaeDecoder().to(DEVICE)
        latent = torch.randn(1, 16, 2, 6, 8, device=DEVICE)
        frames, _ = decoder.decode(latent, decoder.empty_cache(latent))
        self.assertEqual(list(frames.shape), [1, 8, 3, 48, 64])


if __name__ == '__main__':
    unittest.main()
