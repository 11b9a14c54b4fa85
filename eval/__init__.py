"""How well finding works: BEIR folders in, measures and TREC runs out."""
