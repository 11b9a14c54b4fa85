"""Places for answers: taken in turn, given back however an answer ends, refused where too many wait."""

from __future__ import annotations

import asyncio

import pytest

from ui.limits import AnswerPlaces, TooBusy


def test_who_waits_gets_a_place_in_turn_and_who_comes_after_is_refused() -> None:
    async def run() -> list[str]:
        places, order = AnswerPlaces(at_once=1, waiting=2), []

        async def ask(name: str) -> None:
            async with places.place():
                order.append(name)

        await places.take()
        waiting = [asyncio.create_task(ask(name)) for name in ("first", "second")]
        await asyncio.sleep(0)
        assert (places.taken, places.waiting) == (1, 2)
        with pytest.raises(TooBusy, match="2 questions wait"):
            await places.take()
        assert order == []
        places.leave()
        await asyncio.gather(*waiting)
        assert (places.taken, places.waiting) == (0, 0)
        return order

    assert asyncio.run(run()) == ["first", "second"]


def test_neither_a_failed_answer_nor_one_given_up_keeps_its_place() -> None:
    async def run() -> None:
        places = AnswerPlaces(at_once=1, waiting=1)
        with pytest.raises(ValueError, match="failed"):
            async with places.place():
                raise ValueError("failed")
        await places.take()
        given_up = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        places.leave()
        await places.take()
        assert (places.taken, places.waiting) == (1, 0)

    asyncio.run(run())
