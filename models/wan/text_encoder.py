"""umT5's encoder at any size: RMS norms before each part, gated GELU, one relative position bias per layer."""
import math

import torch
from torch import nn

DEFAULTS = dict(vocab_size=512, d_model=192, num_layers=3, num_heads=4, d_kv=48, d_ff=384,
                relative_attention_num_buckets=32, relative_attention_max_distance=128)


class T5Norm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)


def buckets(length, count, max_distance, device=None):
    """T5's bidirectional buckets of relative position, [L,L]."""
    position = torch.arange(length, device=device)
    relative = position[None, :] - position[:, None]
    half = count // 2
    base = (relative > 0).long() * half
    n = relative.abs()
    exact = half // 2
    large = exact + (torch.log(n.float().clamp(min=1) / exact) / math.log(max_distance / exact) * (half - exact)).long()
    return base + torch.where(n < exact, n, large.clamp(max=half - 1))


class SelfAttention(nn.Module):
    def __init__(self, c):
        super().__init__()
        inner = c['num_heads'] * c['d_kv']
        self.heads = c['num_heads']
        self.q, self.k = nn.Linear(c['d_model'], inner, bias=False), nn.Linear(c['d_model'], inner, bias=False)
        self.v, self.o = nn.Linear(c['d_model'], inner, bias=False), nn.Linear(inner, c['d_model'], bias=False)
        self.relative_attention_bias = nn.Embedding(c['relative_attention_num_buckets'], c['num_heads'])

    def forward(self, x, table, mask_bias):
        split = lambda y: y.reshape(y.shape[0], y.shape[1], self.heads, -1).transpose(1, 2)
        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        # T5 leaves the usual 1/sqrt(d) to the initialisation of q.
        scores = torch.matmul(q, k.transpose(-1, -2)) + self.relative_attention_bias(table).permute(2, 0, 1)[None] + mask_bias
        out = torch.matmul(torch.softmax(scores, dim=-1), v).transpose(1, 2).reshape(x.shape[0], x.shape[1], -1)
        return self.o(out)


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm_attention, self.attention = T5Norm(c['d_model']), SelfAttention(c)
        self.norm_ff = T5Norm(c['d_model'])
        self.wi_0 = nn.Linear(c['d_model'], c['d_ff'], bias=False)
        self.wi_1 = nn.Linear(c['d_model'], c['d_ff'], bias=False)
        self.wo = nn.Linear(c['d_ff'], c['d_model'], bias=False)

    def forward(self, x, table, mask_bias):
        x = x + self.attention(self.norm_attention(x), table, mask_bias)
        h = self.norm_ff(x)
        g = self.wi_0(h)
        gate = 0.5 * g * (1 + torch.tanh(0.7978845608 * (g + 0.044715 * g * g * g)))
        return x + self.wo(gate * self.wi_1(h))


class TextEncoder(nn.Module):
    """forward(input_ids [B,L], attention_mask [B,L]) → last_hidden_state [B,L,D] (padding zeroed), pooled [B,D]."""

    def __init__(self, **config):
        super().__init__()
        self.config = c = {**DEFAULTS, **config}
        self.shared = nn.Embedding(c['vocab_size'], c['d_model'])
        self.block = nn.ModuleList([Layer(c) for _ in range(c['num_layers'])])
        self.final_layer_norm = T5Norm(c['d_model'])
        for layer in self.block:
            nn.init.normal_(layer.attention.q.weight, std=(c['d_model'] * c['d_kv']) ** -0.5)

    def forward(self, input_ids, attention_mask):
        mask = attention_mask.float()
        c = self.config
        table = buckets(input_ids.shape[1], c['relative_attention_num_buckets'], c['relative_attention_max_distance'], input_ids.device)
        x = self.shared(input_ids)
        for layer in self.block:
            x = layer(x, table, (mask[:, None, None, :] - 1.0) * 1e4)
        x = self.final_layer_norm(x) * mask[:, :, None]
        return x, x.sum(dim=1) / mask.sum(dim=1, keepdim=True).clamp(min=1.0)
