"""The chat page in one language, as Gradio blocks: what stands where, and what happens on which event.

The conversation is drawn by us in two HTML blocks, the finished turns and the one being written, because
Gradio's own chat component fetches images that an article names and has no place for citations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ui.chat.answering import Answering
from ui.chat.conversation_html import conversation_html, note_html
from ui.chat.endpoint import add_answer_endpoint
from ui.chat.filtering import filters_html, read_filters, read_identity
from ui.chat.gradio_loading import gr, unserved
from ui.chat.holdings import Holdings
from ui.chat.repeating import read_repeat, repeated
from ui.chat.welcome import masthead_html, welcome_html
from ui.conversations.turns import Conversation, Turn
from ui.rendering.languages import language_name
from ui.rendering.texts import text
from ui.server.access import identity_of, owner_of

__all__ = ["build_page", "theme"]

# Each answer holds one thread; more at once would only share the same cores.
_ANSWERS_AT_ONCE = 4
_WAITING_AT_MOST = 64
_LANGUAGES_OFFERED = 5
_ALL = "all"
_SKIP = gr.skip()
_UNCHANGED = (_SKIP,) * 5
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_ANSWERING: dict[str, Any] = {
    "trigger_mode": "once",
    "concurrency_limit": _ANSWERS_AT_ONCE,
    "concurrency_id": "answer",
    **_QUIET,
}
# The page's own script hands over what only it knows, in the place of a hidden box.
_TAKE_FILTERS = "(asked, conversation, code, _sent) => [asked, conversation, code, window.gazette.asking()]"
_TAKE_SENT = "(_sent, conversation) => [window.gazette.repeating(), conversation]"
_TAKE_IDENTITY = "(_sent, conversation) => [window.gazette.opening(), conversation]"

_PANEL = """
<dialog id="source" class="source" aria-labelledby="source-title"
  data-loading="{loading_source}" data-unreachable="{source_unreachable}" data-number="{source_number}"
  data-article="{source}" data-edit="{edit_label}" data-ask="{ask}" data-cancel="{cancel}"
  data-doubted="{marked_wrong}">
  <div class="source-bar">
    <span class="source-label"></span>
    <button type="button" class="to-quote" hidden>{to_quote}</button>
    <button type="button" class="close" aria-label="{close}"><span aria-hidden="true">×</span></button>
  </div>
  <div class="source-judge" hidden>
    <button type="button" class="judge-citation" aria-pressed="false">{citation_wrong}</button>{note_of_citation}
  </div>
  <div class="source-body" tabindex="-1"></div>
</dialog>
<dialog id="kept" class="kept-panel" aria-labelledby="kept-heading"
  data-rename="{rename_label}" data-unreachable="{unreachable}"
  data-copied="{copied}" data-failed="{copy_failed}">
  <div class="source-bar">
    <h2 id="kept-heading" class="source-label">{conversations}</h2>
    <button type="button" class="close" aria-label="{close}"><span aria-hidden="true">×</span></button>
  </div>
  <input type="search" id="kept-words" aria-label="{search_conversations}" placeholder="{search_conversations}">
  <div id="kept-list" aria-live="polite"></div>
</dialog>
<div id="signed-out" role="alert" hidden><p>{signed_out} <a href="/login">{login}</a></p></div>
<div id="card" class="card" role="tooltip" hidden></div>
<div id="announcer" data-answer="{answer}" class="unseen" role="log" aria-live="polite"></div>
"""


def build_page(language: str, describe: Callable[[str], Holdings], answering: Answering) -> gr.Blocks:
    """The page in `language`; `describe` is asked at every load, so that a reload shows what was added."""
    holdings = describe(language)
    with (
        unserved(),
        gr.Blocks(title=text("page_title", language), analytics_enabled=False, fill_width=True) as page,
    ):
        conversation = gr.State(Conversation())
        with gr.Row(elem_id="masthead"):
            masthead = _plain_html(masthead_html(holdings, language), "archive")
            new = gr.Button(text("new_conversation", language), elem_id="new", size="sm", scale=0)
        with gr.Column(elem_id="conversation"):
            welcome = _plain_html(welcome_html(holdings, language), "welcome")
            finished = _plain_html("", "finished")
            live = _plain_html("", "live")
        with gr.Column(elem_id="composer"), gr.Column(elem_id="box"):
            question = gr.Textbox(
                label=text("question", language),
                placeholder=text("question_placeholder", language),
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                elem_id="question-box",
                autofocus=True,
            )
            with gr.Row(elem_id="asking"):
                filter_language = gr.Radio(
                    _languages(holdings, language),
                    value=_ALL,
                    label=text("filter", language),
                    elem_id="filter",
                    container=False,
                )
                more_filters = _plain_html(filters_html(holdings, language), "filters")
                send = gr.Button(text("ask", language), variant="primary", elem_id="send", scale=0)
                stop = gr.Button(text("stop", language), elem_id="stop", scale=0, visible=False)
        _plain_html(_panel(language), "panel")
        sent = gr.Textbox(visible="hidden", elem_id="sent")
        again = gr.Button(visible="hidden", elem_id="again")
        reopen = gr.Button(visible="hidden", elem_id="reopen")

        def show_holdings(request: gr.Request) -> tuple[Any, ...]:
            now = describe(language)
            masthead = masthead_html(now, language, identity_of(request.request))
            languages = gr.Radio(_languages(now, language))
            return masthead, welcome_html(now, language), languages, filters_html(now, language)

        def show_conversation(sent: str, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
            answering.open(conversation, read_identity(sent), owner_of(request.request))
            return _finished(conversation, language) if conversation.turns else _UNCHANGED

        def ask(
            asked: str, conversation: Conversation, code: str, sent: str, request: gr.Request
        ) -> Iterator[tuple[Any, ...]]:
            if not asked.strip():
                yield _UNCHANGED
                return
            answering.open(conversation, read_identity(sent), owner_of(request.request))
            turn = Turn(asked, filters=read_filters(sent, None if code == _ALL else code))
            yield from draw(conversation, answering.answer(conversation, turn), box="")

        def ask_again(sent: str, conversation: Conversation, request: gr.Request) -> Iterator[tuple[Any, ...]]:
            answering.open(conversation, read_identity(sent), owner_of(request.request))
            repeat = read_repeat(sent)
            if repeat is None or not 0 <= repeat.position < len(conversation.turns):
                yield _UNCHANGED
                return
            turn = repeated(conversation.turns[repeat.position], repeat)
            yield from draw(conversation, answering.answer(conversation, turn, repeat.position))

        def draw(
            conversation: Conversation, positions: Iterator[int], *, box: Any = _SKIP
        ) -> Iterator[tuple[Any, ...]]:
            """The turn as it grows; those before it are drawn once, and the box is emptied once."""
            is_first = True
            for position in positions:
                turns = conversation.turns
                if position >= len(turns):  # begun anew meanwhile
                    return
                if turns[position].has_ended:
                    yield _finished(conversation, language)
                else:
                    before = conversation_html(turns[:position], language) if is_first else _SKIP
                    growing = conversation_html(turns[position:], language, position)
                    yield (box if is_first else _SKIP, before, growing, *_buttons(is_asking=True))
                is_first = False

        def stop_answer(conversation: Conversation) -> tuple[Any, ...]:
            answering.cut_short(conversation, "stopped")
            return _finished(conversation, language)

        def fail_answer(conversation: Conversation) -> tuple[Any, ...]:
            answering.cut_short(conversation, "failed", text("failed_inside", language))
            return _finished(conversation, language)

        def begin_anew(conversation: Conversation) -> tuple[Any, ...]:
            answering.cut_short(conversation, "stopped")
            conversation.clear()
            return ("", "", "", *_buttons(is_asking=False))

        shown = [question, finished, live, send, stop]
        page.load(
            show_holdings, None, [masthead, welcome, filter_language, more_filters], api_name="holdings", **_QUIET
        )
        # The page clicks `reopen` where its conversation has not come: Gradio may lose the first event of a page.
        gr.on(
            [page.load, reopen.click],
            show_conversation,
            [sent, conversation],
            shown,
            api_name="open",
            js=_TAKE_IDENTITY,
            **_QUIET,
        )
        asking = gr.on(
            [question.submit, send.click],
            ask,
            [question, conversation, filter_language, sent],
            shown,
            api_name="ask",
            js=_TAKE_FILTERS,
            **_ANSWERING,
        )
        asking_again = again.click(
            ask_again, [sent, conversation], shown, api_name="ask_again", js=_TAKE_SENT, **_ANSWERING
        )
        for event in (asking, asking_again):
            event.failure(fail_answer, conversation, shown, api_name="fail", **_QUIET)
        ending = {"cancels": [asking, asking_again], "queue": False, **_QUIET}
        add_answer_endpoint(answering, concurrency_limit=_ANSWERS_AT_ONCE, concurrency_id="answer")
        stop.click(stop_answer, conversation, shown, api_name="stop", **ending)
        new.click(begin_anew, conversation, shown, api_name="begin_anew", **ending)
    page.queue(max_size=_WAITING_AT_MOST)
    return page


def theme() -> gr.themes.Base:
    """Gradio's plain theme with the fonts of the reader's own system; the colours are in chat.css."""
    return gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace"],
    )


# What the handlers return, in the order of `shown`: question, finished, live, send, stop.


def _finished(conversation: Conversation, language: str) -> tuple[Any, ...]:
    return (_SKIP, conversation_html(conversation.turns, language), "", *_buttons(is_asking=False))


def _buttons(*, is_asking: bool) -> tuple[gr.Button, gr.Button]:
    return gr.Button(visible=not is_asking), gr.Button(visible=is_asking)


def _panel(language: str) -> str:
    said = (
        "close to_quote loading_source source_unreachable source answer edit_label ask cancel conversations "
        "search_conversations rename_label unreachable citation_wrong marked_wrong signed_out login copied copy_failed"
    )
    texts = {key: text(key, language) for key in said.split()}
    note = note_html("source-note", language)
    number = text("source_number", language, number="#")
    return _PANEL.format(source_number=number, note_of_citation=note, **texts)


def _languages(holdings: Holdings, language: str) -> list[tuple[str, str]]:
    """The choices of the filter, as (label, value)."""
    codes = dict.fromkeys(("en", "fr", *holdings.languages[:_LANGUAGES_OFFERED]))
    named = [(language_name(code, language).capitalize(), code) for code in codes]
    return [(text("filter_all", language), _ALL), *named]


def _plain_html(markup: str, identity: str) -> gr.HTML:
    """HTML as it is: Gradio's default template, no script and no style of Gradio's own."""
    return gr.HTML(markup, elem_id=identity, js_on_load=None, apply_default_css=False)
