"""The address that is listened on."""

from __future__ import annotations

import asyncio
import socket

import pytest

from rag.errors import GazetteError
from ui.server.running import listen


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_is_sent_to_a_reader_waits_for_no_receipt(host: str) -> None:
    """Held back by Nagle's algorithm, the body of an answer on a kept connection comes 40 ms after its head."""

    async def option() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(accepted, sock=listener.socket)
        async with server:
            _, writer = await asyncio.open_connection(*listener.socket.getsockname()[:2])
            value = await asyncio.wait_for(found, 10)
            writer.close()
            return value

    try:
        listener = listen(host, 0)
    except GazetteError:
        pytest.skip(f"{host} is no address of this machine")
    assert asyncio.run(option())


def test_an_address_that_is_taken_is_told_with_the_way_out() -> None:
    listener = listen("127.0.0.1", 0)
    with listener.socket, pytest.raises(GazetteError, match="choose another --port"):
        listen("127.0.0.1", listener.socket.getsockname()[1])
