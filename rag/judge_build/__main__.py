"""`python -m rag.judge_build DATA TARGET --what answers|claims`: train one of the models, or measure it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from embeddings.errors import EncoderError
from rag.judge_build.command import (
    ANSWER_SETTINGS,
    CLAIM_SETTINGS,
    build_answers,
    build_claims,
    report_answers,
    report_claims,
)


def main() -> int:
    """Exit status 0, or 1 with one line of why."""
    parser = argparse.ArgumentParser(prog="python -m rag.judge_build", description=(__doc__ or "").split(": ", 1)[1])
    parser.add_argument("data", type=Path, help="folder of open data, with reading/, inference/ and parallel/")
    parser.add_argument("target", type=Path, help="where to write the weights, such as answers.npz")
    parser.add_argument("--what", choices=("answers", "claims"), required=True, help="which model to train")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same gives the same weights on one machine (default 1)"
    )
    parser.add_argument("--epochs", type=int, help="passes over the data")
    parser.add_argument("--measure", action="store_true", help="train nothing, measure the weights in TARGET")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    arguments = parser.parse_args()
    build, measure, settings = {
        "answers": (build_answers, report_answers, ANSWER_SETTINGS),
        "claims": (build_claims, report_claims, CLAIM_SETTINGS),
    }[arguments.what]
    settings = replace(
        settings, seed=arguments.seed, device=arguments.device, epochs=arguments.epochs or settings.epochs
    )

    def report(line: str) -> None:
        print(line, flush=True)

    try:
        if arguments.measure:
            measure(arguments.data, arguments.target, report)
        else:
            build(arguments.data, arguments.target, settings, report)
    except (OSError, ValueError, EncoderError) as error:
        print(f"Nothing was {'measured' if arguments.measure else 'trained'}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
