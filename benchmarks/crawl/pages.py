"""The server of the benchmark, in a process of its own: the same page of 20 releases for every artist."""

import asyncio
import json
import sys

ROWS = 20
HASH = "b298094528702627877720d0be4448b5"


def page() -> bytes:
    """Make one page of an invented artist's releases, in Deezer's shape and of Deezer's size."""

    def row(number: int) -> dict[str, object]:
        covers = {
            f"cover_{size}": f"https://images.invalid/images/cover/{HASH}/{width}x{width}-000000-80-0-0.jpg"
            for size, width in (("small", 56), ("medium", 250), ("big", 500), ("xl", 1000))
        }
        return {
            "id": 6_575_000 + number,
            "title": f"Quiet Harbour, Part {number} (Recorded at the Old Lighthouse)",
            "link": f"https://music.invalid/album/{6_575_000 + number}",
            "cover": f"https://api.invalid/album/{6_575_000 + number}/image",
            **covers,
            "md5_image": HASH,
            "genre_id": 106,
            "fans": 717_576,
            "release_date": "2026-05-17",
            "record_type": "single",
            "tracklist": f"https://api.invalid/album/{6_575_000 + number}/tracks",
            "explicit_lyrics": False,
            "type": "album",
        }

    return json.dumps({"data": [row(number) for number in range(ROWS)], "total": ROWS}).encode()


class Serve(asyncio.Protocol):
    """Answers every request of a kept-alive connection with the page."""

    answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with nothing received."""
        self.transport, self.received = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self.received += data
        while b"\r\n\r\n" in self.received:
            _, _, self.received = self.received.partition(b"\r\n\r\n")
            self.transport.write(self.answer)  # type: ignore[attr-defined]


async def main() -> None:
    """Serve until our input ends."""
    body = page()
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    Serve.answer = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    server = await asyncio.get_running_loop().create_server(Serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], len(body), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
