"""Files, pages and feeds → articles: `find_inputs` says what there is to read, `read_input` reads it.

An article's `id` is the one its own record or feed gives it, else the first 12 hex digits of the SHA-256 of its URL,
else of the absolute path of its file.
"""

from rag.reading.inputs import Input, find_inputs
from rag.reading.reader import read_input

__all__ = ["Input", "find_inputs", "read_input"]
