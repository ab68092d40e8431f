"""The Word template of letters; an office may put its own of the same name into ``templates`` of its data folder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

LETTER = "letter.docx"


def template_bytes(home: Path, name: str = LETTER) -> bytes:
    """Return the office's own template when there is one, the shipped one otherwise."""
    own = home / "templates" / name
    return own.read_bytes() if own.is_file() else (files(__package__) / name).read_bytes()
