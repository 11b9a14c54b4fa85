"""The one door in front of every route: who is let in, to what, and what those learn who are not."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag import Archive
from rag.errors import GazetteError
from tests.ui.conversations.test_conversations import ONE, TURN
from tests.ui.serving import serve_service
from ui.accounts.store import Accounts, Role
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import AnswerPlaces
from ui.chat.application import build_chat
from ui.command_line import main
from ui.conversations.feedback import Feedback
from ui.conversations.kept import OwnConversations
from ui.conversations.sharing import find_shared, share, stop_sharing
from ui.conversations.store import ConversationStore
from ui.server.access import SESSION_COOKIE, Access, needed_role
from ui.server.running import ServerSettings, open_access
from ui.server.serving import Served
from ui.server.web_guard import RESPONSE_HEADERS, WebGuard

PASSWORD = "three plain words"
ADDRESS = "https://gazette.example"


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    made = Accounts(tmp_path_factory.mktemp("accounts") / "accounts.sqlite3", scrypt_cost=2**4)
    for name in ("ada", "bob"):
        made.add_account(name, PASSWORD, "reader")
    return made


@pytest.fixture(scope="module")
def keys(accounts: Accounts) -> dict[str, str]:
    """A key for each role."""
    roles: tuple[Role, ...] = ("reader", "editor", "admin")
    return {role: accounts.add_key(f"{role}-key", role) for role in roles}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive.open(tmp_path_factory.mktemp("guarded") / "archive", encoder="hashing-256")


@pytest.fixture(scope="module")
def store(archive: Archive) -> ConversationStore:
    return ConversationStore(archive.folder / "conversations.sqlite3", allows_sharing=True)


@pytest.fixture(scope="module")
def application(archive: Archive, accounts: Accounts, store: ConversationStore) -> FastAPI:
    """The web chat and the service in one, as they are served."""

    async def build() -> FastAPI:
        return build_chat(Served(archive, AnsweringDesk(archive, None), AnswerPlaces(4, 4), store, Access(accounts)))

    return asyncio.run(build())  # outside a loop, Gradio makes some of its own and leaves them open


@pytest.fixture
def client(application: FastAPI, accounts: Accounts) -> TestClient:
    guard = WebGuard(application, None, Access(accounts))
    return TestClient(guard, base_url=ADDRESS, follow_redirects=False)


def every_request(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and address of every route of an application and of all that is mounted in it."""
    for route in routes:
        if hasattr(route, "effective_candidates"):  # how FastAPI keeps the routers that were included
            yield from every_request(route.effective_candidates(), prefix)
        elif getattr(route, "routes", None):
            yield from every_request(route.routes, prefix + route.path)
        else:
            assert route.path is not None, f"{route!r} is a route of an unknown kind: see what its address is"
            address = re.sub(r"\{[^}]*\}", "x", prefix + route.path)
            for method in route.methods or ("GET",):
                yield method, address


def signs_in(client: TestClient, name: str = "ada", password: str = PASSWORD, **fields: str) -> Any:
    return client.post("/login", data={"name": name, "password": password, **fields})


@pytest.fixture
def sharing_client(application: FastAPI, accounts: Accounts) -> TestClient:
    """Where whoever runs the server lets conversations be shared."""
    guard = WebGuard(application, None, Access(accounts, opens_shared=True))
    return TestClient(guard, base_url=ADDRESS, follow_redirects=False)


@pytest.mark.parametrize("sharing", [False, True])
def test_every_route_refuses_who_is_not_known(
    application: FastAPI, client: TestClient, sharing_client: TestClient, sharing: bool
) -> None:
    client = sharing_client if sharing else client
    requests = set(every_request(application.routes))
    known = {("POST", "/api/ask"), ("GET", "/v1/models"), ("GET", "/en/config"), ("POST", "/fr/gradio_api/queue/join")}
    known |= {
        ("GET", "/conversations"),
        ("POST", "/conversations/x/delete"),
        ("GET", "/x/archive"),
        ("GET", "/metrics"),
        ("GET", "/api/conversations"),
        ("PATCH", "/api/conversations/x"),
        ("DELETE", "/api/conversations/x/share"),
        ("POST", "/conversations/x/share"),
    }
    # The one route beside /login that is open, to a token alone, and only where sharing is on: see below.
    requests -= {("GET", "/shared/x")}
    requests |= {(method, f"/shared/{'x' * 43}") for method in ("POST", "PATCH", "DELETE", "PUT")}
    requests |= {("GET", f"/shared/{'x' * length}") for length in (0, 42, 44)} | {("GET", f"/shared/{'x' * 43}/y")}
    assert known | {("GET", "/source"), ("GET", "/"), ("POST", "/logout")} <= requests
    assert len(requests) > 100
    let_in = [
        (method, address)
        for method, address in sorted(requests)
        if address != "/login"
        and (response := client.request(method, address)).status_code != 401
        and response.headers.get("location", "").partition("?")[0] != "/login"
    ]
    assert let_in == []


def test_a_link_opens_what_is_shared_while_it_is_and_nothing_else(
    application: FastAPI, sharing_client: TestClient, client: TestClient, accounts: Accounts, store: ConversationStore
) -> None:
    assert ("GET", "/shared/x") in set(every_request(application.routes))
    accounts.add_account("eve", PASSWORD, "reader")
    eve = {name: owner for owner, name in accounts.owners().items()}["eve"]
    OwnConversations(store, eve).append(ONE, TURN)
    link = share(store, eve, ONE)
    assert link is not None
    opened = sharing_client.get(link.address, headers={"Accept-Language": "fr"})
    assert opened.status_code == 200
    assert "It has 12 cranes." in opened.text
    assert "partagée par son lecteur" in opened.text
    assert "12 cranes" in sharing_client.get(f"{link.address}?language=en", headers={"Accept-Language": "fr"}).text
    assert (opened.headers["cache-control"], opened.headers["x-robots-tag"]) == ("no-store", "noindex")
    assert opened.headers["content-security-policy"] == RESPONSE_HEADERS["Content-Security-Policy"]
    assert not re.search("<script|onerror|onload|javascript:", opened.text)
    unknown = sharing_client.get(f"/shared/{'A' * 43}")
    assert unknown.status_code == 404
    # Off: as closed as everything, to whoever is not known and to whoever is.
    assert client.get(link.address).status_code == 401
    assert client.get(link.address, headers={"Accept": "text/html"}).headers["location"].startswith("/login")
    off = ConversationStore(store._path)
    assert find_shared(off, link.address.removeprefix("/shared/")) is None
    # Taken back, and taken with its account.
    assert stop_sharing(store, eve, ONE)
    revoked = sharing_client.get(link.address)
    assert (revoked.status_code, revoked.text) == (404, unknown.text)
    again = share(store, eve, ONE)
    assert again is not None
    assert sharing_client.get(again.address).status_code == 200
    accounts.remove("accounts", "eve")
    assert sharing_client.get(again.address).text == unknown.text


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "/conversations/{id}/rename", {"title": "Mine"}),
        ("POST", "/conversations/{id}/delete", {}),
        ("POST", "/conversations/{id}/share", {}),
        ("POST", "/conversations/{id}/unshare", {}),
        ("POST", "/conversations/{id}/feedback", {"position": 0, "verdict": "down"}),
        ("GET", "/conversations/{id}/export.md", None),
        ("GET", "/conversations/{id}/export.html", None),
        ("GET", "/api/conversations/{id}", None),
        ("GET", "/api/conversations/{id}/export.json", None),
        ("PATCH", "/api/conversations/{id}", {"title": "Mine"}),
        ("POST", "/api/conversations/{id}/share", {}),
        ("DELETE", "/api/conversations/{id}/share", None),
        ("DELETE", "/api/conversations/{id}", None),
    ],
)
def test_anothers_conversation_is_as_unknown_as_one_that_never_was(
    client: TestClient, accounts: Accounts, store: ConversationStore, method: str, address: str, body: object
) -> None:
    ada = {name: owner for owner, name in accounts.owners().items()}["ada"]
    adas = OwnConversations(store, ada)
    adas.delete(ONE)
    adas.append(ONE, TURN)
    share(store, ada, ONE)
    before = (adas.find(ONE), adas.turns(ONE))
    signs_in(client, "bob")
    answers = [
        client.request(method, address.format(id=identity), json=body, headers={"X-Gazette": "page"})
        for identity in (ONE, "0" * 32)
    ]
    stolen, unknown = ((answer.status_code, answer.content, dict(answer.headers)) for answer in answers)
    assert stolen == unknown
    assert stolen[0] == 404
    assert (adas.find(ONE), adas.turns(ONE)) == before
    assert "12 cranes" not in client.get("/conversations").text
    assert client.get("/api/conversations").json() == {"total": 0, "conversations": []}
    signs_in(client, "ada")
    own = client.request(method, address.format(id=ONE), json=body, headers={"X-Gazette": "page"})
    assert own.status_code in (200, 204)


def test_what_is_said_of_an_answer_is_kept_with_who_says_it(
    client: TestClient, accounts: Accounts, store: ConversationStore
) -> None:
    ada = {name: owner for owner, name in accounts.owners().items()}["ada"]
    adas = OwnConversations(store, ada)
    adas.delete(ONE)
    adas.append(ONE, TURN)
    signs_in(client, "ada")
    said = {"position": 0, "verdict": "up", "note": "yes"}
    assert client.post(f"/conversations/{ONE}/feedback", json=said, headers={"X-Gazette": "page"}).status_code == 204
    assert adas.turns(ONE)[0].feedback == (Feedback("up", 0, "yes", "account:ada"),)


def test_no_credential_but_a_right_one_lets_in(client: TestClient, keys: dict[str, str]) -> None:
    for header in ("Bearer ", "Bearer x", f"Bearer {keys['reader']}x", f"Basic {keys['reader']}", keys["reader"]):
        assert client.get("/api/articles", headers={"Authorization": header}).status_code == 401
    for cookie in ("x", "", keys["reader"], '"'):
        assert client.get("/api/articles", headers={"Cookie": f"{SESSION_COOKIE}={cookie}"}).status_code == 401
    for address in (f"/api/articles?key={keys['reader']}", f"/api/articles?{SESSION_COOKIE}={keys['reader']}"):
        assert client.get(address).status_code == 401


@pytest.mark.parametrize("address", ["/api/articles", "/v1/models", "/en/config", "/", "/en/", "/look/chat.css"])
def test_a_key_lets_in_everywhere(client: TestClient, keys: dict[str, str], address: str) -> None:
    response = client.get(address, headers={"Authorization": f"Bearer {keys['reader']}"})
    assert response.status_code in (200, 307)
    assert "/login" not in response.headers.get("location", "")


def test_who_is_refused_is_told_in_the_shape_of_the_address(client: TestClient) -> None:
    refused = client.get("/api/articles")
    assert refused.json()["error"]["code"] == "not_signed_in"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert client.get("/v1/models").json()["error"]["type"] == "invalid_request_error"
    assert client.get("/en/config").text.startswith("Gazette wants to know who asks")


def test_a_browser_is_led_to_sign_in_and_back(client: TestClient) -> None:
    led = client.get("/fr/", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=/fr/")
    page = client.get(led.headers["location"], headers={"Accept-Language": "fr"})
    assert 'value="/fr/"' in page.text
    assert "Mot de passe" in page.text
    back = signs_in(client, next="/fr/")
    assert (back.status_code, back.headers["location"]) == (303, "/fr/")
    assert client.get("/fr/", headers={"Accept": "text/html"}).status_code == 200
    assert "ada" in client.get("/login").text


def test_the_session_can_neither_be_read_by_a_script_nor_sent_by_another_page(client: TestClient) -> None:
    cookie = signs_in(client).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" in cookie
    assert client.post("/logout", headers={"Origin": "https://attacker.example"}).status_code == 403
    assert client.get("/api/articles").status_code == 200


@pytest.mark.parametrize(("address", "is_secure"), [("http://127.0.0.1:7860", False), ("http://192.0.2.1", True)])
def test_only_on_this_machine_the_session_may_travel_unencrypted(
    application: FastAPI, accounts: Accounts, address: str, is_secure: bool
) -> None:
    client = TestClient(WebGuard(application, None, Access(accounts)), base_url=address, follow_redirects=False)
    assert ("secure" in signs_in(client).headers["set-cookie"].lower()) == is_secure


def test_signing_out_ends_the_session_itself(client: TestClient) -> None:
    signs_in(client)
    session = client.cookies[SESSION_COOKIE]
    assert client.post("/logout").status_code == 303
    assert client.get("/api/articles", headers={"Cookie": f"{SESSION_COOKIE}={session}"}).status_code == 401


@pytest.mark.parametrize("target", ["https://attacker.example/", "//attacker.example", "/\\attacker.example", "x", ""])
def test_signing_in_never_leads_to_another_address(client: TestClient, target: str) -> None:
    assert signs_in(client, next=target).headers["location"] == "/"


def test_a_wrong_password_is_told_as_an_unknown_name_is_and_then_locks(
    application: FastAPI, accounts: Accounts
) -> None:
    client = TestClient(WebGuard(application, None), base_url=ADDRESS)
    wrong, unknown = signs_in(client, "bob", "wrong words"), signs_in(client, "nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text
    assert "wrong words" not in wrong.text
    for _ in range(4):
        signs_in(client, "bob", "wrong words")
    locked = signs_in(client, "bob")
    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) > 0
    assert SESSION_COOKIE not in locked.headers.get("set-cookie", "")


def test_a_page_shows_no_markup_that_came_in_the_address(client: TestClient) -> None:
    assert "<script" not in client.get("/login", params={"next": '"><script>alert(1)</script>'}).text


def test_roles_hold(client: TestClient, keys: dict[str, str]) -> None:
    article = {"id": "a/1", "title": "A treaty", "text": "The treaty was signed in Paris.", "published": "1997-05-27"}
    statuses = {
        role: (
            client.post("/api/articles", json={"articles": [article]}, headers=headers).status_code,
            client.delete("/api/articles/a/1", headers=headers).status_code,
        )
        for role, key in keys.items()
        if (headers := {"Authorization": f"Bearer {key}"})
    }
    assert statuses == {"reader": (403, 403), "editor": (200, 403), "admin": (200, 200)}


def test_articles_are_added_replaced_and_removed_over_http(client: TestClient, keys: dict[str, str]) -> None:
    client.headers["Authorization"] = f"Bearer {keys['admin']}"
    article = {"id": "a/2", "title": "A treaty", "text": "The treaty was signed in Paris.", "authors": ["A. Bell"]}
    assert [found["article_id"] for found in client.post("/api/articles", json={"articles": [article]}).json()["added"]]
    changed = {**article, "text": "The treaty was signed in Rome."}
    assert client.post("/api/articles", json={"articles": [changed]}).json()["updated"][0]["article_id"] == "a/2"
    assert client.get("/api/articles/a/2").json()["text"] == changed["text"]
    assert client.delete("/api/articles/a/2").json()["article_id"] == "a/2"
    assert client.get("/api/articles/a/2").status_code == client.delete("/api/articles/a/2").status_code == 404
    for broken in ({**article, "id": ""}, {**article, "text": ""}, {**article, "path": "/etc/passwd"}, {"id": "x"}):
        assert client.post("/api/articles", json={"articles": [broken]}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("GET", "/anything", "reader"),
        ("POST", "/api/ask", "reader"),
        ("POST", "/api/articles", "editor"),
        ("DELETE", "/api/articles/x", "admin"),
        ("POST", "/not/thought/of", "admin"),
        ("POST", "/api/ask\n", "admin"),
        ("PUT", "/api/ask", "admin"),
        ("DELETE", f"/api/conversations/{'a' * 32}", "reader"),
        ("DELETE", f"/api/conversations/{'a' * 32}/export.md", "admin"),
        ("POST", f"/shared/{'a' * 43}", "admin"),
    ],
)
def test_what_nobody_thought_of_is_closed_rather_than_open(method: str, path: str, role: str) -> None:
    assert needed_role(method, path) == role


def test_where_others_reach_it_a_server_without_accounts_does_not_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive.open(tmp_path / "archive", encoder="hashing-256"):
        pass
    files = ["--archive", str(tmp_path / "archive"), "--accounts", str(tmp_path / "accounts.sqlite3"), "--port", "0"]
    for command in (["serve"], ["chat", "--no-browser"]):
        for where in (["--host", "0.0.0.0"], ["--host", "::"], ["--login"]):
            assert main([*command, *files, *where]) == 1
            assert "gazette users add" in capsys.readouterr().err


def test_only_this_machine_is_let_in_unasked(tmp_path: Path, accounts: Accounts) -> None:
    missing = str(tmp_path / "accounts.sqlite3")
    for host in ("127.0.0.1", "localhost", "::1", "127.1.2.3"):
        assert open_access(ServerSettings(host, accounts=missing)) is None
    for host in ("0.0.0.0", "::", "192.0.2.1", ""):
        with pytest.raises(GazetteError, match="neither accounts nor keys"):
            open_access(ServerSettings(host, accounts=missing))
        assert open_access(ServerSettings(host, accounts=str(accounts.path))) is not None


def test_neither_password_nor_key_is_printed_or_logged(
    tmp_path: Path, sample_archive: Path, accounts: Accounts, keys: dict[str, str]
) -> None:
    settings = f"accounts={str(accounts.path)!r}, needs_login=True, logs_requests=True"
    with (
        serve_service(sample_archive, settings=settings, errors=tmp_path / "errors") as served,
        httpx.Client(base_url=served.address, timeout=60, trust_env=False) as client,
    ):
        assert client.post("/login", data={"name": "ada", "password": "a wrong secret"}).status_code == 401
        assert client.post("/login", data={"name": "ada", "password": PASSWORD}).status_code == 303
        assert client.get("/api/articles").status_code == 200
        session = client.cookies[SESSION_COOKIE]
        client.cookies.clear()
        assert client.get("/api/articles").status_code == 401
        assert client.get("/api/articles", headers={"Authorization": f"Bearer {keys['reader']}"}).status_code == 200
        served.process.send_signal(signal.SIGTERM)
        assert served.process.stdout is not None
        written = served.process.stdout.read() + (tmp_path / "errors").read_text("utf-8")
    logged = [json.loads(line) for line in (tmp_path / "errors").read_text("utf-8").splitlines()]
    assert [(row["path"], row["status"], row["who"]) for row in logged] == [
        ("/login", 401, None),
        ("/login", 303, None),
        ("/api/articles", 200, "account:ada"),
        ("/api/articles", 401, None),
        ("/api/articles", 200, "key:reader-key"),
    ]
    assert not any(secret in written for secret in ("a wrong secret", PASSWORD, session, keys["reader"]))
