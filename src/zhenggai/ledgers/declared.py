"""What the packs declare, as all rooms with a database ask for it: :func:`current`.

The packs that come with the package and with other packages are read once; those of the office lie in ``packs`` of the
data folder and are read again when one of their files changed, which is looked at no more than once a second.
A mistake of the office never raises here: it is listed, and the ledger whose fields cannot be relied on is left out.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from zhenggai.kit.errors import NotFound
from zhenggai.packs.checking import check
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField
from zhenggai.packs.loading import Declared, installed_folders, load, office_folders, shipped
from zhenggai.packs.reading import Problem

LOOK_EVERY_SECONDS = 1.0
_SHAPE = ("fields", "key", "title", "date", "unit", "store")
"""Parts of a ledger that rows depend on."""
Prints = tuple[tuple[str, int, int], ...]
Shape = dict[str, dict[str, Any]]


@dataclass(slots=True)
class _Kept:
    home: Path
    prints: Prints
    looked_at: float
    declared: Declared


_lock = threading.Lock()
_kept: _Kept | None = None
_base: Declared | None = None


def current() -> Declared:
    """Return what holds now. It is shared by all threads and must not be changed."""
    global _kept
    home = Path(settings.ZHENGGAI_HOME)
    kept = _kept
    if kept is not None and kept.home == home and time.monotonic() - kept.looked_at < LOOK_EVERY_SECONDS:
        return kept.declared
    with _lock:
        now, kept = time.monotonic(), _kept
        same_home = kept is not None and kept.home == home
        if kept is not None and same_home and now - kept.looked_at < LOOK_EVERY_SECONDS:
            return kept.declared
        prints = _prints(home)
        if kept is not None and same_home and kept.prints == prints:
            kept.looked_at = now
            return kept.declared
        _kept = _Kept(home, prints, now, _read(home))
        return _kept.declared


def look_again() -> None:
    """Make the next :func:`current` look at the files at once: after an act that wrote one."""
    if (kept := _kept) is not None:
        kept.looked_at = -LOOK_EVERY_SECONDS


def access_declared(code: str) -> Ledger:
    """Return the ledger called *code*, whoever may see its rows.

    Raises:
        NotFound: no pack declares it.
    """
    found = current().ledgers.get(code)
    if found is None:
        raise NotFound
    return found


def _prints(home: Path) -> Prints:
    """Return name, size and time of change of every file of the office's packs."""
    found = []
    root = home / "packs"
    if root.is_dir():
        for path in sorted(root.rglob("*.y*ml")):
            try:
                about = path.stat()
            except OSError:  # taken away meanwhile
                continue
            found.append((str(path), about.st_size, about.st_mtime_ns))
        found += [(str(each), 0, 0) for each in sorted(root.iterdir()) if each.is_dir()]
    return tuple(found)


def _read(home: Path) -> Declared:
    global _base
    if _base is None:
        _base = load(installed_folders(), onto=shipped())
    declared = load(office_folders(home), onto=_base)
    found = check(declared)
    declared.problems += found
    for code in [code for code in declared.ledgers if _is_broken(declared, code, found)]:
        del declared.ledgers[code]
    return declared


def _is_broken(declared: Declared, code: str, problems: list[Problem]) -> bool:
    source = declared.sources.get(("ledger", code))
    return source is not None and any(
        problem.file == source.file
        and problem.path.split("[")[0].split(".")[0] in _SHAPE
        and not problem.path.endswith(".computed")  # such a field stays empty, and harms no row
        for problem in problems
    )


def kept_fields(ledger: Ledger) -> tuple[LedgerField, ...]:
    """Return the fields that rows keep: all but those computed from others."""
    return tuple(each for each in ledger.fields if each.computed is None)


def shape_of(ledger: Ledger) -> Shape:
    """Return what of the fields matters to rows kept under them: code → type, and for a choice or reference of what."""
    shape: Shape = {}
    for each in kept_fields(ledger):
        about: dict[str, Any] = {"type": each.type.value}
        if each.type in (FieldType.CHOICE, FieldType.CHOICES):
            about["enumeration"] = each.enumeration
        shape[each.code] = about
    return shape


def fingerprint_of(shape: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a short text that is the same for the same shape, whatever the order of its fields."""
    text = json.dumps(shape, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
