"""English–French pairs → the gloss table: read, align, extract phrases, write. `python -m embeddings.gloss_build`."""

from embeddings.gloss_build.command import build

__all__ = ["build"]
