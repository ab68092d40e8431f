"""Countersigning 会签: which assisting departments are asked at a level, and who may sign for each.

Departments come from the finding and its measures, without the leading one.  A department is asked when one of its
heads, or their deputy, did none of the work and decided at no other level; where nobody could sign, there is nothing to
wait for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhenggai.findings.models import Finding, Measure
from zhenggai.people.access import current_deputies, current_posts
from zhenggai.people.models import Unit
from zhenggai.policy.profile import Level
from zhenggai.workflow.doers import doers_of
from zhenggai.workflow.levels import Chair
from zhenggai.workflow.models import Opinion, Submission

Missing = list[tuple[Unit, list[Chair]]]
"""Departments that have not countersigned, each with those who may."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A finding that waits at a level."""

    finding: Finding
    """The finding."""
    level: Level
    """The level it waits at."""
    submission: Submission
    """Its open submission."""


def assisting_departments(rows: Iterable[Finding]) -> dict[int, list[Unit]]:
    """Return by finding the departments that assist with it or one of its measures, without the leading one.

    Two queries.
    """
    leading = {finding.pk: finding.department_id for finding in rows}
    direct = Finding.assist_departments.through.objects.filter(finding__in=leading).select_related("unit")
    through = Measure.assist_departments.through.objects.filter(
        measure__finding__in=leading, measure__withdrawn_at=None
    ).select_related("unit", "measure")
    found: dict[int, dict[int, Unit]] = {key: {} for key in leading}
    for key, unit in [
        *((row.finding_id, row.unit) for row in direct),
        *((r.measure.finding_id, r.unit) for r in through),
    ]:
        if unit.pk != leading[key]:
            found[key][unit.pk] = unit
    return {key: sorted(units.values(), key=lambda unit: (unit.order, unit.pk)) for key, units in found.items()}


def missing_cosigns_of_many(rows: Sequence[Waiting], doers: Mapping[int, frozenset[int]]) -> dict[int, Missing]:
    """Return what is missing by finding; a fixed number of queries however many there are."""
    asked = [row for row in rows if row.level.cosign]
    found: dict[int, Missing] = {row.finding.pk: [] for row in rows}
    departments = assisting_departments(row.finding for row in asked) if asked else {}
    if not any(departments.values()):
        return found
    given = Opinion.objects.filter(submission__in=[row.submission.pk for row in asked], superseded_at=None)
    opinions: dict[int, list[Opinion]] = {}
    for opinion in given.exclude(verdict=Opinion.Verdict.RETURN):
        opinions.setdefault(opinion.submission_id, []).append(opinion)
    chairs = _chairs({unit.pk for units in departments.values() for unit in units})
    for row in asked:
        said = opinions.get(row.submission.pk, [])
        signed = {each.department_id for each in said if each.level == row.level.code}
        elsewhere = {key for each in said if each.level != row.level.code for key in (each.by_id, each.on_behalf_of_id)}
        barred = doers[row.finding.pk] | elsewhere
        for unit in departments[row.finding.pk]:
            free = [chair for chair in chairs.get(unit.pk, ()) if not {chair.user_id, chair.holder_id} & barred]
            if free and unit.pk not in signed:
                found[row.finding.pk].append((unit, free))
    return found


def _chairs(units: set[int]) -> dict[int, list[Chair]]:
    """Return by department its heads, and behind them those who act for them; two queries."""
    heads: dict[int, list[int]] = {}
    posts = current_posts().filter(role="department_head", unit__in=units)
    for unit_id, user_id in posts.values_list("unit_id", "user_id"):
        heads.setdefault(unit_id, []).append(user_id)
    acting: dict[int, list[int]] = {}
    everyone = {key for keys in heads.values() for key in keys}
    standing = current_deputies().filter(principal__in=everyone, deputy__is_active=True)
    for deputy, principal in standing.values_list("deputy_id", "principal_id"):
        acting.setdefault(principal, []).append(deputy)
    return {
        unit: [Chair(key, key) for key in keys] + [Chair(deputy, key) for key in keys for deputy in acting.get(key, ())]
        for unit, keys in heads.items()
    }


def missing_cosigns(
    finding: Finding, level: Level, submission: Submission, doers: frozenset[int] | None = None
) -> Missing:
    """Return the departments that have not countersigned, each with those who may.

    Args:
        finding: which one.
        level: the level it waits at.
        submission: its open submission.
        doers: who did the work, where that is known already.
    """
    if not level.cosign:
        return []
    row = Waiting(finding, level, submission)
    known = doers_of(finding) if doers is None else doers
    return missing_cosigns_of_many([row], {finding.pk: known})[finding.pk]
