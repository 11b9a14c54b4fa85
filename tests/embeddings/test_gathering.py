"""Many threads' items through one function."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from embeddings.gathering import Gathering


def test_what_waits_while_the_function_is_busy_goes_in_together() -> None:
    entered, go_on = threading.Event(), threading.Event()
    calls: list[list[int]] = []

    def run(numbers: list[int]) -> list[int]:
        calls.append(numbers)
        if numbers == [0]:
            entered.set()
            assert go_on.wait(20)
        return [10 * number for number in numbers]

    gathering = Gathering(run, places=1, most=4)
    with ThreadPoolExecutor(7) as pool:
        first = pool.submit(gathering, 0)
        assert entered.wait(20)
        others = [pool.submit(gathering, number) for number in range(1, 7)]
        while len(gathering._waiting) < 6:
            threading.Event().wait(0.01)
        go_on.set()
        assert [first.result(20), *(other.result(20) for other in others)] == [0, 10, 20, 30, 40, 50, 60]
    assert [len(call) for call in calls] == [1, 4, 2]
    assert sorted(number for call in calls for number in call) == list(range(7))


def test_no_more_run_at_once_than_there_are_places() -> None:
    running: list[int] = []
    most: list[int] = []
    guard = threading.Lock()

    def run(numbers: list[int]) -> list[int]:
        with guard:
            running.append(1)
            most.append(len(running))
        threading.Event().wait(0.002)
        with guard:
            running.pop()
        return numbers

    gathering = Gathering(run, places=2, most=3)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(gathering, range(100))) == list(range(100))
    assert max(most) <= 2


def test_a_failure_reaches_whoever_asked_and_nobody_after() -> None:
    def run(numbers: list[int]) -> list[int]:
        if 0 in numbers:
            raise ZeroDivisionError
        return numbers

    gathering = Gathering(run, places=1, most=4)
    with pytest.raises(ZeroDivisionError):
        gathering(0)
    assert gathering(1) == 1
