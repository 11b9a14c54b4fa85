"""A question and the conversation before it → the question as it would be asked alone.

`pointing.py` says whether it points back, `completing.py` completes it, `antecedents.py` finds who «he» is, and
`rewriting.py` lets a chat model complete it instead.
"""

from rag.followups.completing import Completion, Turn, complete

__all__ = ["Completion", "Turn", "complete"]
