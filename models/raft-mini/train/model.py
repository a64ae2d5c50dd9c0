"""RAFT (Teed and Deng, 2020) at a light size: features at an eighth, all-pairs correlation, a recurrent update, convex upsampling.

On pictures of 160 × 96 the products are cheap and the number of nodes is what costs: both pictures go through one trunk, which the context
shares, batch norms are folded away at export, and whatever does not change between iterations is computed before them. The iterations start from
the best match over the whole picture instead of from zero (as GMFlow's; Xu et al., 2022): features then learn to match from the first batch on."""
import torch
from torch import nn
from torch.nn import functional as F

DEFAULTS = dict(features=64, hidden=64, context=64, levels=2, radius=3, iterations=4)


class Unit(nn.Sequential):
    """Convolution and batch norm; `fold` makes one convolution of the two."""

    def __init__(self, inner, outer, kernel, stride=1):
        super().__init__(nn.Conv2d(inner, outer, kernel, stride, kernel // 2), nn.BatchNorm2d(outer))


class Residual(nn.Module):
    def __init__(self, inner, outer, stride=1):
        super().__init__()
        self.unit1, self.unit2 = Unit(inner, outer, 3, stride), Unit(outer, outer, 3)
        self.shortcut = nn.Conv2d(inner, outer, 1, stride) if stride > 1 or inner != outer else nn.Identity()

    def forward(self, x):
        return F.relu(self.shortcut(x) + self.unit2(F.relu(self.unit1(x))))


class Gru(nn.Module):
    def __init__(self, hidden, inner):
        super().__init__()
        self.gates, self.candidate = nn.Conv2d(hidden + inner, 2 * hidden, 3, 1, 1), nn.Conv2d(hidden + inner, hidden, 3, 1, 1)

    def forward(self, h, x):
        z, r = torch.sigmoid(self.gates(torch.cat([h, x], 1))).chunk(2, 1)
        return h + z * (torch.tanh(self.candidate(torch.cat([r * h, x], 1))) - h)


def grid(rows, columns, like):
    """[1,2,rows,columns]: x, y of every cell."""
    y = torch.arange(rows, device=like.device, dtype=torch.float32)[:, None] + torch.zeros_like(like[0, 0]).float()
    x = torch.arange(columns, device=like.device, dtype=torch.float32)[None, :] + torch.zeros_like(like[0, 0]).float()
    return torch.stack([x, y])[None]


class Raft(nn.Module):
    """image1, image2 [B,3,H,W] in 0..1, H and W multiples of 8 → flow [B,2,H,W] in pixels from the first to the second (x right, y down).

    In training also what led there: the flows before every iteration but the first, and the match, [B,2,H/8,W/8] in cells."""

    def __init__(self, **config):
        super().__init__()
        self.config = c = {**DEFAULTS, **config}
        self.trunk = nn.Sequential(Unit(3, 32, 5, 2), nn.ReLU(), Unit(32, 48, 3, 2), nn.ReLU(), Residual(48, 48), Residual(48, 96, 2), Residual(96, 96))
        self.features, self.sharpness = nn.Conv2d(96, c['features'], 1), nn.Parameter(torch.ones(1))
        self.nearness = nn.Parameter(torch.full((1,), .1))
        self.context = nn.Sequential(Residual(96, 96), nn.Conv2d(96, c['hidden'] + c['context'], 1))
        self.correlation = nn.Conv2d(c['levels'] * (2 * c['radius'] + 1) ** 2, 64, 1)
        self.flow = nn.Conv2d(2, 16, 5, 1, 2)
        self.motion = nn.Conv2d(64 + 16, 62, 3, 1, 1)
        self.gru = Gru(c['hidden'], 64 + c['context'])
        self.delta = nn.Sequential(nn.Conv2d(c['hidden'], 64, 3, 1, 1), nn.ReLU(), nn.Conv2d(64, 2, 3, 1, 1))
        self.mask = nn.Sequential(nn.Conv2d(c['hidden'], 64, 3, 1, 1), nn.ReLU(), nn.Conv2d(64, 64 * 9, 1))

    def forward(self, image1, image2):
        c = self.config
        seen = self.trunk(torch.cat([image1, image2]) * 2 - 1)
        b = seen.shape[0] // 2
        f1, f2 = self.features(seen).chunk(2)
        hidden, context = self.context(seen[:b]).split([c['hidden'], c['context']], 1)
        hidden, context = torch.tanh(hidden), F.relu(context)
        rows, columns = f1.shape[2:]
        pyramid, start = self.correlate(f1, f2), grid(rows, columns, f1)
        levels, flow = self.levels(pyramid), self.match(pyramid[0], start)
        flows = []
        for _ in range(c['iterations']):
            flows.append(flow)
            flow = flow.detach() if self.training else flow
            near = F.relu(self.correlation(self.look_up(levels, start + flow)))
            motion = F.relu(self.motion(torch.cat([near, F.relu(self.flow(flow))], 1)))
            hidden = self.gru(hidden, torch.cat([motion, flow.to(motion.dtype), context], 1))
            flow = flow + self.delta(hidden).float()
        fine = self.upsample(flow, hidden)
        return (fine, [*flows, flow]) if self.training else fine

    def match(self, volume, start):
        """Per cell the mean place of the second picture's cells, each as likely as it is alike and near; minus where the cell is: [B,2,h,w]."""
        _, _, rows, columns = volume.shape
        places = start.reshape(2, rows * columns).transpose(0, 1)
        square = (places * places).sum(1)
        away = square[:, None] + square[None] - 2 * torch.matmul(places, places.transpose(0, 1))
        likely = torch.softmax(volume.reshape(-1, rows * columns, rows * columns) * self.sharpness - away * self.nearness, -1)
        return torch.matmul(likely, places).transpose(1, 2).reshape(-1, 2, rows, columns) - start

    def correlate(self, f1, f2):
        """Per level [B·N,1,h,w]: how alike each of the N cells is to every cell of the second image, ever coarser."""
        b, d, rows, columns = f1.shape
        volume = torch.matmul(f1.reshape(b, d, rows * columns).transpose(1, 2), f2.reshape(b, d, rows * columns)).float() * d ** -.5
        pyramid = [volume.reshape(b * rows * columns, 1, rows, columns)]
        for _ in range(self.config['levels'] - 1):
            pyramid.append(F.avg_pool2d(pyramid[-1], 2, 2, ceil_mode=True, count_include_pad=False))
        return pyramid

    def levels(self, pyramid):
        """Per level: the volume, what a cell's place is multiplied with, and the places around it [1,2r+1,2r+1,2], both in grid_sample's units."""
        r = self.config['radius']
        step = torch.arange(-r, r + 1, dtype=torch.float32, device=pyramid[0].device)
        around = torch.stack([step[None, :].expand(2 * r + 1, 2 * r + 1), step[:, None].expand(2 * r + 1, 2 * r + 1)], -1)[None]
        out = []
        for i, level in enumerate(pyramid):
            zero = torch.zeros_like(level[0, 0, 0, 0])
            scale = 2 / torch.stack([zero + level.shape[-1], zero + level.shape[-2]])
            # Cell k of level i covers cells k·2^i to (k+1)·2^i − 1 of the finest.
            out.append((level, scale / 2 ** i, around * scale - 1))
        return out

    def look_up(self, levels, at):
        """at [B,2,h,w] in cells → [B, levels·(2r+1)², h, w]"""
        b, _, rows, columns = at.shape
        centre = at.permute(0, 2, 3, 1).reshape(b * rows * columns, 1, 1, 2) + .5
        out = [F.grid_sample(level, centre * scale + around, mode='bilinear', padding_mode='zeros', align_corners=False).reshape(b, rows, columns, -1)
               for level, scale, around in levels]
        return torch.cat(out, -1).permute(0, 3, 1, 2)

    def upsample(self, flow, hidden):
        """Each fine flow is a convex combination of the nine coarse ones around it."""
        b, _, rows, columns = flow.shape
        # A softmax written out: over a dimension that is not the last one, the runtime's own copies everything twice.
        weights = torch.exp((self.mask(hidden).float() * .25).clamp(-20, 20)).reshape(b, 9, 64, rows, columns)
        total = weights.sum(1)
        padded = F.pad(flow * 8, (1, 1, 1, 1))
        parts = []
        for axis in (0, 1):
            around = torch.stack([padded[:, axis, y:y + rows, x:x + columns] for y in range(3) for x in range(3)], 1)
            parts.append(F.pixel_shuffle((weights * around[:, :, None]).sum(1) / total, 8))
        return torch.cat(parts, 1)


def fold(model):
    """Batch norms become part of their convolutions; the model is for inference from then on."""
    for unit in [module for module in model.modules() if isinstance(module, Unit)]:
        conv, norm = unit
        scale = norm.weight.data / torch.sqrt(norm.running_var + norm.eps)
        conv.weight.data *= scale[:, None, None, None]
        conv.bias.data = (conv.bias.data - norm.running_mean) * scale + norm.bias.data
        unit[1] = nn.Identity()
    return model.eval()
