"""A small body that unpacks to half a gigabyte is left early, whatever its encoding: shown under a memory limit."""

import gzip
import json
import subprocess
import sys
import zlib

import brotli
import pytest

from spiders.base.errors import Misunderstood, Unavailable
from spiders.base.platform import platform
from spiders.base.unpacking import unpacked, zstd
from tests.asking import recorded
from tests.bombed import limit_memory
from tests.crawling import ROOT, Crawling
from tests.replay import Answer, Replay

SIZE = 512 * 1_048_576
STEP = b" " * 1_048_576
BODY = b'{"id": 7, "name": "Sora Lindqvist"}'
PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body)),
    "br, gzip": lambda body: gzip.compress(brotli.compress(body)),
    "gzip, gzip, gzip": lambda body: gzip.compress(gzip.compress(gzip.compress(body))),
}


def packed(packer):
    """Pack half a gigabyte without holding it."""
    return b"".join([*(packer.compress(STEP) for _ in range(SIZE // len(STEP))), packer.flush()])


class Brotli:
    def __init__(self):
        self._inner = brotli.Compressor(quality=5)

    def compress(self, chunk):
        return self._inner.process(chunk)

    def flush(self):
        return self._inner.finish()


@pytest.fixture(scope="module")
def bombs():
    zipped = packed(zlib.compressobj(9, zlib.DEFLATED, 31))
    return {
        "gzip": zipped,
        "deflate": packed(zlib.compressobj(9)),
        "br": packed(Brotli()),
        "zstd": packed(zstd.ZstdCompressor()),
        "gzip, gzip": gzip.compress(zipped),
        "gzip, br": brotli.compress(zipped),
        "gzip, zstd, gzip": gzip.compress(zstd.compress(zipped)),
    }


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_body_comes_back_as_it_was_however_it_is_cut(encoding, size):
    body = BODY + bytes(range(256)) * 1_000
    data = PACKERS[encoding](body)
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    assert b"".join(unpacked(parts, encoding, 1_000_000, "it")) == body
    assert b"".join(unpacked([data], encoding.upper(), len(body), "it")) == body
    with pytest.raises(Misunderstood, match="larger than"):
        b"".join(unpacked([data], encoding, len(body) - 1, "it"))
    with pytest.raises((Unavailable, Misunderstood)):
        b"".join(unpacked([data[:-9]], encoding, 1_000_000, "it"))
    with pytest.raises(Misunderstood, match="broken"):
        b"".join(unpacked([b"\x00\xff nothing of the kind" * 9], encoding, 1_000_000, "it"))


@pytest.mark.parametrize("encoding", ["", "identity", " Identity , "])
def test_a_body_that_is_not_encoded_is_left_as_it_is(encoding):
    assert b"".join(unpacked([BODY, b""], encoding, 100, "it")) == BODY


@pytest.mark.parametrize("encoding", ["compress", "exi", "gzip, sdch", ", ".join(["gzip"] * 4), "gzip\x1b[2J"])
def test_an_encoding_that_nobody_asked_for_is_not_guessed(encoding):
    with pytest.raises(Misunderstood) as caught:
        b"".join(unpacked([BODY], encoding, 100, "it"))
    assert str(caught.value).isprintable()


def test_a_bare_deflate_and_several_gzip_members_are_read():
    bare = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert b"".join(unpacked([bare.compress(BODY) + bare.flush()], "deflate", 100, "it")) == BODY
    for window in range(9, 16):  # what a standard stream begins with tells its window, and the method always
        packer = zlib.compressobj(9, zlib.DEFLATED, window)
        assert b"".join(unpacked([packer.compress(BODY) + packer.flush()], "deflate", 100, "it")) == BODY
    assert b"".join(unpacked([gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])], "gzip", 100, "it")) == BODY


def serve(server, bomb, encoding):
    token = {"access_token": "BQtoken", "token_type": "Bearer", "expires_in": 3600}
    answer = Answer(bomb, headers={"Content-Encoding": encoding})
    server.answer_by(lambda asked: token if asked.path == "/api/token" else answer)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is read from /proc")
@pytest.mark.parametrize("name", ["musicbrainz", "spotify"])
def test_a_client_leaves_a_bomb_within_its_memory(bombs, name):
    for encoding, bomb in bombs.items():
        with Replay() as server:
            serve(server, bomb, encoding)
            said = {"platform": name, "url": server.url, "ask": "profile", "subject": "7", "access": access_of(name)}
            command = [sys.executable, "-m", "tests.bombed"]
            done = subprocess.run(
                command, input=json.dumps(said), cwd=ROOT, capture_output=True, text=True, timeout=100
            )
        assert done.returncode == 0, (encoding, done.stderr[-1000:])
        outcome, reason = json.loads(done.stdout)
        assert (outcome, "larger than 8000000 bytes" in reason) == ("malformed", True), (encoding, reason)


def access_of(name):
    return {key: value for key, value in recorded(name).get("access", {}).items() if platform(name)}


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is read from /proc")
def test_a_spider_leaves_a_bomb_within_its_memory(bombs):
    with Crawling() as crawling:
        with Replay() as server:
            server.add("/artist/7", BODY)
            assert crawling.crawl("deezer", [("profile", "7")], server.url).only()["outcome"] == "complete"
        limit_memory(crawling._child.pid)
        for encoding, bomb in bombs.items():
            with Replay() as server:
                serve(server, bomb, encoding)
                look = crawling.crawl("deezer", [("profile", "7")], server.url).only()
            assert look["outcome"] == "malformed", encoding
            assert "larger than 8000000 bytes" in look["stop_reason"], encoding
