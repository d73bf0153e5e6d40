"""MusicBrainz' JSON dump instead of a call for every artist: read as a stream, only what the roster names is kept.

A line that can't be read costs itself and one clear message. The dump's own date is when it was said, so that nothing
older overwrites what MusicBrainz told since.
"""

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine

from crawler.roster import resolve
from crawler.roster.sheet import BadFile
from spiders.base.platform import Platform
from spiders.musicbrainz.dump import BadLine, Entry, entries
from storage.database import writing
from storage.facts import leads
from storage.observations import Coverage, Outcome, Payload, Told
from storage.recording.record import record
from storage.targets import Ask, Target

TOGETHER = 100  # artists a transaction
LONGEST = 50_000_000  # bytes of one line
MEMBER = "mbdump/artist"
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError)  # what a file that is cut or damaged raises
OPENERS: Mapping[str, Callable[[Path], Any]] = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}


@dataclass(slots=True)
class Read:
    """What a dump brought."""

    wanted: int = 0
    found: int = 0
    dated: datetime | None = None
    bad: list[str] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)


def take(engine: Engine, path: Path, platforms: Mapping[str, type[Platform]], now: datetime) -> Read:
    """Record the roster's artists out of a dump and make official what it links; return what is new."""
    with engine.connect() as connection:
        mbids = {mbid for _, mbid in leads.artists_by_mbid(connection)}
        before = set(leads.standings(connection))
    read = Read(wanted=len(mbids))
    with ExitStack() as stack:
        lines, read.dated = _opened(path, stack, now)
        waiting: list[Entry] = []
        for one in entries(lines, mbids):
            if isinstance(one, BadLine):
                read.bad.append(f"{path.name}, line {one.place}: {one.reason}")
                continue
            waiting.append(one)
            if len(waiting) >= TOGETHER:
                read.found += _keep(engine, waiting, path, read.dated)
                waiting = []
        read.found += _keep(engine, waiting, path, read.dated)
    with writing(engine) as connection:
        resolve.by_shared_ids(connection, platforms, now)
        resolve.from_links(connection, now)
        read.new = [resolve.as_row(page) for page in leads.standings(connection) if page not in before]
    return read


def _keep(engine: Engine, found: list[Entry], path: Path, at: datetime) -> int:
    with writing(engine) as connection:
        for one in found:
            asked = Target(resolve.REFERENCE, Ask.PROFILE, one.artist.id)
            outcome = Outcome.PARTIAL if one.odd else Outcome.COMPLETE
            reason = f"line {one.place} of the dump {path.name}"
            coverage = Coverage(outcome, pages=1, received=1, stop_reason=reason, odd=len(one.odd))
            raw = Payload(f"dump:{path.name}#{one.place}", 200, one.body, "application/json")
            record(connection, Told(asked, (one.artist, *one.odd), coverage, at, at, (raw,)))
    return len(found)


def _opened(path: Path, stack: ExitStack, now: datetime) -> tuple[Iterator[bytes], datetime]:
    """Open a dump: its archive as it is downloaded, or the file of lines inside it, packed or not."""
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if ".tar" in path.suffixes:
            return _archived(stack.enter_context(tarfile.open(path, "r|*")), path, min(changed, now))
        opened = OPENERS.get(path.suffix, Path.open)(path, "rb")
        return _lines(stack.enter_context(opened), path), min(changed, now)
    except (*BROKEN, TypeError) as error:  # tarfile stumbles so over a gzip header that is cut
        raise BadFile([f"{path}: {getattr(error, 'strerror', None) or error}"]) from None


def _archived(archive: tarfile.TarFile, path: Path, dated: datetime) -> tuple[Iterator[bytes], datetime]:
    for member in archive:
        if member.name == "TIMESTAMP" and (told := archive.extractfile(member)) is not None:
            dated = min(dated, _moment(told.read(100)) or dated)
        if member.name == MEMBER and (file := archive.extractfile(member)) is not None:
            return _lines(file, path), dated
    raise BadFile([f"{path}: holds no {MEMBER}: is it the dump of artists?"])


def _moment(said: bytes) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said.decode("ascii").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _lines(file: IO[bytes], path: Path) -> Iterator[bytes]:
    """Yield the lines of a file; one without end, or a packed file that is cut short, is said."""
    try:
        while line := file.readline(LONGEST):
            if len(line) == LONGEST:
                raise BadFile([f"{path}: a line is longer than {LONGEST} bytes: is it a dump of artists?"])
            yield line
    except BROKEN as error:
        raise BadFile([f"{path}: can't be read to its end: {error}"]) from None
