"""Compressed bodies, unpacked within a bound: no answer takes more memory than the bytes that an access allows.

One way for every kind of client. What a decoder gives is bounded at each step, so that a kilobyte that would become a
gigabyte is left as soon as it goes beyond; encodings may be nested, as far as anybody does that.
"""

import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import brotli

from spiders.base.errors import Misunderstood, Unavailable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ASKED = "gzip, deflate"  # what we ask for; the others are read where a server sends them all the same
STEP = 65_536
LAYERS = 3


class Decoder(Protocol):
    """Gives a body back piece by piece, none of them much longer than a step."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what this piece unpacks to."""

    def is_whole(self) -> bool:
        """Tell whether the end was seen."""


def unpacked(chunks: Iterable[bytes], encoding: str, max_bytes: int, what: str) -> Iterator[bytes]:
    """Yield a body as it was before it was encoded, or raise Misunderstood as soon as it is larger than allowed."""
    layers = [name for name in (part.strip().lower() for part in encoding.split(",")) if name not in ("", "identity")]
    if len(layers) > LAYERS:
        raise Misunderstood(f"{what}: encoded {len(layers)} times over")
    decoders = [_decoder(name, what) for name in reversed(layers)]
    total = 0
    for piece in _through(chunks, decoders, what):
        total += len(piece)
        if total > max_bytes:
            raise Misunderstood(f"{what}: the body is larger than {max_bytes} bytes")
        yield piece


def _through(chunks: Iterable[bytes], decoders: list[Decoder], what: str) -> Iterator[bytes]:
    for decoder in decoders:
        chunks = _decoded(chunks, decoder, what)
    yield from chunks


def _decoded(chunks: Iterable[bytes], decoder: Decoder, what: str) -> Iterator[bytes]:
    empty = True
    try:
        for chunk in chunks:
            empty = empty and not chunk
            yield from decoder.feed(chunk)
    except (zlib.error, zstd.ZstdError, brotli.error) as error:
        raise Misunderstood(f"{what}: the encoding is broken ({type(error).__name__})") from None
    if not empty and not decoder.is_whole():
        raise Unavailable(f"{what}: the body is cut short")


def _decoder(name: str, what: str) -> Decoder:
    match name:
        case "gzip" | "x-gzip":
            return _Zlib(zlib.MAX_WBITS | 16)
        case "deflate":
            return _Deflate()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
    raise Misunderstood(f"{what}: an encoding that we did not ask for: {name[:40]!r}")


class _Zlib:
    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inner = zlib.decompressobj(bits)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._inner.eof:  # several gzip members make one body
                if not chunk.strip(b"\0"):
                    return
                self._inner = zlib.decompressobj(self._bits)
            yield self._inner.decompress(chunk, STEP)
            chunk = self._inner.unconsumed_tail or self._inner.unused_data

    def is_whole(self) -> bool:
        return self._inner.eof


class _Deflate:
    """Deflate as the standard has it, or bare as some servers send it."""

    def __init__(self) -> None:
        self._inner: _Zlib | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if chunk and self._inner is None:
            self._inner = _Zlib(zlib.MAX_WBITS if chunk[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        if self._inner is not None:
            yield from self._inner.feed(chunk)

    def is_whole(self) -> bool:
        return self._inner is None or self._inner.is_whole()


class _Brotli:
    def __init__(self) -> None:
        self._inner: Any = brotli.Decompressor()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while piece := self._inner.process(chunk, output_buffer_limit=STEP):
            yield piece
            chunk = b""

    def is_whole(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstd:
    def __init__(self) -> None:
        # A window of more than 8 MB is no answer's; the limit also bounds what the decoder itself takes.
        self._inner: Any = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while True:
            if self._inner.eof:
                return
            yield self._inner.decompress(chunk, STEP)
            chunk = b""
            if self._inner.needs_input:
                return

    def is_whole(self) -> bool:
        return bool(self._inner.eof)
