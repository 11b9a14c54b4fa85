"""The commands that fill and keep an archive: options in, output printed, exit status out.

What is printed of articles is cleared of control characters first, because a terminal obeys them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from rag import Archive, ArchiveInfo
from rag.errors import ArchiveError
from rag.records import AddReport, Filters, Record
from ui.cli.progress import ProgressBar
from ui.cli.terminal_text import outlet_date_language, place, shown
from ui.rendering.json_output import print_json

__all__ = [
    "filters_of",
    "open_archive",
    "run_add",
    "run_info",
    "run_list",
    "run_reindex",
    "run_remove",
    "run_show",
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
    with open_archive(options, create=True) as archive, ProgressBar() as bar:
        report = archive.add(sources, progress=bar.show, allow_private_addresses=options.allow_private_addresses)
    if options.json:
        print_json(report)
    else:
        _print_report(report)
    return 1 if report.failed else 0


def run_list(options: argparse.Namespace) -> int:
    with open_archive(options) as archive:
        summaries = archive.summaries(filters_of(options))
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
    with open_archive(options) as archive:
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
    with open_archive(options) as archive:
        records = archive.remove(_full_ids(archive, options.ids))
    if options.json:
        print_json(records)
    else:
        for record in records:
            print(f"removed {record.article_id}  {shown(record.title or '')}")
    return 0


def run_info(options: argparse.Namespace) -> int:
    with open_archive(options) as archive:
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
        "sentences": _sentences(info),
        "on disk": f"{_megabytes(info.store_bytes)} articles and vectors, {_megabytes(info.dense_bytes)} dense index, "
        f"{_megabytes(info.lexical_bytes)} lexical index",
        "state": f"format {info.format}, generation {info.generation}",
    }
    for name, value in rows.items():
        print(f"{name:11} {shown(value)}")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Status 1 when something is wrong."""
    with open_archive(options) as archive:
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
    with open_archive(options) as archive, ProgressBar() as bar:
        archive.reindex(encoder=asked, progress=bar.show)
    print("Both indexes are built anew.")
    return 0


def open_archive(options: argparse.Namespace, *, create: bool = False) -> Archive:
    """The archive that is meant, opened by the encoder and with the patience that are asked for."""
    return Archive.open(
        options.archive,
        encoder=getattr(options, "encoder", None),
        create=create,
        lock_timeout_seconds=getattr(options, "lock_timeout", 0),
    )


def filters_of(options: argparse.Namespace) -> Filters:
    """Which articles count."""
    return Filters(options.language, options.source, options.since, options.until)


def _full_ids(archive: Archive, written: Iterable[str]) -> list[str]:
    """The ids that were meant: as written, or the one id that begins so."""
    full: list[str] = []
    for start in written:
        fitting = archive.ids_beginning(start)
        if start in fitting:
            fitting = [start]
        elif len(start) < SHORTEST_PREFIX:
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


def _sentences(info: ArchiveInfo) -> str:
    if info.encoder is None:
        return "none yet"
    if info.chunks_with_sentences == info.chunks:
        return "kept as the encoder read them"
    kept = f"kept of {info.chunks_with_sentences:,} chunks, of others encoded for each answer"
    return f"{kept}: `gazette reindex` keeps all that the encoder can"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
