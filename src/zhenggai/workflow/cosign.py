"""Countersigning 会签: which assisting departments are asked at a level, and who may sign for each.

Departments come from the finding and its measures, without the leading one.  A department is asked when one of its
heads, or their deputy, did none of the work; where nobody could sign, there is nothing to wait for.
"""

from __future__ import annotations

from zhenggai.findings.models import Finding
from zhenggai.people.access import current_deputies, current_posts
from zhenggai.people.models import Unit
from zhenggai.policy.profile import Level
from zhenggai.workflow.doers import doers_of
from zhenggai.workflow.levels import Chair
from zhenggai.workflow.models import Opinion, Submission


def assisting_departments(finding: Finding) -> list[Unit]:
    """Return the departments that assist with *finding* or one of its measures, without the leading one."""
    units = {unit.pk: unit for unit in finding.assist_departments.all()}
    through = Unit.objects.filter(assisted_measures__finding=finding, assisted_measures__withdrawn_at=None)
    units |= {unit.pk: unit for unit in through.distinct()}
    units.pop(finding.department_id or 0, None)
    return sorted(units.values(), key=lambda unit: (unit.order, unit.pk))


def missing_cosigns(finding: Finding, level: Level, submission: Submission) -> list[tuple[Unit, list[Chair]]]:
    """Return the departments that have not countersigned, each with those who may."""
    if not level.cosign:
        return []
    departments = assisting_departments(finding)
    if not departments:
        return []
    signed = submission.opinions.filter(level=level.code, verdict=Opinion.Verdict.COSIGN, superseded_at=None)
    done = set(signed.values_list("department_id", flat=True))
    doers = doers_of(finding)
    heads: dict[int, list[int]] = {}
    posts = current_posts().filter(role="department_head", unit__in=[unit.pk for unit in departments])
    for unit_id, user_id in posts.values_list("unit_id", "user_id"):
        heads.setdefault(unit_id, []).append(user_id)
    acting: dict[int, list[int]] = {}
    everyone = [key for keys in heads.values() for key in keys]
    for deputy, principal in current_deputies().filter(principal__in=everyone).values_list("deputy_id", "principal_id"):
        acting.setdefault(principal, []).append(deputy)
    found = []
    for unit in departments:
        if unit.pk in done:
            continue
        chairs = [Chair(key, key) for key in heads.get(unit.pk, ())]
        chairs += [Chair(deputy, key) for key in heads.get(unit.pk, ()) for deputy in acting.get(key, ())]
        free = [chair for chair in chairs if not {chair.user_id, chair.holder_id} & doers]
        if free:
            found.append((unit, free))
    return found


def pending_cosigns(finding: Finding, level: Level, submission: Submission) -> list[Unit]:
    """Return the departments whose countersign is still waited for."""
    return [unit for unit, _chairs in missing_cosigns(finding, level, submission)]
