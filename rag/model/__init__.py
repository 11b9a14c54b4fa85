"""Passages and a question → what a chat model writes of them, every sentence checked and cited.

request.py       the messages, within a budget of tokens
chat_model.py    the reply, as pieces of text that come in time or not at all
reply.py         its sentences and the passages they name
citing.py        each checked, and cited by what bears it out
written.py       all of this in a row
rewriting.py     before all of it: a follow-up as the model would ask it alone
"""

from rag.model.chat_model import ReplyLimits, open_chat_model
from rag.model.citing import CitedText, cite_claims
from rag.model.written import Written, check_reply, write_reply

__all__ = ["CitedText", "ReplyLimits", "Written", "check_reply", "cite_claims", "open_chat_model", "write_reply"]
