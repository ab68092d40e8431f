"""Checks of who answers: nobody named, somebody gone, or the wrong person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhenggai.desk.area import SETTLED
from zhenggai.desk.quality.base import Check, FindingCheck, Hit, MeasureCheck, Scope, Severity
from zhenggai.findings.deadlines import AT_ONCE_WORDS, LASTING_WORDS
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.people.access import current_posts
from zhenggai.people.models import User

_SUPERVISORS = ("supervision_group", "discipline_group")


class WithoutLeader(FindingCheck):
    """A finding nobody leads."""

    code = "finding.leader"
    severity = Severity.HIGH
    sentence = _("问题没有责任领导")
    remedy = _("指定责任领导")
    place = "edit/"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings without a leader, also one named only in words."""
        return scope.findings.filter(leader=None)


class WithoutDepartment(FindingCheck):
    """A finding no department leads."""

    code = "finding.department"
    severity = Severity.HIGH
    sentence = _("问题没有责任部门")
    remedy = _("指定责任部门")
    place = "edit/"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings without a leading department."""
        return scope.findings.filter(department=None)


class WithoutOwner(FindingCheck):
    """A finding nobody works on."""

    code = "finding.owner"
    severity = Severity.MEDIUM
    sentence = _("问题没有责任人")
    remedy = _("指定责任人")
    place = "edit/"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings without an owner."""
        return scope.findings.filter(owner=None)


class WithoutDeadline(FindingCheck):
    """A finding without a deadline in any words."""

    code = "finding.due"
    severity = Severity.MEDIUM
    sentence = _("问题没有整改时限")
    remedy = _("填写整改时限；需要长期坚持的写明“长期坚持”")
    place = "edit/"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings with neither a day nor words."""
        return scope.findings.filter(due_on=None, due_text="").exclude(SETTLED)


class DeadlineUnclear(FindingCheck):
    """A deadline in words that name no day."""

    code = "finding.due_unclear"
    severity = Severity.LOW
    sentence = _("整改时限的写法看不出日期，不会提醒，也不会计入超期")
    remedy = _("把时限改成具体日期")
    place = "edit/"
    extra = "due_text"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings whose deadline is words that nobody can count by."""
        known = Q(pk__in=())
        for word in (*AT_ONCE_WORDS, *LASTING_WORDS):
            known |= Q(due_text__contains=word)
        return scope.findings.filter(due_on=None).exclude(due_text="").exclude(known).exclude(SETTLED)


class WithoutMeasures(FindingCheck):
    """A finding for which nothing is planned."""

    code = "finding.measures"
    severity = Severity.HIGH
    sentence = _("问题没有整改措施")
    remedy = _("补充整改措施")
    place = "measures/new/"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings without standing measures."""
        with_some = Measure.objects.filter(withdrawn_at=None).order_by().values("finding_id")
        return scope.findings.exclude(pk__in=with_some)


class MeasureWithoutPerson(MeasureCheck):
    """A measure that neither has an owner nor inherits one."""

    code = "measure.owner"
    severity = Severity.MEDIUM
    sentence = _("措施没有责任人")
    remedy = _("为措施或问题指定责任人")

    def found(self, scope: Scope) -> QuerySet[Measure]:
        """Return measures without an owner of finding or measure."""
        return scope.measures.filter(owner=None, finding__owner=None)


class PersonGone(Check):
    """A leader or owner who may no longer sign in or holds no post."""

    code = "finding.person_gone"
    severity = Severity.HIGH
    sentence = _("责任领导或责任人已停用账号，或不再任职")
    remedy = _("移交给现任的人")
    place = "edit/"

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield open findings and measures whose people are gone, with their names; two queries."""
        posted = current_posts().order_by().values("user_id")
        gone = dict(User.objects.exclude(pk__in=posted).order_by().values_list("pk", "name"))
        if not gone:
            return
        seen: dict[int, tuple[int | None, dict[str, None]]] = {}
        pending = scope.findings.exclude(SETTLED)
        for name in ("leader_id", "owner_id"):
            rows = pending.filter(**{f"{name}__in": list(gone)}).values_list("pk", "department_id", name)
            for key, department, person in rows:
                seen.setdefault(key, (department, {}))[1][gone[person]] = None
        measures = scope.measures.filter(owner_id__in=list(gone)).exclude(status="completed")
        for key, department, person in measures.values_list("finding_id", "finding__department_id", "owner_id"):
            seen.setdefault(key, (department, {}))[1][gone[person]] = None
        for key, (department, names) in seen.items():
            yield Hit(key, department, "、".join(names))


class DoerSupervises(Check):
    """An owner who also sits in a group that verifies."""

    code = "finding.doer_supervises"
    severity = Severity.HIGH
    sentence = _("责任人同时在督促组或纪检监察组任职，将核验自己的整改")
    remedy = _("更换责任人")
    place = "edit/"

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings owned by someone who verifies; two queries."""
        posts = current_posts().filter(role__in=_SUPERVISORS).order_by().values_list("user_id", "user__name")
        people = dict(posts.distinct())
        if people:
            rows = scope.findings.filter(owner_id__in=list(people)).values_list("pk", "department_id", "owner_id")
            for key, department, owner in rows:
                yield Hit(key, department, people[owner])


class OwnerLeads(FindingCheck):
    """One person as leader and owner."""

    code = "finding.owner_leads"
    severity = Severity.LOW
    sentence = _("责任领导与责任人是同一个人")
    remedy = _("另行指定具体承办的责任人")
    place = "edit/"
    extra: ClassVar[str] = "owner__name"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings led and owned by one person."""
        return scope.findings.filter(owner_id=F("leader_id"))


class DepartmentClosed(FindingCheck):
    """A leading department that no longer exists."""

    code = "finding.department_closed"
    severity = Severity.HIGH
    sentence = _("责任部门已撤销")
    remedy = _("改由现有部门负责")
    place = "edit/"
    extra = "department__name"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings led by a closed unit."""
        return scope.findings.filter(department__closed_on__isnull=False).exclude(stage=Stage.CLOSED)


CHECKS: tuple[Check, ...] = (
    WithoutLeader(),
    WithoutDepartment(),
    WithoutMeasures(),
    PersonGone(),
    DoerSupervises(),
    DepartmentClosed(),
    WithoutOwner(),
    WithoutDeadline(),
    MeasureWithoutPerson(),
    DeadlineUnclear(),
    OwnerLeads(),
)
