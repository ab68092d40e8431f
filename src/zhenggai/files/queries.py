"""Opening stored files, and checking that they are still what they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.files import store
from zhenggai.files.errors import FileMissing
from zhenggai.files.models import StoredFile


def path_of(stored: StoredFile) -> Path:
    """Return where the bytes of *stored* lie, for a reader that wants a path.

    Raises:
        FileMissing: they are gone.
    """
    path = store.path_of(stored.sha256)
    if not path.is_file():
        raise FileMissing(name=stored.name)
    return path


def open_file(stored: StoredFile) -> BinaryIO:
    """Return the bytes of *stored* as an open stream, to be closed by the caller.

    Raises:
        FileMissing: they are gone.
    """
    try:
        return store.path_of(stored.sha256).open("rb")
    except FileNotFoundError as error:
        raise FileMissing(name=stored.name) from error


class Condition(StrEnum):
    """How a stored file is."""

    SOUND = "sound"
    MISSING = "missing"
    ALTERED = "altered"
    ORPHAN = "orphan"


CONDITION_WORDS: dict[Condition, Promise] = {
    Condition.SOUND: _("完好"),
    Condition.MISSING: _("缺失"),
    Condition.ALTERED: _("内容被改动"),
    Condition.ORPHAN: _("无主（没有记录引用）"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One stored file, looked at."""

    condition: Condition
    """How it is."""
    sha256: str
    """The hash it should have."""
    name: str
    """The name it came with; empty for an orphan."""


def check_files() -> Iterator[Checked]:
    """Yield every stored file with its condition, reading all bytes; orphans last."""
    known: set[str] = set()
    for stored in StoredFile.objects.order_by("id").iterator(chunk_size=500):
        known.add(stored.sha256)
        path = store.path_of(stored.sha256)
        if not path.is_file():
            yield Checked(Condition.MISSING, stored.sha256, stored.name)
        elif path.stat().st_size != stored.size or store.hash_of(path) != stored.sha256:
            yield Checked(Condition.ALTERED, stored.sha256, stored.name)
        else:
            yield Checked(Condition.SOUND, stored.sha256, stored.name)
    for path in store.stored_paths():
        sha256 = path.parent.name + path.name
        if sha256 not in known:
            yield Checked(Condition.ORPHAN, sha256, "")


def unreferenced_files() -> QuerySet[StoredFile]:
    """Return the rows that no record of any room refers to: uploads that were refused or never confirmed.

    Which rooms refer to files is asked of the models themselves, since this room knows none of them.
    """
    found = StoredFile.objects.order_by("id")
    for relation in StoredFile._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        found = found.exclude(Exists(rows))
    return found
