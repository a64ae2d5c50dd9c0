"""The decoder of Wan2.1's VAE (AutoencoderKLWan; Wan2.2-T2V-A14B uses the same), one latent frame at a time.

Every causal convolution keeps its two former inputs; these are the cache. Zeros stand for what was before the clip, which is
also how the temporal upsamplers begin: the first latent frame passes them untouched and leaves no trace in their cache.
"""
import torch
from torch import nn
from torch.nn import functional as F

DEFAULTS = dict(base_dim=96, z_dim=16, dim_mult=(1, 2, 4, 4), num_res_blocks=2, temperal_downsample=(False, True, True))


class ChannelNorm(nn.Module):
    """RMS norm over channels; gamma [C,1,1,1] for clips, [C,1,1] for pictures."""

    def __init__(self, channels, ones):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels, *ones))

    def forward(self, x):
        length = torch.sqrt((x * x).sum(dim=1, keepdim=True)).clamp(min=1e-12)
        return x / length * x.shape[1] ** .5 * self.gamma


class CausalConv3d(nn.Conv3d):
    """Time is padded with the cache [B,C,2,h,w] in front; a kernel of one frame needs none."""

    def __init__(self, inner, outer, kernel):
        super().__init__(inner, outer, kernel, padding=(0, kernel[1] // 2, kernel[2] // 2))

    def remember(self, x, cache):
        """([B,C',T,h,w], the cache for the next call)"""
        x = torch.cat([cache, x], dim=2)
        return self(x), x[:, :, -2:]


class Resnet(nn.Module):
    def __init__(self, inner, outer):
        super().__init__()
        self.norm1, self.conv1 = ChannelNorm(inner, (1, 1, 1)), CausalConv3d(inner, outer, (3, 3, 3))
        self.norm2, self.conv2 = ChannelNorm(outer, (1, 1, 1)), CausalConv3d(outer, outer, (3, 3, 3))
        self.conv_shortcut = CausalConv3d(inner, outer, (1, 1, 1)) if inner != outer else None

    def forward(self, x, memory):
        h = memory.through(self.conv1, F.silu(self.norm1(x)))
        h = memory.through(self.conv2, F.silu(self.norm2(h)))
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


class FrameAttention(nn.Module):
    """Self-attention within each frame, one head."""

    def __init__(self, channels):
        super().__init__()
        self.norm = ChannelNorm(channels, (1, 1))
        self.to_qkv, self.proj = nn.Conv2d(channels, 3 * channels, 1), nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        b, c, t, h, w = x.shape
        frames = x.permute(0, 2, 1, 3, 4).reshape(b * t, c, h, w)
        q, k, v = self.to_qkv(self.norm(frames)).reshape(b * t, 3 * c, h * w).permute(0, 2, 1).chunk(3, dim=2)
        weights = torch.softmax(torch.matmul(q, k.transpose(1, 2)) * c ** -.5, dim=-1)
        out = torch.matmul(weights, v).permute(0, 2, 1).reshape(b * t, c, h, w)
        return x + self.proj(out).reshape(b, t, c, h, w).permute(0, 2, 1, 3, 4)


class MidBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(channels, channels), Resnet(channels, channels)])
        self.attentions = nn.ModuleList([FrameAttention(channels)])

    def forward(self, x, memory):
        return self.resnets[1](self.attentions[0](self.resnets[0](x, memory)), memory)


class Upsample(nn.Module):
    """Twice as wide and high; twice as many frames where `temporal`."""

    def __init__(self, channels, temporal):
        super().__init__()
        self.resample = nn.ModuleList([nn.Identity(), nn.Conv2d(channels, channels // 2, 3, padding=1)])
        self.time_conv = CausalConv3d(channels, 2 * channels, (3, 1, 1)) if temporal else None

    def forward(self, x, memory):
        b, c, t, h, w = x.shape
        if self.time_conv is not None:
            if memory.is_first:
                memory.keep(torch.zeros_like(x[:, :, :1]).expand(b, c, 2, h, w))
            else:
                # The two halves of the channels are two neighbouring frames.
                both = memory.through(self.time_conv, x).reshape(b * 2, c, t, h * w)
                x = torch.stack([both[0::2], both[1::2]], dim=3).reshape(b, c, 2 * t, h, w)
                t = 2 * t
        frames = F.interpolate(x.permute(0, 2, 1, 3, 4).reshape(b * t, c, h, w), scale_factor=2.0, mode='nearest')
        return self.resample[1](frames).reshape(b, t, c // 2, 2 * h, 2 * w).permute(0, 2, 1, 3, 4)


class UpBlock(nn.Module):
    def __init__(self, inner, outer, resnets, upsample):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(inner if i == 0 else outer, outer) for i in range(resnets)])
        self.upsamplers = None if upsample is None else nn.ModuleList([Upsample(outer, upsample == 'time and space')])

    def forward(self, x, memory):
        for resnet in self.resnets:
            x = resnet(x, memory)
        return x if self.upsamplers is None else self.upsamplers[0](x, memory)


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        mult, temporal = list(c['dim_mult']), list(c['temperal_downsample'])[::-1]
        dims = [c['base_dim'] * m for m in [mult[-1], *mult[::-1]]]
        self.conv_in, self.mid_block = CausalConv3d(c['z_dim'], dims[0], (3, 3, 3)), MidBlock(dims[0])
        blocks = []
        for i, (inner, outer) in enumerate(zip(dims[:-1], dims[1:])):
            last = i == len(mult) - 1
            upsample = None if last else 'time and space' if temporal[i] else 'space'
            blocks.append(UpBlock(inner // 2 if i > 0 else inner, outer, c['num_res_blocks'] + 1, upsample))
        self.up_blocks = nn.ModuleList(blocks)
        self.norm_out, self.conv_out = ChannelNorm(dims[-1], (1, 1, 1)), CausalConv3d(dims[-1], 3, (3, 3, 3))

    def forward(self, x, memory):
        x = self.mid_block(memory.through(self.conv_in, x), memory)
        for block in self.up_blocks:
            x = block(x, memory)
        return memory.through(self.conv_out, F.silu(self.norm_out(x)))


class Memory:
    """The caches of one pass, in the order in which the convolutions run; without any, the clip begins."""

    def __init__(self, caches=None):
        self.is_first, self.before, self.after = caches is None, iter(caches or ()), []

    def keep(self, cache):
        self.after.append(cache)

    def through(self, conv, x):
        zeros = lambda: torch.zeros_like(x[:, :, :1]).expand(x.shape[0], x.shape[1], 2, x.shape[3], x.shape[4])
        out, cache = conv.remember(x, zeros() if self.is_first else next(self.before))
        self.keep(cache)
        return out


class WanVaeDecoder(nn.Module):
    """latent [1,C,1,h,w] (denormalised) → pictures [1,3,1 or 4,8h,8w] in −1..1, caches."""

    def __init__(self, **config):
        super().__init__()
        self.config = c = {**DEFAULTS, **config}
        self.channels = c['z_dim']
        self.post_quant_conv, self.decoder = CausalConv3d(c['z_dim'], c['z_dim'], (1, 1, 1)), Decoder(c)

    def first(self, latent):
        memory = Memory()
        return self.decoder(self.post_quant_conv(latent), memory).clamp(-1, 1), memory.after

    def following(self, latent, caches):
        memory = Memory(caches)
        return self.decoder(self.post_quant_conv(latent), memory).clamp(-1, 1), memory.after
