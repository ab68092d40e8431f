"""Where bytes lie: ``ZHENGGAI_HOME/files/ab/cdef…``, one file per content; the name of a file is its SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from zhenggai.files.errors import CannotStore, NoBytes, TooLarge

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that came in and wait, under a temporary name, to be kept or dropped."""

    path: Path
    """Where they are."""
    sha256: str
    """Their hash."""
    size: int
    """How many."""


def root() -> Path:
    """Return the folder of all stored bytes."""
    return Path(settings.ZHENGGAI_HOME) / "files"


def waiting_room() -> Path:
    """Return the folder of bytes that are being received; empty unless somebody is at it, or was killed."""
    return root() / "tmp"


def path_of(sha256: str) -> Path:
    """Return where the bytes with *sha256* lie or would lie."""
    return root() / sha256[:2] / sha256[2:]


def receive(source: BinaryIO, *, name: str, most: int) -> Received:
    """Copy *source* to a temporary file on the same disk, hashing as it comes; nothing is left behind on failure.

    Raises:
        NoBytes: nothing came.
        TooLarge: more than *most* bytes came; the rest is not read.
        CannotStore: the disk refused.
    """
    waiting = waiting_room()
    try:
        waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=waiting)
    except OSError as error:
        raise CannotStore(name=name, reason=error.strerror or str(error)) from error
    path, digest, size = Path(temporary), hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as target:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise TooLarge(name=name, limit=f"{most / CHUNK:.0f} MB")
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if not size:
            raise NoBytes(name=name)
    except BaseException as error:  # an interrupted upload must not leave its bytes behind either; it is raised again
        drop(path)
        if isinstance(error, OSError):
            raise CannotStore(name=name, reason=error.strerror or str(error)) from error
        raise
    return Received(path, digest.hexdigest(), size)


def keep(received: Received, *, name: str) -> Path:
    """Give received bytes their lasting name, in one step; the same bytes again change nothing.

    Raises:
        CannotStore: the disk refused.
    """
    target = path_of(received.sha256)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        received.path.chmod(0o400)
        os.replace(received.path, target)
        _sync_folder(target.parent)
    except OSError as error:
        drop(received.path)
        raise CannotStore(name=name, reason=error.strerror or str(error)) from error
    return target


def drop(path: Path) -> None:
    """Remove a temporary file that may be gone already."""
    with suppress(FileNotFoundError):
        path.unlink()


def brought_since(sha256: str, moment: float) -> bool:
    """Tell whether the bytes were brought, for the first time or again, after the time *moment*."""
    path = path_of(sha256)
    return path.is_file() and path.stat().st_mtime >= moment


def discard(sha256: str, moment: float) -> bool:
    """Remove stored bytes unless they were brought again after the time *moment*; return whether they are gone.

    They are moved aside first and looked at there: bytes that come meanwhile lie at the lasting name and stay.
    """
    target, aside = path_of(sha256), waiting_room() / f"{sha256}.gone"
    try:
        os.rename(target, aside)
    except FileNotFoundError:
        return True
    fresh = aside.stat().st_mtime >= moment
    if fresh:
        with suppress(FileExistsError):
            os.link(aside, target)
    drop(aside)
    return not fresh


def hash_of(path: Path) -> str:
    """Return the SHA-256 of the file at *path*, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def stored_paths() -> Iterator[Path]:
    """Yield every file in the store, temporary ones left out."""
    for folder in sorted(root().glob("[0-9a-f][0-9a-f]")):
        yield from sorted(path for path in folder.iterdir() if path.is_file())


def leftovers(before: float) -> Iterator[Path]:
    """Yield what killed processes left of files being received, last written before the time *before*.

    Besides our own folder it looks into the one where the web server collects large uploads.
    """
    for folder in (waiting_room(), Path(settings.FILE_UPLOAD_TEMP_DIR)):
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        yield from (path for path in found if path.is_file() and path.stat().st_mtime < before)


def _sync_folder(folder: Path) -> None:
    # A rename is lasting only once the folder itself is on the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
