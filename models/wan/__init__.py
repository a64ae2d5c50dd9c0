"""The architecture of Wan2.2-T2V at any size, with the parameter names of its Diffusers checkpoints."""
