"""The chat page in one language, as Gradio blocks: what stands where, and what happens on which event.

The conversation is drawn by us in two HTML blocks, the finished turns and the one being written, because
Gradio's own chat component fetches images that an article names and has no place for citations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.records import Filters
from ui.conversation import Turn, converse, ended
from ui.holdings import Holdings
from ui.rendering import conversation_html, empty_archive_html, masthead_html, turn_html, welcome_html
from ui.texts import language_name, text

if TYPE_CHECKING:
    from rag import Assistant

__all__ = ["build_page", "theme"]

# Each answer holds one thread; more at once would only share the same cores.
_ANSWERS_AT_ONCE = 4
_WAITING_AT_MOST = 64
_LANGUAGES_OFFERED = 5
_ALL = "all"
_UNCHANGED = (gr.skip(),) * 6
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

_PANEL = """
<dialog id="source" class="source" aria-labelledby="source-title"
  data-loading="{loading_source}" data-unreachable="{source_unreachable}" data-number="{source_number}"
  data-article="{source}">
  <div class="source-bar">
    <span class="source-label"></span>
    <button type="button" class="to-quote" hidden>{to_quote}</button>
    <button type="button" class="close" aria-label="{close}"><span aria-hidden="true">×</span></button>
  </div>
  <div class="source-body" tabindex="-1"></div>
</dialog>
<div id="card" class="card" role="tooltip" hidden></div>
<div id="announcer" data-answer="{answer}" class="unseen" role="log" aria-live="polite"></div>
"""


def build_page(
    language: str,
    describe: Callable[[str], Holdings],
    open_assistant: Callable[[], Assistant],
    is_ready: Callable[[], bool],
) -> gr.Blocks:
    """The page in `language`; `describe` is asked at every load, so that a reload shows what was added.

    `is_ready` says whether `open_assistant` returns at once; until then the reader is told of the wait.
    """
    holdings = describe(language)
    with gr.Blocks(title=text("page_title", language), analytics_enabled=False, fill_width=True) as page:
        turns = gr.State(())
        with gr.Row(elem_id="masthead"):
            masthead = gr.HTML(_masthead(holdings, language), js_on_load=None, apply_default_css=False)
            new = gr.Button(text("new_conversation", language), elem_id="new", size="sm", scale=0)
        with gr.Column(elem_id="conversation"):
            finished = gr.HTML(
                _welcome(holdings, language), elem_id="finished", js_on_load=None, apply_default_css=False
            )
            live = gr.HTML("", elem_id="live", js_on_load=None, apply_default_css=False)
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
                filter_language = _language_filter(holdings, language)
                send = gr.Button(text("ask", language), variant="primary", elem_id="send", scale=0)
                stop = gr.Button(text("stop", language), elem_id="stop", scale=0, visible=False)
        gr.HTML(_panel(language), elem_id="panel", js_on_load=None, apply_default_css=False)

        def show_holdings() -> tuple[Any, ...]:
            now = describe(language)
            return _masthead(now, language), _welcome(now, language), _language_filter(now, language)

        def answer(asked: str, earlier: tuple[Turn, ...], code: str) -> Iterator[tuple[Any, ...]]:
            if not asked.strip():
                yield _UNCHANGED
                return
            turn = Turn(asked, "searching" if is_ready() else "loading")
            yield _growing("", turn, earlier, language)
            filters = Filters(language=None if code == _ALL else code)
            for turn in converse(open_assistant, asked, earlier, filters):
                yield _growing(gr.skip(), turn, earlier, language)
            yield _finished(turn, earlier, language)

        def stop_answer(kept: tuple[Turn, ...]) -> tuple[Any, ...]:
            return _finished(ended(kept[-1], "stopped"), kept[:-1], language) if kept else _UNCHANGED

        def fail_answer(kept: tuple[Turn, ...]) -> tuple[Any, ...]:
            reason = text("failed_inside", language)
            return _finished(ended(kept[-1], "failed", reason), kept[:-1], language) if kept else _UNCHANGED

        def begin_anew() -> tuple[Any, ...]:
            return ("", _welcome(describe(language), language), "", (), *_buttons(is_asking=False))

        shown = [question, finished, live, turns, send, stop]
        page.load(show_holdings, None, [masthead, finished, filter_language], api_name="holdings", **_QUIET)
        asking = gr.on(
            [question.submit, send.click],
            answer,
            [question, turns, filter_language],
            shown,
            api_name="ask",
            trigger_mode="once",
            concurrency_limit=_ANSWERS_AT_ONCE,
            **_QUIET,
        )
        asking.failure(fail_answer, turns, shown, api_name="fail", **_QUIET)
        stop.click(stop_answer, turns, shown, api_name="stop", cancels=asking, queue=False, **_QUIET)
        new.click(begin_anew, None, shown, api_name="begin_anew", cancels=asking, queue=False, **_QUIET)
    page.queue(max_size=_WAITING_AT_MOST)
    return page


def theme() -> gr.themes.Base:
    """Gradio's plain theme with the fonts of the reader's own system; the colours are in chat.css."""
    return gr.themes.Base(
        font=[
            "system-ui",
            "-apple-system",
            "Segoe UI",
            "Roboto",
            "Noto Sans",
            "Liberation Sans",
            "sans-serif",
        ],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace"],
    )


# What the handlers return, in the order of `shown`: question, finished, live, turns, send, stop.


def _growing(box: Any, turn: Turn, earlier: tuple[Turn, ...], language: str) -> tuple[Any, ...]:
    """The turn in the live block, the earlier ones in the finished one (in place of the welcome)."""
    drawn = turn_html(turn, len(earlier), language)
    finished = conversation_html(earlier, language) if box == "" else gr.skip()
    return (box, finished, drawn, (*earlier, turn), *_buttons(is_asking=True))


def _finished(turn: Turn, earlier: tuple[Turn, ...], language: str) -> tuple[Any, ...]:
    turns = (*earlier, turn)
    return (gr.skip(), conversation_html(turns, language), "", turns, *_buttons(is_asking=False))


def _buttons(*, is_asking: bool) -> tuple[gr.Button, gr.Button]:
    return gr.Button(visible=not is_asking), gr.Button(visible=is_asking)


def _panel(language: str) -> str:
    said = ("close", "to_quote", "loading_source", "source_unreachable", "source", "answer")
    texts = {key: text(key, language) for key in said}
    return _PANEL.format(source_number=text("source_number", language, number="#"), **texts)


def _masthead(holdings: Holdings, language: str) -> str:
    return masthead_html(holdings.name, holdings.counts, language)


def _welcome(holdings: Holdings, language: str) -> str:
    if holdings.fill_command is not None:
        return empty_archive_html(holdings.fill_command, language)
    return welcome_html(holdings.examples, holdings.latest, language)


def _language_filter(holdings: Holdings, language: str) -> gr.Radio:
    codes = dict.fromkeys(("en", "fr", *holdings.languages[:_LANGUAGES_OFFERED]))
    named = [(language_name(code, language).capitalize(), code) for code in codes]
    return gr.Radio(
        [(text("filter_all", language), _ALL), *named],
        value=_ALL,
        label=text("filter", language),
        elem_id="filter",
        container=False,
    )
