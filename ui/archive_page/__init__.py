"""The page that shows the archive, takes files and addresses into it and removes articles; without Gradio.

Begin with `routes.py`.
"""
