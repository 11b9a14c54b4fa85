"""A question asked over the network → its answer: taken on or sent back, answered by the one assistant, watched.

Begin with `answer_stream.py`, which all protocols ask through; `limits.py` says how much is taken on.
"""
