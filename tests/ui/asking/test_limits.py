"""Places for answers: taken in turn, given back however an answer ends, refused where too many wait."""

from __future__ import annotations

import asyncio

import pytest

from ui.asking.limits import AnswerPlaces, Asker, Ending, ReaderGone, TooBusy


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


def test_who_asks_much_is_served_no_sooner_than_who_asks_once() -> None:
    assert served_in_turn(["ada", "ada", "ada", "bob", "bob", "cy"], waiting=6) == [
        "ada",
        "bob",
        "cy",
        "ada",
        "bob",
        "ada",
    ]


def test_where_the_room_is_full_the_longest_line_gives_way() -> None:
    asked = ["ada", "ada", "ada", "bob", "cy", "ada", "cy", "bob"]
    refused = ["ada refused", "ada refused", "cy refused", "bob refused"]
    assert served_in_turn(asked, waiting=4) == [*refused, "ada", "bob", "cy", "ada"]


def test_whose_turn_comes_just_as_it_is_given_up_passes_it_on() -> None:
    async def run() -> None:
        places = AnswerPlaces(at_once=1, waiting=2)
        await places.take()
        given_up, next_in_turn = asyncio.create_task(places.take()), asyncio.create_task(places.take())
        await asyncio.sleep(0)
        places.leave()
        given_up.cancel()
        await next_in_turn
        assert given_up.cancelled()
        given_up = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        given_up.cancel()
        places.leave()
        await places.take()
        assert (places.taken, places.waiting) == (1, 0)

    asyncio.run(run())


def test_who_has_gone_takes_no_place_when_the_turn_comes() -> None:
    async def has_gone() -> bool:
        return True

    async def run() -> None:
        places = AnswerPlaces(at_once=1, waiting=2)
        await places.take()
        gone, next_in_turn = asyncio.create_task(places.take(Asker("", has_gone))), asyncio.create_task(places.take())
        await asyncio.sleep(0)
        places.leave()
        with pytest.raises(ReaderGone):
            await gone
        await next_in_turn
        assert (places.taken, places.waiting) == (1, 0)

    asyncio.run(run())


def test_a_server_that_ends_begins_no_answer_and_tells_who_waits() -> None:
    async def run() -> None:
        places = AnswerPlaces(at_once=1, waiting=2)
        await places.take()
        waiting = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        places.end()
        for asked in (waiting, places.take()):
            with pytest.raises(Ending, match="ask again in 2 seconds"):
                await asked
        assert places.taken == 1
        places.leave()
        assert (places.taken, places.waiting) == (0, 0)

    asyncio.run(run())


def served_in_turn(askers: list[str], *, waiting: int) -> list[str]:
    """Who is served in which order, all asking while the one place is taken; who is refused, at the moment of that."""

    async def run() -> list[str]:
        places, order = AnswerPlaces(at_once=1, waiting=waiting), []

        async def ask(asker: str) -> None:
            try:
                async with places.place(Asker(asker)):
                    order.append(asker)
            except TooBusy:
                order.append(f"{asker} refused")

        await places.take()
        asked = []
        for asker in askers:
            asked.append(asyncio.create_task(ask(asker)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        places.leave()
        await asyncio.gather(*asked)
        return order

    return asyncio.run(run())
