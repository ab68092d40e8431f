"""The rules a round runs by, as one frozen record: what plain values say, checked, with the place of each mistake.

Plain values come in (the shipped YAML, or a stored version), a :class:`Policy` goes out.  Which day count comes from
which rule is said beside each value in ``packs/common/policy.yaml``; none of them is law, all are the office's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any

from zhenggai.packs import read_shipped
from zhenggai.people.roles import ROLES, Permission
from zhenggai.policy.errors import BadPolicy

RELATIONS = ("department", "leader", "body")
LETTERS = ("reminder", "supervision_order", "circular", "talk_record")
MOST_ANSWER_MB = 50
"""What all files of one answer may weigh under any rules: a form is read whole before it is known what it is."""
CRITERIA = ("measures_done", "evidence", "confirmation", "document")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of review 审核层级."""

    code: str
    """Stored with each opinion, for ever."""
    label: str
    """What people call it."""
    roles: tuple[str, ...]
    """Roles of which one is needed to decide here."""
    relation: str
    """How the decider stands to the finding: ``department`` (heads the leading department, or the unit that has the
    problem), ``leader`` (leads it or is in charge of its department), ``body`` (holds the role in the body)."""
    cosign: bool = False
    """Whether the heads of the assisting departments countersign here, side by side."""
    skippable: bool = False
    """Whether it is passed over when nobody can decide who did not do the work; the next level then verifies."""
    minutes: bool = False
    """Whether passing needs the number of the minutes it was decided in 会议纪要号."""


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """From how many days over the deadline which letter is drafted."""

    days: int
    """Days over the deadline, from 1."""
    letter: str
    """Kind of letter: ``reminder supervision_order circular talk_record``."""


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """A criterion that every finding of a round starts with."""

    kind: str
    """``measures_done evidence confirmation document``."""
    text: str
    """What must hold, in words."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """On which days around a deadline people are reminded."""

    before: tuple[int, ...] = ()
    """Days before it."""
    on_day: bool = True
    """Whether on the day itself."""
    after: tuple[int, ...] = ()
    """Days after it."""

    def due(self, days_left: int) -> bool:
        """Tell whether to remind when *days_left* days are left (negative when past)."""
        if days_left == 0:
            return self.on_day
        return days_left in self.before if days_left > 0 else -days_left in self.after


@dataclass(frozen=True, slots=True)
class Policy:
    """What a round runs by."""

    name: str
    """What people call this set of rules."""
    plan_due_months: int
    """Months from feedback until the plan is due."""
    immediate_fix_days: int
    """Days for what is to be mended at once."""
    period_months: int
    """Months of the concentrated period 集中整改期, from feedback."""
    final_report_days: int
    """Days after the period until the report is due."""
    report_every_days: int
    """How often what is phased or long-term is reported on."""
    review_days: int
    """Working days a level of review has."""
    look_back_after_days: tuple[int, ...]
    """Days after a close-out on which it is looked back at 回头看."""
    near_days: int
    """From how many days before its end a deadline is near 临期."""
    roll_over_holidays: bool
    """Whether a deadline that ends on a day off moves to the next working day."""
    reopening_restarts_clock: bool
    """Whether a reopened finding gets a new deadline; otherwise the old one stands and it may be late at once."""
    max_extensions: int
    """How many extensions one finding may get."""
    extension_counts_as_late: bool
    """Whether closing within an extended deadline still counts as late."""
    min_evidence_per_measure: int
    """Pieces of evidence each measure needs before close-out."""
    reminders: Reminders
    """The ladder of reminders."""
    escalation: tuple[EscalationStep, ...]
    """The ladder of letters."""
    levels: tuple[Level, ...]
    """Levels of review, from below."""
    filing: bool
    """Whether close-outs are filed with the inspection office."""
    criteria: tuple[CriterionRule, ...]
    """Criteria that every finding starts with."""
    condition_days: int = 3
    """For how many days a look at a condition on a ledger counts; an older one keeps a finding from being closed."""
    answer_tell_days: int = 7
    """Days within which the public is told that its answer to a notice was received, and where it went."""
    answer_tell_workdays: bool = False
    """Whether those are working days."""
    answer_months: int = 3
    """Months within which an answer of the public is answered."""
    answer_contact_days: int = 180
    """Days after the end of an answer after which contact data is deleted."""
    answer_hourly: int = 5
    """Answers of the public taken from one network address within an hour."""
    answer_daily: int = 20
    """Answers taken from one network address within a day."""
    answer_hourly_all: int = 300
    """Answers taken altogether within an hour."""
    answer_words: int = 3000
    """Signs an answer or a supplement has at most."""
    answer_files: int = 3
    """Files that come with an answer or a supplement at most; none for 0."""
    answer_file_mb: int = 10
    """Size of each of these files at most, in MB."""
    status_names: Mapping[str, str] = field(default_factory=dict)
    """Local names of standings: code → words."""

    def level(self, code: str) -> Level | None:
        """Return the level with *code*, if there is one."""
        return next((level for level in self.levels if level.code == code), None)


def parse_policy(values: object) -> Policy:
    """Return the policy that plain *values* state.

    Raises:
        BadPolicy: a value is missing, unknown or cannot be; it says which.
    """
    given = _mapping("", values)
    known = {each.name for each in fields(Policy)}
    for name in given:
        if name not in known:
            raise BadPolicy(place=name, reason="没有这个参数")
    read: dict[str, Any] = {}
    for each in fields(Policy):
        if each.name not in given:
            if each.default is MISSING and each.default_factory is MISSING:
                raise BadPolicy(place=each.name, reason="缺少这个参数")
            continue
        read[each.name] = _READERS[each.name](each.name, given[each.name])
    policy = Policy(**read)
    _check_whole(policy)
    return policy


@cache
def shipped_policy() -> Policy:
    """Return the policy that ships with the platform."""
    return parse_policy(read_shipped("common/policy.yaml"))


def shipped_values() -> dict[str, Any]:
    """Return the plain values of the shipped policy, to start an office's own from."""
    return dict(read_shipped("common/policy.yaml"))


def _check_whole(policy: Policy) -> None:
    if not policy.levels:
        raise BadPolicy(place="levels", reason="至少要有一级审核")
    codes = [level.code for level in policy.levels]
    if len(set(codes)) != len(codes):
        raise BadPolicy(place="levels", reason="层级代码重复")
    if all(level.skippable for level in policy.levels):
        raise BadPolicy(place="levels", reason="至少要有一级不可跳过，否则没有人复核")
    if policy.answer_daily < policy.answer_hourly:
        raise BadPolicy(place="answer_daily", reason="不应少于每小时的件数")
    if policy.answer_files * policy.answer_file_mb > MOST_ANSWER_MB:
        raise BadPolicy(place="answer_file_mb", reason=f"附件个数乘以大小不应超过 {MOST_ANSWER_MB} MB")
    days = [step.days for step in policy.escalation]
    if days != sorted(set(days)):
        raise BadPolicy(place="escalation", reason="超期天数应逐级递增")


def _mapping(place: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise BadPolicy(place=place, reason="应为“参数名: 值”的形式")
    return value


def _whole(least: int, most: int) -> Any:
    def read(place: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise BadPolicy(place=place, reason=f"应为 {least} 至 {most} 之间的整数")
        return value

    return read


def _flag(place: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadPolicy(place=place, reason="应为 true 或 false")
    return value


def _words(place: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 200 or min(value.strip()) < " ":
        raise BadPolicy(place=place, reason="应为 1 至 200 个字，不含换行和控制字符")
    return value.strip()


def _list(place: str, value: object) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise BadPolicy(place=place, reason="应为列表")
    return list(value)


def _days(place: str, value: object) -> tuple[int, ...]:
    one = _whole(1, 3650)
    return tuple(one(f"{place}.{number}", each) for number, each in enumerate(_list(place, value), start=1))


def _one_of(allowed: tuple[str, ...]) -> Any:
    def read(place: str, value: object) -> str:
        if value not in allowed:
            raise BadPolicy(place=place, reason="只能是 " + "、".join(allowed))
        return str(value)

    return read


def _roles(place: str, value: object) -> tuple[str, ...]:
    # A level of people who may not review would let everything wait for ever.
    known = _one_of(tuple(code for code, role in ROLES.items() if Permission.REVIEW in role.grants))
    found = tuple(known(f"{place}.{number}", each) for number, each in enumerate(_list(place, value), start=1))
    if not found:
        raise BadPolicy(place=place, reason="至少要有一个角色")
    return found


def _code(place: str, value: object) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isidentifier() or len(value) > 40:
        raise BadPolicy(place=place, reason="应为英文字母、数字和下划线")
    return value


def _each(readers: Mapping[str, Any], build: Any, optional: frozenset[str] = frozenset()) -> Any:
    def read(place: str, value: object) -> Any:
        found = []
        for number, each in enumerate(_list(place, value), start=1):
            here = f"{place}.{number}"
            given = _mapping(here, each)
            for name in given:
                if name not in readers:
                    raise BadPolicy(place=f"{here}.{name}", reason="没有这个参数")
            for name in readers:
                if name not in given and name not in optional:
                    raise BadPolicy(place=f"{here}.{name}", reason="缺少这个参数")
            found.append(build(**{name: readers[name](f"{here}.{name}", told) for name, told in given.items()}))
        return tuple(found)

    return read


def _reminders(place: str, value: object) -> Reminders:
    readers: dict[str, Any] = {"before": _days, "on_day": _flag, "after": _days}
    given = _mapping(place, value)
    for name in given:
        if name not in readers:
            raise BadPolicy(place=f"{place}.{name}", reason="没有这个参数")
    return Reminders(**{name: readers[name](f"{place}.{name}", told) for name, told in given.items()})


def _names(place: str, value: object) -> dict[str, str]:
    return {_code(place, name): _words(f"{place}.{name}", told) for name, told in _mapping(place, value).items()}


_READERS: Mapping[str, Any] = {
    "name": _words,
    "plan_due_months": _whole(1, 24),
    "immediate_fix_days": _whole(1, 365),
    "period_months": _whole(1, 60),
    "final_report_days": _whole(1, 365),
    "report_every_days": _whole(1, 365),
    "review_days": _whole(1, 60),
    "look_back_after_days": _days,
    "near_days": _whole(1, 90),
    "roll_over_holidays": _flag,
    "reopening_restarts_clock": _flag,
    "max_extensions": _whole(0, 20),
    "extension_counts_as_late": _flag,
    "min_evidence_per_measure": _whole(0, 20),
    "reminders": _reminders,
    "escalation": _each({"days": _whole(1, 3650), "letter": _one_of(LETTERS)}, EscalationStep),
    "levels": _each(
        {
            "code": _code,
            "label": _words,
            "roles": _roles,
            "relation": _one_of(RELATIONS),
            "cosign": _flag,
            "skippable": _flag,
            "minutes": _flag,
        },
        Level,
        frozenset({"cosign", "skippable", "minutes"}),
    ),
    "filing": _flag,
    "criteria": _each({"kind": _one_of(CRITERIA), "text": _words}, CriterionRule),
    "condition_days": _whole(1, 365),
    "answer_tell_days": _whole(1, 60),
    "answer_tell_workdays": _flag,
    "answer_months": _whole(1, 12),
    "answer_contact_days": _whole(1, 3650),
    "answer_hourly": _whole(1, 1000),
    "answer_daily": _whole(1, 10_000),
    "answer_hourly_all": _whole(10, 100_000),
    "answer_words": _whole(100, 20_000),
    "answer_files": _whole(0, 5),
    "answer_file_mb": _whole(1, 20),
    "status_names": _names,
}
