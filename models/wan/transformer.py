"""WanTransformer3DModel in plain PyTorch: parameter names as in Diffusers, written so that it exports to ONNX.

The patch embedding is a Conv3d whose kernel equals its stride; it is applied as reshape and product, so the graph
has no Conv3d and no tensor of more than five dimensions.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

DEFAULTS = dict(
    num_attention_heads=4, attention_head_dim=48, in_channels=16, out_channels=16, text_dim=192, freq_dim=256,
    ffn_dim=768, num_layers=8, patch_size=(1, 2, 2), eps=1e-6, mask_padding=True,
)


def rope_split(head_dim):
    """Channels per axis (time, height, width), as Wan splits 128 into 44, 42, 42."""
    side = 2 * (head_dim // 6)
    return head_dim - 2 * side, side, side


class RmsNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):
        return (x.float() * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self.eps)).to(x.dtype) * self.weight


class Attention(nn.Module):
    def __init__(self, dim, heads, eps):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.to_out = nn.ModuleList([nn.Linear(dim, dim)])
        self.norm_q, self.norm_k = RmsNorm(dim, eps), RmsNorm(dim, eps)

    def split(self, x):
        return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, context, rope=None, bias=None, report=False):
        """x [B,N,D], context [B,M,D] → ([B,N,D], attention [B,H,N,M] where a report is asked for, else None)."""
        q, k, v = self.norm_q(self.to_q(x)), self.norm_k(self.to_k(context)), self.to_v(context)
        q, k, v = self.split(q), self.split(k), self.split(v)
        on_cores = x.device.type == 'cpu'
        if rope is not None:
            turn = rotate_by_product if self.training and on_cores else rotate
            q, k = turn(q, *rope), turn(k, *rope)
        # On cores the way back through the fused kernel costs more than these products do.
        if self.training and not report and not on_cores and hasattr(F, 'scaled_dot_product_attention'):
            mask = None if bias is None else bias.to(q.dtype)
            out, weights = F.scaled_dot_product_attention(q, k.to(q.dtype), v.to(q.dtype), attn_mask=mask), None
        else:
            scores = torch.matmul(q, k.transpose(-1, -2)) * (1.0 / math.sqrt(q.shape[-1]))
            if bias is not None:
                scores = scores + bias
            weights = torch.softmax(scores.float(), dim=-1)
            out = torch.matmul(weights.to(v.dtype), v)
        return self.to_out[0](out.transpose(1, 2).reshape(x.shape[0], x.shape[1], -1)), weights if report else None


def rotate(x, cos, sin):
    """Rotary embedding on interleaved pairs; stacked instead of written in place, which would export as ScatterND."""
    pairs = x.reshape(x.shape[0], x.shape[1], x.shape[2], -1, 2)
    a, b = pairs[..., 0], pairs[..., 1]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], dim=-1).reshape(x.shape).to(x.dtype)


def rotate_by_product(x, cos, sin):
    """What `rotate` does. A product swaps the halves of each pair; what is left runs over whole vectors, which is faster to train on cores."""
    swap = torch.kron(torch.eye(x.shape[-1] // 2, device=x.device), torch.tensor([[0., 1.], [-1., 0.]], device=x.device)).to(x.dtype)
    return (x * cos.repeat_interleave(2, -1) + torch.matmul(x, swap) * sin.repeat_interleave(2, -1)).to(x.dtype)


class Gelu(nn.Module):
    def __init__(self, dim, inner):
        super().__init__()
        self.proj = nn.Linear(dim, inner)

    def forward(self, x):
        x = self.proj(x)
        return 0.5 * x * (1 + torch.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


class FeedForward(nn.Module):
    def __init__(self, dim, inner):
        super().__init__()
        self.net = nn.ModuleList([Gelu(dim, inner), nn.Identity(), nn.Linear(inner, dim)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class Block(nn.Module):
    def __init__(self, dim, heads, ffn_dim, eps):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=eps, elementwise_affine=False)
        self.attn1 = Attention(dim, heads, eps)
        self.norm2 = nn.LayerNorm(dim, eps=eps)
        self.attn2 = Attention(dim, heads, eps)
        self.norm3 = nn.LayerNorm(dim, eps=eps, elementwise_affine=False)
        self.ffn = FeedForward(dim, ffn_dim)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 6, dim) / dim**0.5)

    def forward(self, x, text, modulation, rope, text_bias):
        shift1, scale1, gate1, shift2, scale2, gate2 = (self.scale_shift_table + modulation).chunk(6, dim=1)
        h = self.norm1(x) * (1 + scale1) + shift1
        x = x + gate1 * self.attn1(h, h, rope=rope)[0]
        out, weights = self.attn2(self.norm2(x), text, bias=text_bias, report=not self.training)
        x = x + out
        h = self.norm3(x) * (1 + scale2) + shift2
        return x + gate2 * self.ffn(h), weights


class TimestepEmbedder(nn.Module):
    def __init__(self, freq_dim, dim):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(freq_dim, dim), nn.Linear(dim, dim)

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x)))


class TextProjection(nn.Module):
    def __init__(self, text_dim, dim):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(text_dim, dim), nn.Linear(dim, dim)

    def forward(self, x):
        h = self.linear_1(x)
        return self.linear_2(0.5 * h * (1 + torch.tanh(0.7978845608 * (h + 0.044715 * h * h * h))))


class ConditionEmbedder(nn.Module):
    def __init__(self, freq_dim, text_dim, dim):
        super().__init__()
        self.freq_dim = freq_dim
        self.time_embedder = TimestepEmbedder(freq_dim, dim)
        self.time_proj = nn.Linear(dim, 6 * dim)
        self.text_embedder = TextProjection(text_dim, dim)

    def forward(self, timestep, text):
        half = self.freq_dim // 2
        frequency = torch.exp(torch.arange(half, device=timestep.device) * (-math.log(10000.0) / half))
        angle = timestep[:, None].float() * frequency[None]
        temb = self.time_embedder(torch.cat([torch.cos(angle), torch.sin(angle)], dim=1))
        return temb, self.time_proj(F.silu(temb)), self.text_embedder(text)


class WanTransformer(nn.Module):
    """forward(hidden_states [B,C,T,h,w], timestep [B] in 0..1000, encoder_hidden_states [B,L,D], token_mask [B,L])
    → velocity [B,C,T,h,w] (noise − data), attention_max [B,L], attention_mean [B,L], attention_map [B,L,T,rows,columns]; in training the
    last three are None, so that attention may run fused. A cell of the map is the mean over `map_stride` × `map_stride` patches."""

    def __init__(self, map_stride=1, **config):
        super().__init__()
        self.map_stride = map_stride
        self.config = c = {**DEFAULTS, **config}
        dim = c['num_attention_heads'] * c['attention_head_dim']
        self.patch = tuple(c['patch_size'])
        self.patch_embedding = nn.Conv3d(c['in_channels'], dim, self.patch, self.patch)
        self.condition_embedder = ConditionEmbedder(c['freq_dim'], c['text_dim'], dim)
        self.blocks = nn.ModuleList(
            [Block(dim, c['num_attention_heads'], c['ffn_dim'], c['eps']) for _ in range(c['num_layers'])])
        self.norm_out = nn.LayerNorm(dim, eps=c['eps'], elementwise_affine=False)
        self.proj_out = nn.Linear(dim, c['out_channels'] * math.prod(self.patch))
        self.scale_shift_table = nn.Parameter(torch.randn(1, 2, dim) / dim**0.5)

    def rope(self, frames, rows, columns, device):
        """cos and sin [1,1,N,head_dim/2] for a grid of patches."""
        axes = []
        for size, dim in zip((frames, rows, columns), rope_split(self.config['attention_head_dim'])):
            frequency = 1.0 / 10000 ** (torch.arange(0, dim, 2, device=device).float() / dim)
            axes.append(torch.arange(size, device=device).float()[:, None] * frequency[None])
        t, y, x = axes
        angle = torch.cat([
            t[:, None, None].expand(frames, rows, columns, t.shape[-1]),
            y[None, :, None].expand(frames, rows, columns, y.shape[-1]),
            x[None, None, :].expand(frames, rows, columns, x.shape[-1])], dim=-1)
        angle = angle.reshape(1, 1, frames * rows * columns, -1)
        return torch.cos(angle), torch.sin(angle)

    def forward(self, hidden_states, timestep, encoder_hidden_states, token_mask):
        b, c, t, h, w = hidden_states.shape
        _, ph, pw = self.patch
        rows, columns = h // ph, w // pw
        # The patch (1,2,2) as reshape and product: [B*C*T, rows, ph, columns, pw] keeps within five dimensions.
        x = hidden_states.reshape(b * c * t, rows, ph, columns, pw).permute(0, 1, 3, 2, 4)
        x = x.reshape(b, c, t * rows * columns, ph * pw).permute(0, 2, 1, 3).reshape(b, t * rows * columns, c * ph * pw)
        x = F.linear(x, self.patch_embedding.weight.reshape(-1, c * ph * pw), self.patch_embedding.bias)

        temb, modulation, text = self.condition_embedder(timestep, encoder_hidden_states)
        modulation = modulation.reshape(b, 6, -1)
        text_bias = (token_mask[:, None, None, :] - 1.0) * 1e4 if self.config['mask_padding'] else None
        rope = self.rope(t, rows, columns, hidden_states.device)
        total = 0.0
        for block in self.blocks:
            x, weights = block(x, text, modulation, rope, text_bias)
            if weights is not None:
                total = total + weights.mean(dim=1)
        shift, scale = (self.scale_shift_table + temb[:, None]).chunk(2, dim=1)
        x = self.proj_out(self.norm_out(x) * (1 + scale) + shift)

        c_out = self.config['out_channels']
        x = x.reshape(b, t * rows * columns, ph * pw, c_out).permute(0, 3, 1, 2)
        x = x.reshape(b * c_out * t, rows, columns, ph, pw).permute(0, 1, 3, 2, 4)
        if self.training:
            return x.reshape(b, c_out, t, h, w), None, None, None
        attention = total / len(self.blocks)
        return (x.reshape(b, c_out, t, h, w), attention.amax(dim=1) * token_mask, attention.mean(dim=1) * token_mask,
                self.over_patches(attention, t, rows, columns) * token_mask[:, :, None, None, None])

    def over_patches(self, attention, frames, rows, columns):
        """[B, frames·rows·columns, L] → [B, L, frames, rows', columns']"""
        b, _, tokens = attention.shape
        grid = attention.permute(0, 2, 1).reshape(b * tokens, frames, rows, columns)
        if self.map_stride > 1:
            # The last cells may be cut off by the edge: their mean is over what is there.
            grid = F.avg_pool2d(grid, self.map_stride, self.map_stride, ceil_mode=True, count_include_pad=False)
        return grid.reshape(b, tokens, frames, grid.shape[2], grid.shape[3])
