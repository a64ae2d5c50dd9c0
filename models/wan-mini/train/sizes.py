"""What is trained at which size: two cores, one graphics card, and one that only shows that everything runs."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Size:
    width: int
    height: int
    frames: int
    scale: float
    """Pixels for each pixel of the composer's physics."""
    expert: dict = field(default_factory=dict)
    """What differs from the defaults of models/wan/transformer.py."""
    batch: int = 16
    clips: int = 6000
    """How many composed clips are kept at once; fresh ones replace them all the time."""
    pictures: int = 20000
    """The same for pictures, which are clips' first frames."""

    @property
    def latent(self):
        """Frames, rows and columns of a clip's latent."""
        return (self.frames + 3) // 4, self.height // 8, self.width // 8


SIZES = {
    'cpu': Size(160, 96, 17, 1.),
    'gpu': Size(256, 144, 33, 1.6, dict(num_attention_heads=4, attention_head_dim=64, ffn_dim=1024, num_layers=10), batch=128, clips=30000, pictures=60000),
    'tiny': Size(64, 48, 9, .5, dict(num_attention_heads=2, attention_head_dim=12, ffn_dim=32, num_layers=2), batch=4, clips=24, pictures=48),
}
