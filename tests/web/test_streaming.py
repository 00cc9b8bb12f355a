import asyncio
from collections.abc import Generator

from starlette.types import Message

from traumbox.web.streaming import ByteStream, gathered

PIECES = [b"one", b"two", b"three"]


class Decoder:
    """Yields pieces for ever, and knows whether it was closed."""

    def __init__(self) -> None:
        self.is_open = True
        self.read = 0

    def pieces(self) -> Generator[bytes, None, None]:
        try:
            while True:
                self.read += 1
                yield b"x"
        finally:
            self.is_open = False


def test_a_listener_who_leaves_closes_the_decoder() -> None:
    decoder = Decoder()
    sent: list[Message] = []
    gone = asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 10:
            gone.set()
        await asyncio.sleep(0)

    stream = ByteStream(200, {}, b"first", decoder.pieces())
    asyncio.run(stream({"type": "http", "path": "/stream/x"}, receive, send))
    assert not decoder.is_open
    assert sent[1]["body"] == b"first"
    assert sent[-1]["more_body"] is True, "an answer that was cut short isn't ended as if whole"


def test_a_stop_in_the_middle_closes_the_decoder() -> None:
    decoder = Decoder()
    is_sending = asyncio.Event()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        if message.get("body") == b"x":
            is_sending.set()
            await asyncio.Event().wait()

    async def stop_while_sending() -> None:
        stream = ByteStream(200, {}, b"first", decoder.pieces())
        task = asyncio.create_task(stream({"type": "http", "path": "/"}, receive, send))
        await is_sending.wait()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    asyncio.run(stop_while_sending())
    assert not decoder.is_open


def test_small_pieces_travel_together() -> None:
    assert list(gathered(iter(PIECES))) == [b"onetwothree"]
    large = [bytes(100_000)] * 5
    together = list(gathered(iter(large)))
    assert b"".join(together) == bytes(500_000)
    assert len(together) == 3
    assert list(gathered(iter([]))) == []
