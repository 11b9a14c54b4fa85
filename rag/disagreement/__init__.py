"""An answer and what was found for it → where its sources give different things for one and the same.

Begin with `comparing.py`; `statements.py` reads what a sentence says of how much, `same_thing.py` whether two speak
of one thing, `worths.py` what a figure's wording allows.
"""

from rag.disagreement.comparing import add_disagreements

__all__ = ["add_disagreements"]
