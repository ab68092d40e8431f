"""What stands beside the workbench: what one waits for, the lights of one's area, what presses, the latest acts.

Pages ask for these once the work itself stands, each by an address of its own, so that nobody waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from zhenggai.desk.area import Area, Pressing, area_of, open_findings, pressing
from zhenggai.desk.workbench import MOST, SHOWN, workdays_since
from zhenggai.findings.lateness import line_on
from zhenggai.findings.overview import latest_acts
from zhenggai.findings.shapes import HistoryItem
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.people.models import User
from zhenggai.policy.profile import Level, shipped_policy
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.queries import my_submissions, rules_by_round, who_decides


@dataclass(frozen=True, slots=True)
class Waited:
    """What the person handed in and now waits for."""

    finding_id: int
    """Key of the finding."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    level: str
    """What the level is called at which it waits."""
    place: int
    """Place of the level among all, from 1."""
    levels: int
    """How many levels there are."""
    people: tuple[str, ...]
    """Names of those who may decide."""
    since: datetime | None
    """Since when it waits there."""
    waited: int
    """Working days since then."""
    allowed: int
    """Working days the rules give the level."""

    @property
    def late(self) -> bool:
        """True when it has waited longer than the rules allow."""
        return self.waited > self.allowed


@dataclass(frozen=True, slots=True)
class HandedIn:
    """All that the person handed in and that is not decided."""

    rows: tuple[Waited, ...]
    """The longest waiting first."""
    total: int
    """All of it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the column beside the work shows."""

    today: date
    """The day everything is compared with."""
    area: Area
    """Lights by department, and how much is late or near."""
    pressing: tuple[Pressing, ...]
    """What is late or near, the longest overdue first."""
    latest: tuple[HistoryItem, ...]
    """The latest acts on what the person may see."""


def beside_of(actor: User) -> Beside:
    """Return what stands beside the work of *actor*."""
    line, near = line_on(), shipped_policy().near_days
    area = area_of(actor, line, near)
    pressed = pressing(actor, line, near, SHOWN) if area.late or area.near else ()
    return Beside(line.today, area, pressed, latest_acts(actor, None, open_findings(actor), SHOWN))


def waiting_of(actor: User, *, all_of_it: bool = False) -> HandedIn:
    """Return what *actor* handed in and waits for, with who may decide on it."""
    handed_in = list(
        my_submissions(actor).values_list(
            "finding_id", "finding__no", "finding__title", "finding__round_id", "finding__item__level",
            "finding__item__level_since",
        )
    )  # fmt: skip
    shown = handed_in[: MOST if all_of_it else SHOWN]
    return HandedIn(tuple(_waited(shown, timezone.localdate(), work_calendar())) if shown else (), len(handed_in))


def _waited(
    rows: list[tuple[int, str, str, int, str, datetime | None]], today: date, calendar: WorkCalendar
) -> Iterable[Waited]:
    rules = rules_by_round(sorted({row[3] for row in rows}))
    at: dict[int, Level] = {}
    for key, _no, _title, round_, code, _since in rows:
        level = rules[round_].policy.level(code)
        if level is not None:
            at[key] = level
    people = who_decides(at)
    for key, no, title, round_, code, since in rows:
        policy, found = rules[round_].policy, at.get(key)
        yield Waited(
            key,
            no,
            title,
            found.label if found else code,
            policy.levels.index(found) + 1 if found else 0,
            len(policy.levels),
            tuple(people.get(key, ())),
            since,
            workdays_since(since, today, calendar),
            policy.review_days,
        )
