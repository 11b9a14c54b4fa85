"""Articles and answers → what a reader sees of them and a program reads: two languages, HTML, JSON.

Everything that articles, models and readers wrote passes through `markup.py` on its way into a page.
"""
