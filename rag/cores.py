"""How many cores there are to share out between processes."""

from embeddings.shipped_encoder import thread_count

__all__ = ["thread_count"]
