"""The sample archive: thirty-seven short articles on NATO and Russia, 1997 to 2020, in English and French.

`articles/` holds them as people save articles: web pages with their menus and comments, text copied from
pages, Markdown, a PDF, a Word file, a feed, a JSONL export. The README's demo and the tests share them.
`manifest.json` says what a reader must find in each, `questions.jsonl` what can be asked of them.
Outlets and journalists are invented, the facts public, the wording the project's own.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["sample_folder"]


def sample_folder() -> Path:
    """Get the folder of the sample articles, ready for `Archive.add`.

    >>> sorted({path.suffix for path in sample_folder().iterdir()})
    ['.atom', '.docx', '.html', '.jsonl', '.md', '.pdf', '.txt']
    """
    return Path(__file__).parent / "articles"
