"""The arguments of `gazette eval`: what is measured, on which questions, by which systems."""

from __future__ import annotations

import argparse

from ui.cli.options import Commands, add_command, add_json, add_setting, positive

__all__ = ["add_evaluation_commands"]


def add_evaluation_commands(commands: Commands) -> None:
    evaluate = commands.add_parser("eval", help="measure how well finding and answering work")
    evaluations = evaluate.add_subparsers(dest="evaluation", metavar="WHAT", required=True)
    retrieval = evaluations.add_parser(
        "retrieval",
        help="measure the archive's search on questions whose articles are known",
        description="Asks each question of each folder, measures what is found, and saves runs and a report.",
    )
    retrieval.add_argument(
        "--system",
        default="hybrid",
        metavar="NAME,…",
        help="hybrid, dense, lexical or no-gloss, or several by commas to compare with the first (default: hybrid)",
    )
    answers = evaluations.add_parser(
        "answers",
        help="measure answers, citations and refusals on questions whose answers are known",
        description="Asks each question as anybody does, measures the answers, and saves runs and a report.",
    )
    answers.add_argument(
        "--system",
        metavar="NAME,…",
        help="extractive, model (with --model), uncompleted or undated, or several by commas to compare with the first",
    )
    add_setting(answers, "model")
    add_setting(answers, "support_model")
    answers.add_argument(
        "--claims",
        metavar="FILE",
        help="also judge the support check on these labelled claims about the articles; alone, without --questions",
    )
    answers.add_argument("--strict", action="store_true", help="leave out the sentences that nothing found bears out")
    answers.add_argument(
        "--hide-stories",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="hide so large a share of the stories asked about, drawn by the seed: refusing them is right (0.4, say)",
    )
    for command in (retrieval, answers):
        command.add_argument(
            "folders", nargs="*", metavar="FOLDER", help="BEIR folders, or archives or articles (with --questions)"
        )
        command.add_argument("--sample", action="store_true", help="measure on the sample articles and their questions")
        command.add_argument("--questions", metavar="FILE", help="the questions to ask, one JSON object a line")
        command.add_argument(
            "--with",
            dest="others",
            action="append",
            default=[],
            metavar="RUN|FILE",
            help="also compare this saved run, or this TREC run of another program; may be repeated",
        )
        add_setting(command, "encoder")
    compare = evaluations.add_parser(
        "compare",
        help="compare saved runs",
        description="Reports saved runs side by side; the first of those on the same questions is the baseline.",
    )
    compare.add_argument("runs", nargs="+", metavar="RUN|FILE", help="folders of saved runs, or TREC runs beside them")
    for command, folder in ((retrieval, "evaluation"), (answers, "evaluation"), (compare, "evaluation/comparison")):
        command.add_argument(
            "--out", default=folder, metavar="DIR", help=f"where runs and the report are saved (default: {folder})"
        )
        command.add_argument("--gate", metavar="RUN", help="status 1 if significantly worse than this saved run")
    questions = add_command(evaluations, "questions", "draft a question set from an archive, to be edited by hand")
    questions.add_argument("file", metavar="FILE", help="the questions file to write")
    questions.add_argument("--count", type=positive, default=40, metavar="N", help="how many at most (default: 40)")
    questions.add_argument(
        "--from-feedback",
        action="store_true",
        help="instead of drafting: what readers of the web chat said of its answers, those they liked as questions",
    )
    add_setting(questions, "model")
    _add_speed(evaluations)
    for command in (retrieval, answers, compare, questions):
        command.add_argument("--seed", type=int, default=0, metavar="N", help="of everything drawn (default: 0)")
    for command in (retrieval, answers, compare):
        add_json(command)


def _add_speed(evaluations: Commands) -> None:
    speed = evaluations.add_parser(
        "speed",
        help="measure how fast adding, asking and starting are, beside other programs and at any size",
        description="Makes archives of the sizes given, measures the parts asked for, and saves figures and a page.",
    )
    speed.add_argument(
        "--part",
        metavar="NAME,…",
        help="add, ask, start, growth, encode or limit, or several by commas (default: all of them)",
    )
    speed.add_argument(
        "--sizes",
        type=_sizes,
        default=(10_000,),
        metavar="N,…",
        help="chunks of the archives; add takes the smallest (default: 10000)",
    )
    speed.add_argument("--rounds", type=positive, default=5, metavar="N", help="rounds of start, encode (default: 5)")
    speed.add_argument("--count", type=positive, default=200, metavar="N", help="questions asked (default: 200)")
    speed.add_argument(
        "--peers-python",
        metavar="FILE",
        help="the Python of an environment with LangChain, LlamaIndex and txtai; without it Gazette adds alone",
    )
    speed.add_argument(
        "--archives", default=".cache/bench", metavar="DIR", help="where archives are kept (default: .cache/bench)"
    )
    speed.add_argument(
        "--out", default="evaluation/speed", metavar="DIR", help="where figures are saved (default: evaluation/speed)"
    )
    add_json(speed)


def _sizes(written: str) -> tuple[int, ...]:
    sizes = written.replace(" ", "").split(",")
    if not all(size.isdecimal() and 100 <= int(size) <= 10_000_000 for size in sizes):
        raise argparse.ArgumentTypeError(f"«{written}» are no numbers of chunks from 100 to 10000000 by commas")
    return tuple(map(int, sizes))
