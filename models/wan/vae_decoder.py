"""Causal video decoder: one latent frame in, four frames out, with the two former inputs of each convolution as cache.

All convolutions run at latent resolution; one product and a pixel shuffle make the frames. A linear shortcut, fitted as
principal components, gives a usable picture before the first step of training; the rest learns what it lacks.
"""
import torch
from torch import nn
from torch.nn import functional as F


class PixelNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels, 1, 1, 1))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(dim=1, keepdim=True) + 1e-6) * self.gamma


class CausalConv3d(nn.Module):
    """Kernel 3×3×3; time is padded with the two frames before, never with those to come."""

    def __init__(self, inner, outer):
        super().__init__()
        self.conv = nn.Conv3d(inner, outer, 3, padding=(0, 1, 1))

    def forward(self, x, before):
        x = torch.cat([before, x], dim=2)
        return self.conv(x), x[:, :, -2:]


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm1, self.conv1 = PixelNorm(channels), CausalConv3d(channels, channels)
        self.norm2, self.conv2 = PixelNorm(channels), CausalConv3d(channels, channels)

    def forward(self, x, first, second):
        h, first = self.conv1(F.silu(self.norm1(x)), first)
        h, second = self.conv2(F.silu(self.norm2(h)), second)
        return x + h, first, second


class VaeDecoder(nn.Module):
    """decode(latent [B,C,T,h,w] denormalised, cache) → (frames [B,4T,3,8h,8w] in −1..1, cache)."""

    def __init__(self, channels=16, width=128, depth=3):
        super().__init__()
        self.config = dict(channels=channels, width=width, depth=depth)
        self.channels, self.width, self.depth = channels, width, depth
        self.register_buffer('scale', torch.ones(channels))
        self.shortcut = nn.Linear(channels, 768)
        self.conv_in = CausalConv3d(channels, width)
        self.up_blocks = nn.ModuleList([ResidualBlock(width) for _ in range(depth)])
        self.norm_out = PixelNorm(width)
        self.conv_out = nn.Linear(width, 768)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)

    @property
    def cache_count(self):
        return 1 + 2 * self.depth

    def empty_cache(self, latent):
        b, _, _, h, w = latent.shape
        sizes = [self.channels] + [self.width] * (2 * self.depth)
        return [latent.new_zeros(1).expand(b, size, 2, h, w) for size in sizes]

    def decode(self, latent, cache):
        b, _, t, h, w = latent.shape
        kept = []
        x, last = self.conv_in(latent / self.scale[None, :, None, None, None], cache[0])
        kept.append(last)
        for i, block in enumerate(self.up_blocks):
            x, first, second = block(x, cache[1 + 2 * i], cache[2 + 2 * i])
            kept += [first, second]
        x = F.silu(self.norm_out(x)).permute(0, 2, 3, 4, 1)
        pixels = self.shortcut(latent.permute(0, 2, 3, 4, 1)) + self.conv_out(x)
        # [B,T,h,w, 4·8·8·3] → frames; no step needs more than five dimensions.
        pixels = pixels.reshape(b * t * h, w, 4, 8, 24).permute(0, 2, 3, 1, 4).reshape(b * t * h, 4, 8 * w * 8, 3)
        pixels = pixels.reshape(b * t, h, 4, 8, w * 8 * 3).permute(0, 2, 1, 3, 4).reshape(b * t * 4, h * 8, w * 8, 3)
        return pixels.permute(0, 3, 1, 2).reshape(b, t * 4, 3, h * 8, w * 8), kept

    def first(self, latent):
        """latent [1,C,1,h,w] → (picture [1,3,1,8h,8w] clamped, cache): three of the four frames lie before the clip."""
        frames, cache = self.decode(latent, self.empty_cache(latent))
        return frames[:, 3:].permute(0, 2, 1, 3, 4).clamp(-1, 1), cache

    def following(self, latent, cache):
        """latent [1,C,1,h,w], cache → (pictures [1,3,4,8h,8w] clamped, cache)"""
        frames, cache = self.decode(latent, cache)
        return frames.permute(0, 2, 1, 3, 4).clamp(-1, 1), cache
