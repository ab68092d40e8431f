"""Runs the checks over what a person sees and tells what they found: counts first, rows only for one check.

A person and a choice come in, a :class:`Report` goes out.  Checks of other rooms' tables join the family by standing in
:data:`CHECKS`; nothing else has to know of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.desk.quality import afterwards, papers, progress, proof, responsibility
from zhenggai.desk.quality.base import Check, Hit, Scope, Severity
from zhenggai.findings.access import visible_findings, visible_rounds
from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.access import Actor, reach
from zhenggai.people.models import Unit
from zhenggai.policy.queries import work_calendar
from zhenggai.render.xlsx import Column, Sheet, render_workbook
from zhenggai.workflow.queries import rules_by_round

CHECKS: tuple[Check, ...] = (
    *responsibility.CHECKS,
    *papers.CHECKS,
    *progress.CHECKS,
    *proof.CHECKS,
    *afterwards.CHECKS,
)
"""Every check, in the order in which they run."""
SHOWN = 100
"""Rows shown of one check."""
_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that does not fit, in words."""

    title: str
    """Number and title of the finding, or name of the round."""
    detail: str
    """What else is to be said."""
    department: str
    """Short name of the leading department; empty for rounds."""
    round_name: str
    """Name of the round."""
    path: str
    """Where it is mended."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found."""

    check: Check
    """The check."""
    count: int
    """How many things do not fit."""
    issues: tuple[Issue, ...] = ()
    """The first of them, for the check that was chosen."""


@dataclass(frozen=True, slots=True)
class DepartmentCount:
    """How much of what does not fit one department leads."""

    department_id: int
    """Its key; 0 for what none leads."""
    name: str
    """Its short name."""
    counts: tuple[int, ...]
    """By severity, gravest first."""

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Report:
    """The state of the record."""

    at: datetime
    """When it was looked at."""
    results: tuple[Result, ...]
    """Checks that found something, the gravest first."""
    passed: tuple[Check, ...]
    """Checks that found nothing."""
    counts: dict[Severity, int]
    """Things that do not fit, by severity, after the department was chosen."""
    departments: tuple[DepartmentCount, ...]
    """The same by department, before one was chosen."""
    finding_total: int
    """Findings looked at."""

    @property
    def total(self) -> int:
        """All things that do not fit."""
        return sum(self.counts.values())


def build_scope(actor: Actor, round_: InspectionRound | None = None) -> Scope:
    """Return what *actor* sees of *round_*, or of all open rounds."""
    shown = (round_,) if round_ else tuple(visible_rounds(actor).filter(closed_on=None).select_related("unit"))
    keys = [each.pk for each in shown]
    reached = reach(actor, "findings.view")
    calendar = work_calendar()
    line = line_on(calendar=calendar)
    return Scope(
        actor=actor,
        findings=visible_findings(actor).filter(round__in=keys).order_by(),
        rounds=shown,
        whole_rounds=tuple(each for each in shown if reached.covers(each.unit)),
        rules=rules_by_round(keys),
        today=line.today,
        calendar=calendar,
        line=line,
    )


def examine(
    actor: Actor,
    round_: InspectionRound | None = None,
    *,
    severity: str = "",
    department: int | None = None,
    chosen: str = "",
    checks: Sequence[Check] = CHECKS,
) -> Report:
    """Look at the record.

    Args:
        actor: who looks.
        round_: one round; None for all open ones.
        severity: leave out checks of other severities.
        department: leave out what other departments lead; 0 for what none leads.
        chosen: code of the check whose rows are wanted; ``*`` for those of all.
        checks: the family.
    """
    scope = build_scope(actor, round_)
    by_department: Counter[tuple[int, Severity]] = Counter()
    counts = dict.fromkeys(_ORDER, 0)
    found: list[tuple[Check, list[Hit]]] = []
    passed: list[Check] = []
    for check in sorted(checks, key=lambda each: _ORDER.index(each.severity)):
        hits = list(check.hits(scope))
        for hit in hits:
            if hit.finding_id is not None:
                by_department[(hit.department_id or 0, check.severity)] += 1
        if department is not None:
            hits = [hit for hit in hits if hit.finding_id is not None and (hit.department_id or 0) == department]
        counts[check.severity] += len(hits)
        if not hits:
            passed.append(check)
        elif severity in ("", check.severity.value):
            found.append((check, hits))
    wanted = {check.code: hits[:SHOWN] for check, hits in found if chosen in ("*", check.code)}
    told = _tell({check.code: check for check, _hits in found}, wanted, scope)
    return Report(
        at=timezone.now(),
        results=tuple(Result(check, len(hits), told.get(check.code, ())) for check, hits in found),
        passed=tuple(passed),
        counts=counts,
        departments=tuple(_departments(by_department)),
        finding_total=scope.findings.count(),
    )


def _tell(checks: dict[str, Check], wanted: dict[str, list[Hit]], scope: Scope) -> dict[str, tuple[Issue, ...]]:
    keys = {hit.finding_id for hits in wanted.values() for hit in hits if hit.finding_id is not None}
    rows = Finding.objects.filter(pk__in=keys).order_by().values_list(
        "pk", "no", "title", "department__short_name", "department__name", "department_text", "round_id"
    )  # fmt: skip
    rounds = {each.pk: each.name for each in scope.rounds}
    names = {
        key: (f"{no} {title}".strip(), short or name or text, rounds.get(round_, ""))
        for key, no, title, short, name, text, round_ in rows
    }
    return {
        code: tuple(
            _issue(checks[code], hit, names, rounds) for hit in sorted(hits, key=lambda hit: hit.finding_id or 0)
        )
        for code, hits in wanted.items()
    }


def _issue(check: Check, hit: Hit, names: dict[int, tuple[str, str, str]], rounds: dict[int, str]) -> Issue:
    if hit.finding_id is None:
        name, words = rounds.get(hit.round_id or 0, ""), check.words(hit.extra)
        return Issue(name or words, words if name else "", "", name, check.path(hit))
    title, department, round_name = names[hit.finding_id]
    return Issue(title, check.words(hit.extra), department, round_name, check.path(hit))


def _departments(counted: Counter[tuple[int, Severity]]) -> Iterable[DepartmentCount]:
    keys = {key for key, _severity in counted}
    units = Unit.objects.filter(pk__in=keys - {0}).order_by("order", "pk")
    names = {key: short or name for key, short, name in units.values_list("pk", "short_name", "name")}
    if 0 in keys:
        names[0] = _now("未落实部门")
    for key, name in names.items():
        yield DepartmentCount(key, name, tuple(counted[(key, severity)] for severity in _ORDER))


def build_workbook(report: Report) -> bytes:
    """Return the rows of *report* as a workbook: one sheet of all things, one of the checks."""
    things = (
        (
            str(result.check.severity.label), str(result.check.sentence), issue.title, issue.detail, issue.department,
            issue.round_name, str(result.check.remedy), result.check.code,
        )
        for result in report.results
        for issue in result.issues
    )  # fmt: skip
    checks = [
        (str(result.check.severity.label), str(result.check.sentence), result.count, result.check.code)
        for result in report.results
    ]
    checks += [(str(check.severity.label), str(check.sentence), 0, check.code) for check in report.passed]
    columns = (
        Column(_now("程度"), 6), Column(_now("问题"), 36, wrap=True), Column(_now("对象"), 48, wrap=True),
        Column(_now("情况"), 30, wrap=True), Column(_now("责任部门"), 16), Column(_now("巡察轮次"), 24),
        Column(_now("怎样改"), 32, wrap=True), Column(_now("代码"), 20, muted=True),
    )  # fmt: skip
    summary = (Column(_now("程度"), 6), Column(_now("检查内容"), 60, wrap=True), Column(_now("数量"), 8),
               Column(_now("代码"), 24, muted=True))  # fmt: skip
    title = _now("体检结果")
    sheets = (Sheet(title, columns, things), Sheet(_now("检查项目"), summary, checks))
    return render_workbook(sheets, title=title, created=report.at)
