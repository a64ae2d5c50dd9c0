"""Do the modules work where the processor is not, and is what trains what is exported? `/usr/bin/python3 models/wan/check.py`, anywhere: the other
device is PyTorch's one without memory."""
import sys
import unittest
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from wan.text_encoder import TextEncoder
from wan.transformer import WanTransformer, rotate, rotate_by_product
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


class TrainedIsExported(unittest.TestCase):
    """Training on cores takes other roads through attention than the graph does."""

    def test_rotation(self):
        q, rope = torch.randn(2, 4, 60, 48), WanTransformer().rope(1, 6, 10, 'cpu')
        torch.testing.assert_close(rotate_by_product(q, *rope), rotate(q, *rope))

    def test_whole_expert(self):
        torch.manual_seed(0)
        expert, latent, text, mask = WanTransformer(), torch.randn(2, 16, 2, 6, 8), torch.randn(2, 8, 192), torch.ones(2, 8)
        mask[1, 5:] = 0
        way = lambda module: module(latent, torch.tensor([900., 100.]), text, mask)[0]
        torch.testing.assert_close(way(expert.train()), way(expert.eval()), rtol=1e-4, atol=1e-4)


if __name__ == '__main__':
    unittest.main()
