"""What goes into counting a time limit besides the limit itself, and what comes out: pauses, restarts, steps, the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from zhenggai.kit.messages import Sentence, Translate, gettext_noop
from zhenggai.kit.time_limits import Basis, Limit
from zhenggai.kit.workdays import WorkCalendar

TRANSIT = "在途时间"
"""The reason of a pause that every law grants: days on the road or in the mail do not count."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count, both ends with them."""

    first: date
    """The first day that does not count."""
    last: date
    """The last one."""
    reason: str = ""
    """Why, in words."""

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Restart:
    """The clock begins anew; what ran before does not count."""

    on: date
    """The day of the event; like every first day it does not count itself."""
    reason: str = ""
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, for whoever follows it."""

    kind: str
    """``start restart base extension pause stay roll note warn end``."""
    sentence: Sentence
    """What was done."""
    day: date
    """The day that stands after it."""
    basis: tuple[Basis, ...] = ()
    """Where it is written."""

    def describe(self, translate: Translate = gettext_noop) -> str:
        """Return what was done, in words."""
        return self.sentence.describe(translate)


@dataclass(frozen=True, slots=True)
class Counted:
    """The answer."""

    limit: Limit
    """What was counted, with its parameters."""
    start: date
    """The day that was given."""
    due_on: date
    """The last day, on which the act is still in time."""
    steps: tuple[Step, ...]
    """The way there."""
    due_at: datetime | None = None
    """The moment, for limits in hours."""
    length: int = 0
    """Days from the start that counted last to the end; the share of a warning is taken of it."""

    @property
    def warnings(self) -> tuple[Step, ...]:
        """The steps that somebody should look at twice."""
        return tuple(step for step in self.steps if step.kind == "warn")

    def is_in_time(self, done_on: date) -> bool:
        """Tell whether what was done, or posted, on *done_on* was in time."""
        return done_on <= self.due_on

    def days_left(self, today: date) -> int:
        """Return the days from *today* to the last day; negative when it has passed."""
        return (self.due_on - today).days


@dataclass(slots=True)
class Way:
    """The day that is being moved, and the steps so far."""

    calendar: WorkCalendar
    day: date
    steps: list[Step] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)

    def add(self, kind: str, text: str, basis: tuple[Basis, ...] = (), **slots: object) -> None:
        """Write a step down."""
        self.steps.append(Step(kind, Sentence(text, slots), self.day, basis))

    def look_at(self, first: date, last: date) -> None:
        """Note the years between both days whose holidays nobody has decreed yet."""
        low, high = sorted((first.year, last.year))
        self.unknown.update(set(range(low, high + 1)) - self.calendar.known_years)
