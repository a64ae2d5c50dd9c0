"""RAFT (Teed and Deng, 2020) at a light size: features at an eighth, all-pairs correlation, a recurrent update, convex upsampling."""
import torch
from torch import nn
from torch.nn import functional as F

DEFAULTS = dict(features=64, hidden=48, context=48, levels=3, radius=3, iterations=6)


class Residual(nn.Module):
    def __init__(self, inner, outer, stride):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(inner, outer, 3, stride, 1), nn.Conv2d(outer, outer, 3, 1, 1)
        self.norm1, self.norm2 = nn.GroupNorm(8, outer), nn.GroupNorm(8, outer)
        self.shortcut = nn.Conv2d(inner, outer, 1, stride) if stride > 1 or inner != outer else nn.Identity()

    def forward(self, x):
        h = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.shortcut(x) + self.norm2(self.conv2(h)))


def encoder(outer):
    """[B,3,H,W] → [B,outer,H/8,W/8]"""
    return nn.Sequential(nn.Conv2d(3, 32, 7, 2, 3), nn.GroupNorm(8, 32), nn.ReLU(), Residual(32, 32, 1), Residual(32, 48, 2),
                         Residual(48, 64, 2), Residual(64, 64, 1), nn.Conv2d(64, outer, 1))


class Gru(nn.Module):
    def __init__(self, hidden, inner):
        super().__init__()
        self.gates, self.candidate = nn.Conv2d(hidden + inner, 2 * hidden, 3, 1, 1), nn.Conv2d(hidden + inner, hidden, 3, 1, 1)

    def forward(self, h, x):
        z, r = torch.sigmoid(self.gates(torch.cat([h, x], 1))).chunk(2, 1)
        return (1 - z) * h + z * torch.tanh(self.candidate(torch.cat([r * h, x], 1)))


def grid(rows, columns, like):
    """[1,2,rows,columns]: x, y of every cell."""
    y = torch.arange(rows, device=like.device, dtype=like.dtype)[:, None] + torch.zeros_like(like[0, 0])
    x = torch.arange(columns, device=like.device, dtype=like.dtype)[None, :] + torch.zeros_like(like[0, 0])
    return torch.stack([x, y])[None]


class Raft(nn.Module):
    """image1, image2 [B,3,H,W] in 0..1, H and W multiples of 8 → flow [B,2,H,W] in pixels from the first to the second (x right, y down).

    In training, the flows after every iteration. Past ±(radius · 8 · 2^(levels−1)) pixels the lookup sees nothing at once."""

    def __init__(self, **config):
        super().__init__()
        self.config = c = {**DEFAULTS, **config}
        self.fnet, self.cnet = encoder(c['features']), encoder(c['hidden'] + c['context'])
        self.correlation = nn.Conv2d(c['levels'] * (2 * c['radius'] + 1) ** 2, 64, 1)
        self.flow = nn.Conv2d(2, 16, 5, 1, 2)
        self.motion = nn.Conv2d(64 + 16, 62, 3, 1, 1)
        self.gru = Gru(c['hidden'], 64 + c['context'])
        self.delta = nn.Sequential(nn.Conv2d(c['hidden'], 64, 3, 1, 1), nn.ReLU(), nn.Conv2d(64, 2, 3, 1, 1))
        self.mask = nn.Sequential(nn.Conv2d(c['hidden'], 64, 3, 1, 1), nn.ReLU(), nn.Conv2d(64, 64 * 9, 1))

    def forward(self, image1, image2):
        c = self.config
        image1, image2 = image1 * 2 - 1, image2 * 2 - 1
        f1, f2 = self.fnet(image1), self.fnet(image2)
        hidden, context = self.cnet(image1).split([c['hidden'], c['context']], 1)
        hidden, context = torch.tanh(hidden), F.relu(context)
        b, d, rows, columns = f1.shape
        pyramid = self.correlate(f1, f2)
        start = grid(rows, columns, f1)
        flow, flows = torch.zeros_like(f1[:, :2]), []
        for i in range(c['iterations']):
            flow = flow.detach() if self.training else flow
            near = F.relu(self.correlation(self.look_up(pyramid, start + flow)))
            motion = F.relu(self.motion(torch.cat([near, F.relu(self.flow(flow))], 1)))
            hidden = self.gru(hidden, torch.cat([motion, flow, context], 1))
            flow = flow + self.delta(hidden)
            if self.training or i == c['iterations'] - 1:
                flows.append(self.upsample(flow, hidden))
        return flows if self.training else flows[-1]

    def correlate(self, f1, f2):
        """Per level [B·N,1,h,w]: how alike each of the N cells is to every cell of the second image, ever coarser."""
        b, d, rows, columns = f1.shape
        volume = torch.matmul(f1.reshape(b, d, rows * columns).transpose(1, 2), f2.reshape(b, d, rows * columns)) * d ** -.5
        levels = [volume.reshape(b * rows * columns, 1, rows, columns)]
        for _ in range(self.config['levels'] - 1):
            levels.append(F.avg_pool2d(levels[-1], 2, 2, ceil_mode=True, count_include_pad=False))
        return levels

    def look_up(self, pyramid, at):
        """at [B,2,h,w] in cells → [B, levels·(2r+1)², h, w]"""
        r = self.config['radius']
        b, _, rows, columns = at.shape
        step = torch.arange(-r, r + 1, dtype=at.dtype, device=at.device)
        dx, dy = step[None, :].expand(2 * r + 1, 2 * r + 1), step[:, None].expand(2 * r + 1, 2 * r + 1)
        around = torch.stack([dx, dy], -1)[None]
        centre = at.permute(0, 2, 3, 1).reshape(b * rows * columns, 1, 1, 2)
        out = []
        for i, level in enumerate(pyramid):
            h, w = level.shape[-2:]
            # Cell k of level i covers cells k·2^i to (k+1)·2^i − 1 of the finest.
            point = (centre + .5) / 2 ** i + around
            size = torch.stack([torch.zeros_like(point[0, 0, 0, 0]) + w, torch.zeros_like(point[0, 0, 0, 0]) + h])
            seen = F.grid_sample(level, point * 2 / size - 1, mode='bilinear', padding_mode='zeros', align_corners=False)
            out.append(seen.reshape(b, rows, columns, (2 * r + 1) ** 2))
        return torch.cat(out, -1).permute(0, 3, 1, 2)

    def upsample(self, flow, hidden):
        """Each fine flow is a convex combination of the nine coarse ones around it."""
        b, _, rows, columns = flow.shape
        weights = torch.softmax(self.mask(hidden).reshape(b, 9, 64, rows, columns) * .25, 1)
        padded = F.pad(flow * 8, (1, 1, 1, 1))
        parts = []
        for axis in (0, 1):
            around = torch.stack([padded[:, axis, y:y + rows, x:x + columns] for y in range(3) for x in range(3)], 1)
            parts.append(F.pixel_shuffle((weights * around[:, :, None]).sum(1), 8))
        return torch.cat(parts, 1)
