"""Stored files that are valid by default."""

from __future__ import annotations

import io
from itertools import count

from zhenggai.files.actions import store_file
from zhenggai.files.models import StoredFile
from zhenggai.people.access import OPERATOR

_numbers = count(1)


def make_file(content: bytes | None = None, *, name: str = "佐证.txt") -> StoredFile:
    """Return a stored file; without *content* each one differs."""
    return store_file(
        actor=OPERATOR,
        source=io.BytesIO(f"佐证材料 {next(_numbers)}".encode() if content is None else content),
        name=name,
    )
