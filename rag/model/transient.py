"""An error of a provider's → whether asking again may help.

Every provider raises its own kinds, and none is imported here: what they have in common is an HTTP status somewhere
on the error, or a connection that failed somewhere in its chain of causes.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["is_transient"]

# Too many requests, too early, timed out or overloaded (529 is Anthropic's), or the server's own failure.
_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


def is_transient(error: BaseException) -> bool:
    """Whether the error comes of a busy or failing server or line, not of what was asked.

    Example:
        >>> is_transient(ConnectionRefusedError()), is_transient(ValueError("no such model"))
        (True, False)
    """
    chain = list(_chain(error))
    statuses = [status for link in chain if (status := _status(link)) is not None]
    if statuses:
        return statuses[0] in _STATUSES
    return any(_is_of_the_line(link) for link in chain)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, outermost first."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _is_of_the_line(error: BaseException) -> bool:
    """A connection refused, reset or timed out, in the words of Python, httpx, httpcore or aiohttp."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, ConnectionError | TimeoutError) or bool(
        names & {"TransportError", "NetworkError", "ProtocolError", "ClientConnectionError", "APIConnectionError"}
    )
