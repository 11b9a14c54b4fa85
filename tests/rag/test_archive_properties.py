"""However an archive came to its content, it holds and finds the same as one built at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.archive import Archive
from rag.records import Article
from tests.rag.comparing import contents, findings
from tests.rag.invented import articles, changed

POOL = articles(24, seed=9, sentences=10)
NUMBERS = st.lists(st.integers(0, len(POOL) - 1), min_size=1, max_size=8, unique=True)
STEPS = st.one_of(
    st.tuples(st.just("add"), NUMBERS),
    st.tuples(st.just("change"), NUMBERS),
    st.tuples(st.just("remove"), NUMBERS),
    st.tuples(st.just("reopen"), NUMBERS),
)


@given(steps=st.lists(STEPS, min_size=1, max_size=6), commit_seconds=st.sampled_from([0.0, 5.0]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_archive_changed_step_by_step_equals_one_built_at_once(
    steps: list[tuple[str, list[int]]], commit_seconds: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        grown = Archive.open(Path(folder) / "grown", encoder="hashing-64")
        expected: dict[str, Article] = {}
        for place, (kind, numbers) in enumerate(steps):
            if kind in ("add", "change"):
                chosen = [changed(POOL[number], place) if kind == "change" else POOL[number] for number in numbers]
                report = grown.add(chosen, commit_seconds=commit_seconds)
                assert len(report.added) + len(report.updated) + len(report.unchanged) + len(report.duplicates) == len(
                    chosen
                )
                expected |= {article.id: article for article in chosen}
            elif kind == "remove":
                gone = [POOL[number].id for number in numbers if POOL[number].id in expected]
                grown.remove(gone)
                expected = {id_: article for id_, article in expected.items() if id_ not in gone}
            else:
                grown.close()
                grown = Archive.open(Path(folder) / "grown")
        with Archive.open(Path(folder) / "whole", encoder="hashing-64") as whole:
            whole.add(expected.values())
            assert contents(grown) == contents(whole)
            assert findings(grown) == findings(whole)
        assert grown.verify() == []
        grown.close()


@given(numbers=NUMBERS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_adding_does_not_matter(numbers: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        chosen = [POOL[number] for number in numbers]
        with (
            Archive.open(Path(folder) / "one", encoder="hashing-64") as one,
            Archive.open(Path(folder) / "other", encoder="hashing-64") as other,
        ):
            one.add(chosen)
            other.add(chosen[::-1])
            assert contents(one) == contents(other)
            assert findings(one) == findings(other)


@given(kept=NUMBERS, passing=NUMBERS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_adding_then_removing_leaves_what_was_there(kept: list[int], passing: list[int]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive", encoder="hashing-64") as archive,
    ):
        archive.add([POOL[number] for number in kept])
        before = contents(archive), findings(archive)
        guests = [POOL[number] for number in passing if number not in kept]
        archive.add(guests)
        archive.remove([guest.id for guest in guests])
        assert (contents(archive), findings(archive)) == before
        assert archive.verify() == []
