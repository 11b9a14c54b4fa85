"""Who asks, and whether they may: the check that stands in front of every route once a server wants to know.

It asks for an account's session (a cookie) or an API key (`Authorization: Bearer …`), and knows nothing of routes
but which of them take more than a reader: whatever is not listed can be read by a reader and changed by an admin
alone, so that a route that nobody thought of is closed rather than open. Two are open: where one signs in, and, only if
whoever runs the server wants that, what readers share by link.
"""

from __future__ import annotations

import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from rag.errors import GazetteError
from ui.accounts.login_limits import LoginLimits
from ui.accounts.store import Accounts, Identity, Role
from ui.conversations.sharing import SHARED_PATH
from ui.conversations.store import NOBODY
from ui.server.problems import Problem, problem_of, problem_response

__all__ = ["LOGIN_PATH", "SESSION_COOKIE", "Access", "identity_of", "needed_role", "owner_of", "session_of"]

LOGIN_PATH = "/login"
SESSION_COOKIE = "gazette_session"

_ROLE_BY_REQUEST: tuple[tuple[str, Role], ...] = (
    (r"(GET|HEAD) .*", "reader"),
    (r"POST /api/(ask|search)", "reader"),
    (r"POST /v1/chat/completions", "reader"),
    (r"POST /mcp", "reader"),
    (r"POST /(en|fr)/gradio_api/.*", "reader"),
    (r"POST /conversations/.*", "reader"),
    (r"(PATCH|DELETE) /api/conversations/[0-9a-f]{32}", "reader"),
    (r"(POST|DELETE) /api/conversations/[0-9a-f]{32}/share", "reader"),
    (r"POST /logout", "reader"),
    (r"POST /api/articles", "editor"),
    (r"POST /(en|fr)/archive/(files|addresses)", "editor"),
)


class Access:
    """The door: whom the accounts of one file let in, and whether shared conversations are open to everybody."""

    def __init__(self, accounts: Accounts, *, opens_shared: bool = False) -> None:
        self.accounts = accounts
        self._opens_shared = opens_shared
        self.limits = LoginLimits()

    def refusal(self, scope: Scope) -> Response | None:
        """What is answered instead, or None where the request may go on; then `scope["state"]` has its `identity`."""
        path, headers = scope["path"], Headers(scope=scope)
        try:
            identity = self._identity(headers)
        except GazetteError as error:
            return problem_response(problem_of(error), path)
        scope.setdefault("state", {})["identity"] = identity
        if path == LOGIN_PATH or self._is_shared(scope):
            return None
        if identity is None:
            return _not_signed_in(scope, headers)
        role = needed_role(scope.get("method", "GET"), path)
        if not identity.may(role):
            message = f"This takes the role {role}, and {identity.name} is {identity.role}."
            return problem_response(Problem.of_status(403, message), path)
        return None

    def _is_shared(self, scope: Scope) -> bool:
        """Whether it is read what the token in the address lets everybody read; the route knows which tokens do."""
        is_reading = scope.get("method") in ("GET", "HEAD")
        return self._opens_shared and is_reading and re.fullmatch(SHARED_PATH, scope["path"]) is not None

    def _identity(self, headers: Headers) -> Identity | None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.accounts.holder_of_key(key.strip())
        session = session_of(headers)
        return self.accounts.holder_of_session(session) if session else None


def identity_of(connection: HTTPConnection) -> Identity | None:
    """Who asks, as the door has found out; None where nobody is asked who they are."""
    identity: Identity | None = connection.scope.get("state", {}).get("identity")
    return identity


def owner_of(connection: HTTPConnection) -> str:
    """Whose conversations are meant: those of who asks, or nobody's where nobody is asked who they are."""
    identity = identity_of(connection)
    return identity.owner if identity else NOBODY


def needed_role(method: str, path: str) -> Role:
    """The least role that a request takes."""
    asked = f"{method} {path}"
    return next((role for pattern, role in _ROLE_BY_REQUEST if re.fullmatch(pattern, asked, re.DOTALL)), "admin")


def session_of(headers: Headers) -> str | None:
    """The session that a browser sends along, or None."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(SESSION_COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie else None


def _not_signed_in(scope: Scope, headers: Headers) -> Response:
    """A browser that opens a page is led to where one signs in; whatever else asks is told."""
    path = scope["path"]
    if scope.get("method") == "GET" and "text/html" in headers.get("accept", ""):
        query = scope.get("query_string", b"").decode("latin-1")
        target = f"{path}?{query}" if query else path
        return RedirectResponse(f"{LOGIN_PATH}?next={quote(target)}", status_code=303)
    message = "Gazette wants to know who asks: send an API key (Authorization: Bearer …), or sign in at /login."
    return problem_response(Problem.of_status(401, message), path)
