"""`python -m embeddings.gloss_build PAIRS_FOLDER TABLE`: build the gloss table and say what it took."""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path

from embeddings.gloss_build.command import build


def main() -> int:
    """Exit status 0, or 1 with one line of why."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.gloss_build", description=__doc__)
    parser.add_argument("pairs", type=Path, help="folder of tatoeba.tsv.gz, laws.tsv.gz …: lines of english TAB french")
    parser.add_argument("table", type=Path, help="where to write the table, such as embeddings/data/gloss.tsv.gz")
    arguments = parser.parse_args()
    try:
        report = build(arguments.pairs, arguments.table)
    except (OSError, ValueError) as error:
        print(f"The table was not built: {error}", file=sys.stderr)
        return 1
    for name, count in report.pairs_by_source.items():
        print(f"{name:12} {count:8,} pairs")
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{report.words:,} words and {report.phrases:,} phrases in {report.bytes:,} bytes: {arguments.table}")
    print(f"{report.seconds:.0f} seconds, {peak_gib:.1f} GiB at most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
