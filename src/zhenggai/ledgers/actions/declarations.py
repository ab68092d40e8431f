"""Writing declarations of the office into its own packs, told to the trail, with the version before kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import DECLARE, NAMERS, is_named, reach_of
from zhenggai.ledgers.declared import current, look_again
from zhenggai.ledgers.drafting import MANIFEST, OWN, Draft, draft, looks_into, office_root, opens_more, unmasks
from zhenggai.ledgers.errors import BadDeclaration, NotOwnDeclaration
from zhenggai.ledgers.listening import tell_on_commit
from zhenggai.ledgers.migrating import outdated_ledgers
from zhenggai.ledgers.tasks import conform_rows
from zhenggai.people.access import Actor, may, require

KEPT = "packs-kept"
"""Folder of earlier versions below the data folder; nothing reads it but people."""


def save_declaration(files: Mapping[str, str], *, actor: Actor, code: str, pack: str = OWN, reason: str = "") -> Draft:
    """Write files of an office's pack, all or none; what they said before is kept.

    Args:
        files: path within the pack → text.
        actor: who writes.
        code: the ledger it is about.
        pack: folder of the pack below ``packs``.
        reason: why, where there is something to say.

    Raises:
        NotAllowed: the actor does not design ledgers.
        BadDeclaration: the texts have mistakes, or declare another ledger.
        NotOwnDeclaration: they would open a closed ledger, which only those who name people may, unmask personal data,
            or let an open ledger read a closed one.
    """
    require(actor, DECLARE)
    found = draft(files, pack, code=code)
    if found.problems:
        place = f"packs/{pack}/{next(iter(files))}"
        raise BadDeclaration.of(place, found.problems)
    label = found.declared.ledgers[code].label
    if not may(actor, NAMERS):
        _check_closed(found, actor)
    with transaction.atomic():
        kept = {path: _write(pack, path, text) for path, text in files.items()}
        data = {
            "pack": pack,
            "files": sorted(files),
            "kept": [each for each in kept.values() if each],
            "reason": reason,
        }
        data["sha256"] = [hashlib.sha256(text.encode()).hexdigest() for text in files.values()]
        record(
            actor=actor,
            code=codes.DECLARATION_SAVED,
            object_type="ledger",
            object_id=code,
            object_label=label,
            data=data,
        )
    look_again()
    if outdated_ledgers():
        conform_rows.enqueue()
    tell_on_commit(code)  # new rules say something of the rows that are already there
    return found


def _check_closed(found: Draft, actor: Actor) -> None:
    """Go on only when no ledger is opened or changed unseen and no personal data unmasked: a file may change any ledger."""
    for each, before in current().ledgers.items():
        after = found.declared.ledgers.get(each)
        if opens_more(before, after):
            raise NotOwnDeclaration(ledger=before.label, reason=_now("本台账限专人查阅，不能改为公开"))
        if is_named(before) and after != before and not reach_of(actor, before):
            raise NotOwnDeclaration(ledger=each, reason=_now("没有这本台账，或您无权查看"))
        if fields := unmasks(before, after):
            reason = _now("%(fields)s是个人信息，不能取消遮盖") % {"fields": "、".join(fields)}
            raise NotOwnDeclaration(ledger=before.label, reason=reason)
    _check_readings(found)


def _check_readings(found: Draft) -> None:
    """Go on only when no open ledger begins to read a closed one: its alerts and figures would tell what that holds."""
    held = current().ledgers
    closed = {code for code, each in held.items() if is_named(each)}
    for code, after in found.declared.ledgers.items():
        if is_named(after):
            continue
        known = looks_into(held[code]) if code in held else {}
        for other, label in looks_into(after).items():
            if other in closed and other not in known:
                reason = _now("“%(part)s”要读取限专人查阅的台账，其内容会由预警和指标传出") % {"part": label}
                raise NotOwnDeclaration(ledger=after.label, reason=reason)


def _write(pack: str, path: str, text: str) -> str:
    """Write one file in one step; return where what it said before is kept, empty when there was none."""
    folder = office_root() / pack
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "pack.yaml").is_file():
        _replace(folder / "pack.yaml", MANIFEST)
    target, kept = folder / path, ""
    if target.is_file():
        if target.read_text(encoding="utf-8-sig") == text:
            return ""
        place = Path(KEPT) / pack / f"{path}.{timezone.now():%Y%m%dT%H%M%S%f}"
        kept = place.as_posix()
        whole = Path(settings.ZHENGGAI_HOME) / place
        whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole.write_bytes(target.read_bytes())
    target.parent.mkdir(parents=True, exist_ok=True)
    _replace(target, text)
    return kept


def _replace(target: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o640)
        os.replace(temporary, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
