"""What every server needs, whatever it answers: the one door, who asks, how it runs and ends, what it tells of itself.

Begin with `serving.py`; `web_guard.py` is the door, and `access.py` asks who comes through it.
"""
