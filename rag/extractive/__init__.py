"""Question and passages → the sentences that answer, without a language model.

Begin with `choosing.py`. `candidates.py` cuts the passages into sentences, `wording.py` tells what can be told of them
by their words alone, `evidence.py` adds what the encoder made of them, when they were added (`rag.kept_sentences`) or
now, and `refusal.py` says how likely they answer at all. `weights.py` is what each feature is worth, as
`eval.fit_answering` fitted it.
"""

from rag.extractive.candidates import Candidate, find_candidates
from rag.extractive.choosing import Choice, choose_sentences
from rag.extractive.refusal import looked_for

__all__ = ["Candidate", "Choice", "choose_sentences", "find_candidates", "looked_for"]
