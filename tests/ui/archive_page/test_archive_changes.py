"""Adding to the archive and removing from it on its page: from that page alone, and in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from rag import Archive, Article
from rag.locking import write_lock
from tests.ui.archive_page.test_intake import STORY
from tests.ui.browsing import NO_CHROMIUM, Browsers, Page
from tests.ui.serving import ServedChat, serve_chat
from ui.accounts.store import Identity, Role
from ui.archive_page.changes import may_change
from ui.server.access import needed_role

OWN = {"X-Gazette": "page"}
in_browser = pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM)
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def changing_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedChat]:
    folder = tmp_path_factory.mktemp("changing") / "archive"
    with Archive.open(folder, encoder="hashing-64") as archive:
        archive.add([Article("stays", "The one that stays", "The mayor of Lutz is Ida Moll.", language="en")])
        archive.add([Article("'\"><b>", "The <b>one</b> to go", "It was wrong from its first word.", language="en")])
    with serve_chat(folder) as chat:
        yield chat


@pytest.fixture(scope="module")
def client(changing_chat: ServedChat) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=changing_chat.address, timeout=60, trust_env=False) as opened:
        yield opened


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Gazette": "yes"},
        {**OWN, "Origin": "https://attacker.example"},
        {**OWN, "Origin": "null"},
        {**OWN, "Sec-Fetch-Site": "cross-site"},
        {**OWN, "Sec-Fetch-Site": "same-site"},
        {**OWN, "Host": "attacker.example"},
    ],
)
def test_nothing_is_changed_for_another_page(client: httpx.Client, headers: dict[str, str]) -> None:
    requests = (
        ("/en/archive/files?name=x.txt", {"content": STORY.encode()}),
        ("/en/archive/addresses", {"json": {"address": "https://example.org/"}}),
        ("/en/archive/remove", {"json": {"article": "stays"}}),
        (f"/conversations/{'a' * 32}/delete", {"json": {}}),
        (f"/conversations/{'a' * 32}/rename", {"json": {"title": "x"}}),
    )
    for path, body in requests:
        assert client.post(path, headers=headers, **body).status_code == 403  # type: ignore[arg-type]
    assert "Ferry to Lutz" not in client.get("/en/archive").text
    assert client.get("/en/archive?article=stays").status_code == 200


def test_a_form_or_a_get_changes_nothing(client: httpx.Client) -> None:
    assert client.get("/en/archive/remove?article=stays", headers=OWN).status_code in (404, 405)
    assert client.post("/en/archive/remove", headers=OWN, data={"article": "stays"}).status_code == 422
    assert client.get("/en/archive?article=stays").status_code == 200


def test_too_large_a_file_is_refused_unread(client: httpx.Client) -> None:
    connection = HTTPConnection(str(client.base_url.host), client.base_url.port, timeout=30)
    connection.putrequest("POST", "/en/archive/files?name=x.txt")
    for name, value in {**OWN, "Content-Length": "20000001"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_locked_archive_is_said_to_be_busy(client: httpx.Client, changing_chat: ServedChat, tmp_path: Path) -> None:
    folder = Path(str(changing_chat.process.args[-1]))  # type: ignore[index]
    with write_lock(folder, timeout_seconds=0):
        response = client.post("/fr/archive/remove", headers=OWN, json={"article": "stays"})
    assert response.status_code == 409
    assert "Quelqu’un d’autre écrit dans l’archive" in response.text
    assert str(folder) not in response.text


@in_browser
@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("fr", 390)])
def test_files_are_added_with_their_results_and_removed_after_asking(
    browsers: Browsers, changing_chat: ServedChat, tmp_path: Path, language: str, width: int
) -> None:
    page = open_archive(browsers, changing_chat, language, width)
    before = shown_count(page)
    page.find("#intake summary").click()
    hostile = "<img src=x onerror='window.hit=1'>.txt"
    files = {
        "good.txt": f"{language} {STORY}",
        "bad.pdf": "%PDF-1.7 no more",
        hostile: f"Another <script>window.hit=2</script> story {language}\n\n" + "The council of Lutz met. " * 9,
    }
    for name, words in files.items():
        (tmp_path / name).write_text(words, "utf-8")
    page.all("#intake-files")[0].send_keys("\n".join(str(tmp_path / name) for name in files))
    page.wait_for(lambda: page.all("#intake-state")[0].text)
    results = page.all("#intake-results > li")
    assert [result.find_element("css selector", "li").get_attribute("class") for result in results] in (
        ["added", "failed", "added"],
        ["duplicate", "failed", "duplicate"],  # the other language's run has added the like
        ["duplicate", "failed", "added"],
    )
    assert ("is a broken PDF" if language == "en" else "est un PDF abîmé") in results[1].text
    assert hostile in results[2].text
    assert page.run("return window.hit === undefined")
    assert not page.all("#intake-results :is(img, script)")
    assert shown_count(page) == before + 2
    assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    # Removing asks first.
    row = next(row for row in page.all(".articles li") if f"story {language}" in row.text)
    button = row.find_element("css selector", ".remove")
    page.run("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    assert button.text.startswith("Remove for good?" if language == "en" else "Retirer pour de bon")
    assert shown_count(page) == before + 2
    button.click()
    page.wait_for(lambda: shown_count(page) == before + 1)
    assert page.has_focus("#count")
    assert all(url.startswith(page.address + "/") for url in page.requests())


@in_browser
def test_a_file_is_dropped_and_a_private_address_is_refused(browsers: Browsers, changing_chat: ServedChat) -> None:
    page = open_archive(browsers, changing_chat, "en", 1440)
    before = shown_count(page)
    page.run(
        """const files = new DataTransfer();
           files.items.add(new File([arguments[0]], "../../dropped.md"));
           for (const name of ["dragover", "drop"]) document.querySelector("main").dispatchEvent(
             new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true }));""",
        "# A dropped story\n\n" + "The lighthouse of Zubrowka is to be painted red and white before winter. " * 4,
    )
    page.wait_for(lambda: shown_count(page) == before + 1)
    assert "A dropped story" in page.text("#intake-results .added")
    page.find("#intake-address input").send_keys(f"{page.address}/robots.txt\n")
    page.wait_for(lambda: page.all("#intake-results .failed"))
    assert "Not added" in page.text("#intake-results .failed")
    assert shown_count(page) == before + 1


@in_browser
def test_an_article_is_removed_from_its_own_page(browsers: Browsers, changing_chat: ServedChat) -> None:
    page = open_archive(browsers, changing_chat, "en", 1440)
    link = next(link for link in page.all(".articles a") if "to go" in link.text)
    page.run("arguments[0].click()", link)
    button = page.find(".one-article .remove")
    button.click()
    button.click()
    page.find("#count")
    assert "to go" not in page.text(".articles")
    assert page.run("return window.hit === undefined")


def open_archive(browsers: Browsers, chat: ServedChat, language: str, width: int) -> Page:
    page = browsers.open(chat.address, language=language, width=width)
    page.driver.get(f"{chat.address}/{language}/archive")
    page.find("#intake summary")
    return page


def shown_count(page: Page) -> int:
    return int(page.text("#count").split()[0])


@pytest.mark.parametrize(
    ("role", "may_add", "may_remove"), [("reader", False, False), ("editor", True, False), ("admin", True, True)]
)
def test_where_people_sign_in_editors_add_and_admins_remove(role: Role, may_add: bool, may_remove: bool) -> None:
    identity = Identity("ann", role, "account")
    scope = {"type": "http", "server": ("203.0.113.7", 443), "state": {"identity": identity}}
    assert may_change(Request(scope), "editor") is may_add
    assert may_change(Request(scope), "admin") is may_remove
    needed = {path: needed_role("POST", f"/fr/archive/{path}") for path in ("files", "addresses", "remove")}
    assert needed == {"files": "editor", "addresses": "editor", "remove": "admin"}


@pytest.mark.parametrize(("address", "may"), [("127.0.0.1", True), ("::1", True), ("203.0.113.7", False)])
def test_where_nobody_signs_in_this_machine_alone_changes_it(address: str, may: bool) -> None:
    assert may_change(Request({"type": "http", "server": (address, 80)}), "admin") is may
