"""Contact data sealed at rest: what the database holds tells nobody anything without the keys in the data folder.

The keys stand in ``contact_keys``, one a line, the newest first: it seals, all of them open. The file is not part of a
backup, like the secret key; who wants to open old contact data after a loss keeps it elsewhere (docs/operations.md).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from zhenggai.answers.errors import ContactLocked

NAME = "contact_keys"


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody can be reached, as far as they said."""

    name: str = ""
    """What they are called."""
    phone: str = ""
    """Their phone."""
    email: str = ""
    """Their address of mail."""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the fields that hold something."""
        return tuple(name for name in ("name", "phone", "email") if getattr(self, name))


def seal(contact: Contact, *, form: str) -> str:
    """Return *contact* sealed with the newest key, for the answer of *form* and no other; empty when there is none."""
    if not contact:
        return ""
    told = {"form": form, "name": contact.name, "phone": contact.phone, "email": contact.email}
    return _keys().encrypt(json.dumps(told, ensure_ascii=False).encode()).decode("ascii")


def unseal(sealed: str, *, form: str) -> Contact:
    """Return what was sealed for the answer of *form*.

    Raises:
        ContactLocked: no key opens it, or it was sealed for another answer.
    """
    if not sealed:
        return Contact()
    try:
        told = json.loads(_keys().decrypt(sealed.encode("ascii")))
    except InvalidToken as error:
        raise ContactLocked from error
    if told.pop("form", None) != form:
        raise ContactLocked
    return Contact(**told)


def reseal(sealed: str) -> str:
    """Return *sealed* under the newest key.

    Raises:
        ContactLocked: no key opens it.
    """
    try:
        return _keys().rotate(sealed.encode("ascii")).decode("ascii")
    except InvalidToken as error:
        raise ContactLocked from error


def add_key() -> None:
    """Put a new key in front of the present ones."""
    present = _read(_path())
    _write([Fernet.generate_key().decode("ascii"), *present])


def drop_old_keys() -> int:
    """Keep the newest key alone; return how many went."""
    present = _read(_path())
    _write(present[:1])
    return len(present) - 1


def _path() -> Path:
    return Path(settings.ZHENGGAI_HOME) / NAME


def _keys() -> MultiFernet:
    path = _path()
    if not path.exists():
        _make(path)
    about = path.stat()
    return _opened(str(path), about.st_mtime_ns, about.st_ino)


@lru_cache(maxsize=4)
def _opened(path: str, _changed: int, _inode: int) -> MultiFernet:
    """Return the keys of the file as it now is; another process may have put a new one in front."""
    return MultiFernet([Fernet(key) for key in _read(Path(path))])


def _read(path: Path) -> list[str]:
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").split()


def _make(path: Path) -> None:
    """Make the first key; of several processes at once one wins, and all read the same."""
    unfinished = _unfinished(path, [Fernet.generate_key().decode("ascii")])
    try:
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        os.unlink(unfinished)


def _write(keys: Sequence[str]) -> None:
    path = _path()
    os.replace(_unfinished(path, keys), path)


def _unfinished(path: Path, keys: Sequence[str]) -> str:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{NAME}-")  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as fresh:
        fresh.write("\n".join(keys) + "\n")
        fresh.flush()
        os.fsync(fresh.fileno())
    return name


def words_of(contact: Contact, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what *contact* holds as pairs of words."""
    return [(labels[name], str(getattr(contact, name))) for name in contact.given]
