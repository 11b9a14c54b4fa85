"""Looking for garbage more rarely: what it changes, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

_ASKED = """
import gc
from rag import collect_seldom
before = gc.get_threshold()
collect_seldom()
after = gc.get_threshold()
assert gc.isenabled() and after[0] > before[0] and after[1:] == before[1:], (before, after)
"""


def test_the_young_are_looked_through_more_rarely_and_the_old_are_still_looked_through() -> None:
    subprocess.run([sys.executable, "-c", _ASKED], check=True)
