"""One function for each command: options in, output printed, exit status out.

What is printed of articles is cleared of control characters first, because a terminal obeys them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from rag import Archive, ArchiveInfo
from rag.errors import ArchiveError
from rag.records import AddReport, AskSettings, Filters, Record
from ui.cli.answer_text import answer_lines
from ui.cli.history_file import read_history_file
from ui.cli.progress import ProgressBar
from ui.cli.terminal_text import copies, described, outlet_date_language, place, shortened, shown
from ui.rendering.json_output import print_json

if TYPE_CHECKING:
    from ui.server.running import ServerSettings

__all__ = [
    "run_add",
    "run_ask",
    "run_chat",
    "run_conversations",
    "run_eval",
    "run_info",
    "run_keys",
    "run_list",
    "run_mcp",
    "run_reindex",
    "run_remove",
    "run_search",
    "run_serve",
    "run_show",
    "run_users",
    "run_verify",
]

# Beginnings of ids shorter than this are not taken for an id.
SHORTEST_PREFIX = 4


def run_add(options: argparse.Namespace) -> int:
    """Status 1 when an input failed; the rest is kept."""
    sources = list(options.sources)
    if options.sample:
        from rag.sample import sample_folder

        sources.append(str(sample_folder()))
    if not sources:
        print("gazette: nothing to add: give files, folders or addresses, or --sample.", file=sys.stderr)
        return 2
    with _archive(options, create=True) as archive, ProgressBar() as bar:
        report = archive.add(sources, progress=bar.show, allow_private_addresses=options.allow_private_addresses)
    if options.json:
        print_json(report)
    else:
        _print_report(report)
    return 1 if report.failed else 0


def run_ask(options: argparse.Namespace) -> int:
    """A refusal is an answer: status 0."""
    history = read_history_file(options.history) if options.history else None
    settings = AskSettings(strict=options.strict, reads_dates=not options.ignore_dates)
    with _archive(options) as archive:
        archive.prepare()
        from rag import Assistant  # what answers is loaded while the model is

        assistant = Assistant(archive, model=options.model, limit=options.limit, support_model=options.support_model)
        answer = assistant.ask(_question(options), history, filters=_filters(options), settings=settings)
    if options.json:
        print_json(answer)
    else:
        for line in answer_lines(answer, date.today()):
            print(line)
    return 0


def run_search(options: argparse.Namespace) -> int:
    with _archive(options) as archive:
        filters = _filters(options)
        passages = archive.search(
            _question(options),
            limit=options.limit,
            language=filters.language,
            source=filters.source,
            since=filters.since,
            until=filters.until,
        )
    if options.json:
        print_json(passages)
        return 0
    for passage in passages:
        print(f"{passage.rank}. {described(passage.article)}  ({passage.score:.2f})")
        print(f"   {shortened(passage.text)}")
        print(f"   {place(passage.article)}, characters {passage.start} to {passage.end}{copies(passage)}\n")
    if not passages:
        print("Nothing found: the archive has no article that passes the filters.")
    return 0


def run_list(options: argparse.Namespace) -> int:
    with _archive(options) as archive:
        summaries = archive.summaries(_filters(options))
    if options.json:
        print_json(summaries)
        return 0
    width = max((len(summary.id) for summary in summaries), default=0)
    outlet_width = min(24, max((len(summary.source or "—") for summary in summaries), default=0))
    for summary in summaries:
        day, language = summary.published or "—", summary.language or "—"
        outlet = shown(summary.source or "—")[:outlet_width]
        print(f"{summary.id:{width}}  {day!s:10}  {language:2}  {outlet:{outlet_width}}  {shown(summary.title)}")
    noun = "article" if len(summaries) == 1 else "articles"
    print(f"{len(summaries)} {noun}", file=sys.stderr)
    return 0


def run_show(options: argparse.Namespace) -> int:
    with _archive(options) as archive:
        article = archive.article(_full_ids(archive, [options.id])[0])
    assert article is not None  # its id was just found
    if options.json:
        print_json(article, with_article_text=True)
        return 0
    print(shown(article.title))
    print(" · ".join(filter(None, (shown(", ".join(article.authors)), outlet_date_language(article)))))
    print(f"{place(article)}\n\n{shown(article.text)}")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    with _archive(options) as archive:
        records = archive.remove(_full_ids(archive, options.ids))
    if options.json:
        print_json(records)
    else:
        for record in records:
            print(f"removed {record.article_id}  {shown(record.title or '')}")
    return 0


def run_info(options: argparse.Namespace) -> int:
    with _archive(options) as archive:
        info = archive.info()
    if options.json:
        print_json(info)
        return 0
    rows = {
        "archive": info.folder,
        "articles": f"{info.articles:,} ({info.near_copies:,} near copies)",
        "chunks": f"{info.chunks:,}",
        "languages": _counted(info.articles_by_language),
        "outlets": _counted(info.articles_by_source),
        "dates": f"{info.first_published} to {info.last_published}" if info.first_published else "none found",
        "encoder": f"{info.encoder} ({info.dimension} dimensions)" if info.encoder else "none yet",
        "dense index": _dense_index(info),
        "on disk": f"{_megabytes(info.store_bytes)} articles and vectors, {_megabytes(info.dense_bytes)} dense index, "
        f"{_megabytes(info.lexical_bytes)} lexical index",
        "state": f"format {info.format}, generation {info.generation}",
    }
    for name, value in rows.items():
        print(f"{name:11} {shown(value)}")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Status 1 when something is wrong."""
    with _archive(options) as archive:
        problems = archive.verify()
    if options.json:
        print_json(problems)
    else:
        print(
            "\n".join([*problems, f"{len(problems)} problems: run `gazette reindex`."]) if problems else "All is well."
        )
    return 1 if problems else 0


def run_reindex(options: argparse.Namespace) -> int:
    asked = options.encoder
    options.encoder = None  # the archive is opened by the encoder it has
    with _archive(options) as archive, ProgressBar() as bar:
        archive.reindex(encoder=asked, progress=bar.show)
    print("Both indexes are built anew.")
    return 0


def run_chat(options: argparse.Namespace) -> int:
    from ui.chat.application import run_chat as serve_chat

    serve_chat(
        options.archive,
        model=options.model,
        strict=options.strict,
        support_model=options.support_model,
        server=_server(options),
        open_browser=not options.no_browser,
    )
    return 0


def run_serve(options: argparse.Namespace) -> int:
    from ui.api.service import run_service

    run_service(
        options.archive,
        model=options.model,
        strict=options.strict,
        support_model=options.support_model,
        server=_server(options),
    )
    return 0


def run_mcp(options: argparse.Namespace) -> int:
    from ui.api.mcp_address import require_mcp

    require_mcp()
    if options.http:
        return run_serve(options)
    from ui.api.mcp_server import run_mcp as serve_mcp

    serve_mcp(
        options.archive,
        model=options.model,
        strict=options.strict,
        support_model=options.support_model,
        server=_server(options),
    )
    return 0


def run_users(options: argparse.Namespace) -> int:
    from ui.cli import account_commands

    return account_commands.run_users(options)


def run_keys(options: argparse.Namespace) -> int:
    from ui.cli import account_commands

    return account_commands.run_keys(options)


def run_conversations(options: argparse.Namespace) -> int:
    from ui.cli import account_commands

    return account_commands.run_conversations(options)


def run_eval(options: argparse.Namespace) -> int:
    """Status 1 when a gate is not passed."""
    from eval.command import run

    return run(options, ProgressBar())


def _server(options: argparse.Namespace) -> ServerSettings:
    from ui.server.running import ServerSettings

    return ServerSettings(
        options.host,
        options.port,
        options.answers_at_once,
        options.answers_waiting,
        options.accounts,
        needs_login=options.login,
        logs_requests=options.log_requests,
        logs_questions=options.log_questions,
        allows_sharing=options.sharing,
    )


def _archive(options: argparse.Namespace, *, create: bool = False) -> Archive:
    return Archive.open(
        options.archive,
        encoder=getattr(options, "encoder", None),
        create=create,
        lock_timeout_seconds=getattr(options, "lock_timeout", 0),
    )


def _question(options: argparse.Namespace) -> str:
    return sys.stdin.read() if options.question == "-" else str(options.question)


def _filters(options: argparse.Namespace) -> Filters:
    return Filters(options.language, options.source, options.since, options.until)


def _full_ids(archive: Archive, written: Iterable[str]) -> list[str]:
    """The ids that were meant: as written, or the one id that begins so."""
    ids = [summary.id for summary in archive.summaries()]
    full: list[str] = []
    for start in written:
        fitting = [start] if start in ids else [id_ for id_ in ids if id_.startswith(start)]
        if len(start) < SHORTEST_PREFIX and start not in ids:
            fitting = []
        if len(fitting) > 1:
            raise ArchiveError(f"«{start}» begins {len(fitting)} ids ({', '.join(fitting[:3])}…): write more of it.")
        if not fitting:
            raise ArchiveError(f"No article has the id «{shown(start)}»: see `gazette list` for the ids.")
        full += fitting
    return full


def _print_report(report: AddReport) -> None:
    for record in report.duplicates:
        print(f"near copy  {shown(record.origin)}: {shown(record.reason)}")
    for record in report.failed:
        print(f"failed     {shown(record.origin)}: {shown(record.reason)}", file=sys.stderr)
    counts: dict[str, list[Record]] = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "near copies": report.duplicates,
        "failed": report.failed,
    }
    print(", ".join(f"{len(records):,} {name}" for name, records in counts.items() if records) or "Nothing was found.")


def _counted(counts: dict[str | None, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))
    return ", ".join(f"{name or 'not stated'} {count:,}" for name, count in ranked) or "none"


def _dense_index(info: ArchiveInfo) -> str:
    if info.recall is None or info.recall_chunks is None:
        return "none yet" if info.dense_kind is None else "damaged: see `gazette verify`"
    if info.dense_kind == "exact":
        return "exact"
    return f"in lists, recall@10 {info.recall:.3f} against exact search, measured at {info.recall_chunks:,} chunks"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
