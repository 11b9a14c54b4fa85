"""Where people sign in and out: one page without a script, in the browser's language."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from ui.accounts.store import SESSION_SECONDS, Identity
from ui.rendering.languages import choose_language
from ui.rendering.texts import text
from ui.server.access import LOGIN_PATH, SESSION_COOKIE, Access, session_of
from ui.server.signed_in import who_text
from ui.server.web_guard import is_own_name

__all__ = ["login_routes"]

_STYLE = """
/* The paper and ink of the pages behind it. */
:root { color-scheme: light dark; --accent: light-dark(#8a2d20, #e8a08d); --rule: light-dark(#e4dccd, #37322b); }
body { font: 16px/1.5 system-ui, sans-serif; background: light-dark(#faf7f1, #161513);
  color: light-dark(#201d19, #ebe5da); overflow-wrap: anywhere; }
main { max-width: 20rem; margin: 12vh auto; padding: 0 1rem; }
h1 { font: 700 2rem/1.2 Georgia, "Liberation Serif", serif; }
a { color: var(--accent); text-underline-offset: 3px; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { padding: .6rem; margin: .25rem 0 1rem; border: 1px solid var(--rule); border-radius: 8px; }
input { background: light-dark(#fffdf8, #1e1c19); color: inherit; }
button { border-color: var(--accent); background: var(--accent); color: light-dark(#fffaf3, #1d1411);
  font-weight: 600; cursor: pointer; }
:is(a, input, button):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[role=alert] { border-left: 4px solid var(--accent); padding-left: .75rem; }
"""
# Under the policy of all other pages a browser says of a form that it comes from nowhere, and the guard refuses it.
_REFERRER = '<meta name="referrer" content="same-origin">'


def login_routes(access: Access) -> APIRouter:
    """The routes /login and /logout; the guard lets everybody come to the first."""
    router = APIRouter()

    @router.get(LOGIN_PATH)
    def show(request: Request, next: str = "/") -> HTMLResponse:
        return _page(request, next)

    @router.post(LOGIN_PATH)
    async def sign_in(request: Request) -> Response:
        sent = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10)
        name, password, target = (sent.get(field, [""])[0] for field in ("name", "password", "next"))
        address = request.client.host if request.client else ""
        if wait := access.limits.attempt(name, address):
            return _page(request, target, "login_locked", status=429, wait=wait)
        holder = await run_in_threadpool(access.accounts.holder_of_password, name, password)
        if holder is None:
            return _page(request, target, "login_wrong", status=401)
        access.limits.succeeded(name, address)
        response = RedirectResponse(_own_address(target), status_code=303)
        response.set_cookie(
            SESSION_COOKIE,
            access.accounts.open_session(holder.name),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            # A browser sends such a cookie over https alone; this machine's own line nobody listens in on.
            secure=request.url.scheme == "https" or not is_own_name(request.headers.get("host", "")),
        )
        return response

    @router.post("/logout")
    def sign_out(request: Request) -> Response:
        if session := session_of(request.headers):
            access.accounts.close_session(session)
        response = RedirectResponse(LOGIN_PATH, status_code=303)
        response.delete_cookie(SESSION_COOKIE)
        return response

    return router


def _page(request: Request, target: str, problem: str = "", *, status: int = 200, wait: int = 0) -> HTMLResponse:
    language = choose_language(request.headers.get("accept-language", ""))
    identity: Identity | None = getattr(request.state, "identity", None)
    alert = f'<p role="alert">{escape(text(problem, language, seconds=wait))}</p>' if problem else ""
    form = _signed_in(identity, language) if identity and not problem else _form(target, language)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
    if wait:
        headers["Retry-After"] = str(wait)
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="robots" content="noindex">{_REFERRER}'
        f'<meta name="viewport" content="width=device-width"><title>{text("login_title", language)}</title>'
        f"<style>{_STYLE}</style><main><h1>Gazette</h1>{alert}{form}</main></html>",
        status,
        headers,
    )


def _form(target: str, language: str) -> str:
    return (
        f'<form method="post" action="{LOGIN_PATH}"><input type="hidden" name="next" value="{escape(target)}">'
        f'<label for="name">{text("login_name", language)}</label>'
        '<input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus>'
        f'<label for="password">{text("login_password", language)}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        f"<button>{text('login', language)}</button></form>"
    )


def _signed_in(identity: Identity, language: str) -> str:
    return (
        f"<p>{escape(who_text(identity, language))}</p>"
        f'<p><a href="/">{text("login_go_on", language)}</a></p>'
        f'<form method="post" action="/logout"><button>{text("logout", language)}</button></form>'
    )


def _own_address(target: str) -> str:
    """Where to go on: only ever an address of ours, whatever the page that led here asked for."""
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if is_ours else "/"
