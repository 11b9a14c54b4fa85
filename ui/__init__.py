"""The faces of Gazette: the command line, the web chat, and what answers programs. Begin with `command_line.py`."""
