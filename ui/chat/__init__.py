"""The web chat: one page in two languages, in Gradio blocks, whose conversation is drawn by us.

Begin with `application.py`, which puts all that a browser sees together; `page.py` is what stands where.
"""
