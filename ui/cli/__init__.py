"""The commands of `gazette`, and what they print: lines for a terminal, cleared of what a terminal would obey.

`…_arguments.py` say how commands are typed, `…_commands.py` what they do; `ui.command_line` brings both together.
"""
