"""The commands of `gazette`, and what they print: lines for a terminal, cleared of what a terminal would obey.

Begin with `commands.py`; how their arguments are read is in `ui.command_line`.
"""
