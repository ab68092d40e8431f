"""What the alerts of a ledger stand on, and how far that holds: the *mark* that each run leaves beside them.

A mark names the run, the last version of the ledger that it saw, the state of other ledgers that its rules read, and a print of all
else on which its words rest: declarations, settings, time limits, work calendar, the day, units, people, this edition.  While the print
is the same, what a run would say of rows that did not change is what stands.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version as edition_of
from typing import Self

from django.db.models import Max, Q

from zhenggai.ledgers.models import Attachment, Overlay
from zhenggai.ledgers.readers.rows import point_at, rows_between, stands
from zhenggai.ledgers.readers.snapshots import holding_snapshots
from zhenggai.packs.deadlines import Deadlines
from zhenggai.packs.declarations import AbsenceRule, ComparisonRule, CompletenessRule, IndicatorRule, Ledger
from zhenggai.packs.loading import Declared
from zhenggai.people.models import Unit, User
from zhenggai.watch.models import RuleRun, Watched
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective

MOST_CHANGED = 500
"""Rows; when more of them changed, everything is looked at."""
OPEN_AT_MOST = timedelta(hours=1)
"""Longer than any act stays uncommitted: files put beside rows carry the moment at which the act began."""
_EDITION = edition_of("zhenggai")
_lock = threading.Lock()
_declared: tuple[Declared, Deadlines, str] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a run saw, and on what its words rest."""

    print: str
    """Of everything but rows."""
    others: str
    """Of the state of other ledgers that its rules read."""
    version: int
    """The last version of the ledger."""
    act: str
    """The act that wrote it."""

    def __str__(self) -> str:
        return f"{self.print}:{self.others}:{self.version}:{self.act}"

    @classmethod
    def parse(cls, text: str) -> tuple[Self, int] | None:
        """Return a mark and the run that left it; None where there is none."""
        parts = text.split(":")
        if len(parts) != 5 or not parts[2].isdigit() or not parts[4].isdigit():
            return None
        return cls(parts[0], parts[1], int(parts[2]), parts[3]), int(parts[4])


@dataclass(frozen=True, slots=True)
class Basis:
    """A mark that still holds, and the rows that changed since."""

    mark: str
    """The mark as it stands beside the alerts."""
    run: RuleRun
    """The run that left it, with what each rule said."""
    version: int
    """The last version that it saw."""
    rows: tuple[int, ...]
    """Rows that changed since, or beside which files came or went."""
    others_stay: bool
    """Whether the other ledgers that rules read stayed as they were."""


def mark_of(scene: Scene, asked: Sequence[Effective]) -> Mark | None:
    """Return the mark that a run leaves which begins now; taken before any row is read, so that it never says too much.

    None for a ledger imported whole, of which everything is looked at each time, and for one without rows.
    """
    if scene.ledger.store != "rows":
        return None
    point = point_at(scene.ledger, scene.as_of)
    if point.act is None:
        return None
    others = [_state(scene.declared.ledgers[code], scene.as_of) for code in others_of(scene, asked)]
    return Mark(_print(scene, asked), _short(others), point.version, point.act.hex)


def find_basis(scene: Scene, asked: Sequence[Effective], mark: Mark) -> Basis | None:
    """Return what a run may go on from; None when it has to look at everything."""
    text = Watched.objects.filter(ledger=scene.ledger.ledger, body=scene.body).values_list("mark", flat=True).first()
    parsed = Mark.parse(text or "")
    if text is None or parsed is None:
        return None
    old, key = parsed
    if old.print != mark.print or old.version > mark.version or not stands(scene.ledger, old.version, old.act):
        return None
    run = RuleRun.objects.filter(pk=key, state=RuleRun.State.DONE, rows__isnull=False).first()
    if run is None or any(each.rule.rule not in run.rules for each in asked):
        return None
    rows = rows_between(scene.ledger, old.version, mark.version, MOST_CHANGED)
    if rows is None:
        return None
    changed = {*rows, *_with_files(scene.ledger, asked, run.as_of)}
    if len(changed) > MOST_CHANGED:
        return None
    return Basis(text, run, old.version, tuple(sorted(changed)), old.others == mark.others)


def others_of(scene: Scene, asked: Iterable[Effective]) -> list[str]:
    """Return the other ledgers whose rows rules read."""
    return sorted({code for each in asked for code in read_beside(scene, each)})


def read_beside(scene: Scene, each: Effective) -> set[str]:
    """Return the other ledgers whose rows a rule reads."""
    found: set[str | None] = set()
    match each.rule:
        case ComparisonRule():
            found.add(each.rule.with_ledger)
        case AbsenceRule():
            found.add(each.rule.among)
        case IndicatorRule():
            wanted = each.rule.indicator
            for one in scene.ledger.indicators:
                if one.indicator == wanted:
                    found |= {part.ledger for part in (one.numerator, one.denominator) if part is not None}
    return {code for code in found if code in scene.declared.ledgers and code != scene.ledger.ledger and code}


def _state(ledger: Ledger, as_of: datetime) -> tuple[object, ...]:
    """Return what tells the rows of a ledger at a moment from those at another."""
    if ledger.store == "rows":
        point = point_at(ledger, as_of)
        return ledger.ledger, point.version, str(point.act)
    holding = [snapshot.pk for snapshot in holding_snapshots(ledger.ledger, as_of)]
    reached = Overlay.objects.filter(snapshot_id__in=holding, valid_from__lte=as_of)
    return ledger.ledger, holding, reached.aggregate(last=Max("pk"))["last"]


def _with_files(ledger: Ledger, asked: Iterable[Effective], since: datetime) -> set[int]:
    """Return rows beside which files came or went lately, where a rule asks for files."""
    if not any(isinstance(each.rule, CompletenessRule) and each.rule.attachments for each in asked):
        return set()
    first = since - OPEN_AT_MOST
    lately = Attachment.objects.filter(
        Q(attached_at__gte=first) | Q(withdrawn_at__gte=first), row__ledger=ledger.ledger
    )
    return set(lately.order_by().values_list("row_id", flat=True)[: MOST_CHANGED + 1])


def _print(scene: Scene, asked: Iterable[Effective]) -> str:
    rules = [(each.rule.rule, sorted(each.values.items())) for each in asked]
    calendar = (sorted(scene.calendar.different.items()), sorted(scene.calendar.known_years))
    units = Unit.objects.order_by("pk").values_list("pk", "name", "short_name", "path", "kind", "closed_on", "parent")
    people = User.objects.order_by("pk").values_list("pk", "username", "name", "is_active")
    told = _declarations(scene.declared, scene.time_limits)
    return _short([_EDITION, told, scene.day, rules, calendar, list(units), list(people)])


def _declarations(declared: Declared, limits: Deadlines) -> str:
    """Return a print of all that packs declare; made once for as long as they hold."""
    global _declared
    with _lock:
        if _declared is None or _declared[0] is not declared or _declared[1] is not limits:
            told = _short([declared.ledgers, declared.enumerations, limits.limits, limits.schemes])
            _declared = (declared, limits, told)
        return _declared[2]


def _short(told: Sequence[object]) -> str:
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()
