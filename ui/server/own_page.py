"""Whether a request that changes something comes from a page of ours, and not from another that a reader has open.

Another origin can't set a header of its own without asking first, which the guard refuses; the guard has checked
`Origin`, and browsers say in `Sec-Fetch-Site` where a request began.
"""

from __future__ import annotations

from fastapi import HTTPException, Request

__all__ = ["require_own_page"]


def require_own_page(request: Request) -> None:
    """Raises `HTTPException` (403) for a request that our pages' own script has not made."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if request.headers.get("x-gazette") != "page" or site != "same-origin":
        raise HTTPException(403, "This is changed from Gazette's own page alone: send the header X-Gazette: page")
