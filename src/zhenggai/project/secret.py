"""The key that signs cookies and forms: made once, by whichever process comes first, and kept in the data folder."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

NAME = "secret_key"


def secret_key(home: Path) -> str:
    """Return the key kept in *home*; the first call makes it.

    It is written under another name, readable by its owner alone, and then linked to its own, which only one process
    can do: the others find it whole, and all read the same.
    """
    path = home / NAME
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    handle, unfinished = tempfile.mkstemp(dir=home, prefix=f".{NAME}-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as fresh:
            fresh.write(secrets.token_urlsafe(50))
            fresh.flush()
            os.fsync(fresh.fileno())
        with suppress(FileExistsError):  # another process was faster
            os.link(unfinished, path)
    finally:
        os.unlink(unfinished)
    return path.read_text(encoding="ascii").strip()
