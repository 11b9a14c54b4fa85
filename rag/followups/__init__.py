"""A question and the conversation before it → the question as it would be asked alone.

`pointing.py` says whether it points back, `completing.py` completes it, and `antecedents.py` finds who «he» is. Where
there is a chat model, that completes it instead (`rag.model.rewriting`).
"""

from rag.followups.completing import Completion, Turn, complete

__all__ = ["Completion", "Turn", "complete"]
