"""A sentence and the passages it cites → whether they bear it out, and why.

Begin with `check.py`: it says in which order the other modules are asked.
"""

from rag.support.check import SupportCheck, check_support

__all__ = ["SupportCheck", "check_support"]
