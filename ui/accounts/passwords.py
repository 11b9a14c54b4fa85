"""Passwords → what may be kept of them, and back to a yes or no: scrypt, each with salt and costs of its own."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading

from rag.errors import GazetteError

__all__ = ["PASSWORD_CHARACTERS", "SCRYPT_COST", "PasswordError", "hash_password", "is_password", "no_password"]

# At least so many: NIST SP 800-63B-4 asks for 15 where nothing but the password protects; three words have them.
PASSWORD_CHARACTERS = 15
_LONGEST_PASSWORD = 1024
# Costs of OWASP's password storage cheat sheet for scrypt: N = 2^17, r = 8, p = 1, which takes 128 MiB a password.
SCRYPT_COST, _BLOCK, _LANES = 2**17, 8, 1
_SALT_BYTES = 16
# So that many who sign in at once don't take that memory each.
_ONE_AT_A_TIME = threading.Lock()


class PasswordError(GazetteError):
    """A password is too short or too long to be taken."""


def hash_password(password: str, *, cost: int = SCRYPT_COST) -> str:
    """What may be kept: `scrypt$N$r$p$salt$hash`, the last two in hexadecimal.

    Raises:
        PasswordError: it is shorter than `PASSWORD_CHARACTERS`, or unreasonably long.
    """
    if not PASSWORD_CHARACTERS <= len(password) <= _LONGEST_PASSWORD:
        raise PasswordError(
            f"The password has {len(password)} characters: take {PASSWORD_CHARACTERS} or more (three words, say), "
            f"and at most {_LONGEST_PASSWORD}."
        )
    salt = os.urandom(_SALT_BYTES)
    return f"scrypt${cost}${_BLOCK}${_LANES}${salt.hex()}${_derived(password, salt, cost, _BLOCK, _LANES).hex()}"


def no_password(cost: int = SCRYPT_COST) -> str:
    """A hash that no password has, to compare in the place of an account that there is not: it takes as long."""
    return f"scrypt${cost}${_BLOCK}${_LANES}${'00' * _SALT_BYTES}${'00' * 64}"


def is_password(password: str, kept: str) -> bool:
    """Whether `kept` was made of this password; takes as long where it was not.

    >>> is_password("correct horse battery", hash_password("correct horse battery", cost=2**4))
    True
    >>> is_password("correct horse cattery", hash_password("correct horse battery", cost=2**4))
    False
    """
    _, cost, block, lanes, salt, derived = kept.split("$")
    found = _derived(password[:_LONGEST_PASSWORD], bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(found, bytes.fromhex(derived))


def _derived(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    room = 2 * 128 * cost * block * lanes
    with _ONE_AT_A_TIME:
        return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, n=cost, r=block, p=lanes, maxmem=room)
