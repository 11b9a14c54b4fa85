"""Open data → small cross-encoders that judge answers and claims; nothing of theirs is shipped yet (see README.md)."""
