"""File → :class:`Document`: the front door of the readers.

The kind of a file is told from its bytes (:mod:`.readers.sniff`), its reader is found in the registry, and whatever
goes wrong arrives as one of the errors of :mod:`zhenggai.docparse.errors`.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path

from zhenggai.docparse.document import Document
from zhenggai.docparse.errors import (
    EmptyFile,
    NoSuchFile,
    NotAFile,
    ReaderFailed,
    ReadingOutOfMemory,
    TooLarge,
    UnknownType,
    clean_name,
)
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.endings import ending_remark
from zhenggai.docparse.readers.limits import DEFAULT, Limits, human_size
from zhenggai.docparse.readers.registry import READERS, Registry
from zhenggai.docparse.readers.sniff import sniff
from zhenggai.kit.errors import ZhenggaiError


def read_document(
    source: Path | str | bytes, *, name: str = "", limits: Limits = DEFAULT, readers: Registry = READERS
) -> Document:
    """Return what a file says, with every paragraph and cell in its place.

    Args:
        source: path of the file, or its bytes.
        name: file name for messages, when *source* is bytes; only its last part is used.
        limits: bounds on size and effort.
        readers: the registry to look up readers in.

    Raises:
        UnreadableFile: one of its subclasses, each with its own code, for everything that cannot be read.
    """
    if isinstance(source, bytes):
        data, shown = source, clean_name(name)
        if len(data) > limits.max_bytes:
            raise TooLarge(name=shown, size=human_size(len(data)), limit=human_size(limits.max_bytes))
    else:
        shown = clean_name(name or Path(source).name)
        data = load(Path(source), shown, limits)
    try:
        return _read(data, shown, limits, readers)
    except ZhenggaiError:
        raise
    except MemoryError as error:
        raise ReadingOutOfMemory(name=shown) from error
    except Exception as error:
        raise ReaderFailed(name=shown, reason=type(error).__name__) from error


def load(path: Path, name: str, limits: Limits, most: int | None = None) -> bytes:
    """Return the bytes of the file at *path*, or the first *most* of them; its size is checked first.

    Raises:
        NoSuchFile, NotAFile, EmptyFile, TooLarge: as found.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile(name=name)
        if status.st_size == 0:
            raise EmptyFile(name=name)
        if status.st_size > limits.max_bytes:
            raise TooLarge(name=name, size=human_size(status.st_size), limit=human_size(limits.max_bytes))
        with open(path, "rb") as handle:
            data = handle.read(limits.max_bytes + 1 if most is None else most)
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        raise NoSuchFile(name=name) from error
    if len(data) > limits.max_bytes:  # it grew since it was measured
        raise TooLarge(name=name, size=human_size(len(data)), limit=human_size(limits.max_bytes))
    return data


def _read(data: bytes, name: str, limits: Limits, readers: Registry) -> Document:
    told = sniff(data, name, limits)
    reader = readers.reader_for(told.kind)
    if reader is None:
        raise UnknownType(name=name)
    decoded = told.decoded
    source = Source(
        data=data,
        name=name,
        kind=told.kind,
        sha256=hashlib.sha256(data).hexdigest(),
        text=decoded.text if decoded else "",
        encoding=decoded.encoding if decoded else "",
        encoding_note=decoded.note if decoded else "",
    )
    document = reader.read(source, limits)
    if not document.blocks:
        raise EmptyFile(name=name)
    remark = ending_remark(source.suffix, told.kind)
    return replace(document, notes=(remark, *document.notes)) if remark else document
