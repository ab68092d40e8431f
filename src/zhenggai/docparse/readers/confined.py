"""Whether this process exists only to read one file: then a crash harms no one, and no further process is needed."""

from __future__ import annotations

_confined = False


def confine() -> None:
    """Declare that this process reads one hostile file and then ends."""
    global _confined
    _confined = True


def is_confined() -> bool:
    """Tell whether :func:`confine` was called in this process."""
    return _confined
