"""Who may use a server: accounts, keys and sessions, kept as hashes in a file of their own.

Begin with `store.py`.
"""
