"""Open data → small cross-encoders that judge answers and claims; none of them is shipped (see README.md)."""
