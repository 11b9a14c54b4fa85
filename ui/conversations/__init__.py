"""Questions and answers in a row: grown while they are answered, kept for their reader, shared, taken away as files.

Begin with `turns.py`, which knows no disk; `store.py` is the file, `kept.py` what one reader has in it.
"""
