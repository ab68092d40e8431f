"""Checks of evidence and of what was closed on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.desk.quality.base import Check, FindingCheck, Hit, MeasureCheck, Scope, Severity
from zhenggai.findings.models import Finding, Measure, Source, Stage, Status
from zhenggai.workflow.models import CloseOut, Completion, Evidence, EvidenceLink, EvidenceVersion

MANY = 3
"""From how many findings one file as evidence is worth a look."""


def _standing_links() -> QuerySet[EvidenceLink]:
    return EvidenceLink.objects.filter(withdrawn_at=None, evidence__withdrawn_at=None).order_by()


class DoneWithoutEvidence(MeasureCheck):
    """A measure carried out, and nothing to show for it."""

    code = "evidence.missing"
    severity = Severity.HIGH
    sentence = _("措施已完成，但没有佐证材料")
    remedy = _("提交佐证材料，或撤销完成")

    def found(self, scope: Scope) -> QuerySet[Measure]:
        """Return completed measures without standing evidence."""
        done = Completion.objects.filter(measure=OuterRef("pk"), withdrawn_at=None)
        proof = _standing_links().filter(measure=OuterRef("pk"))
        return scope.measures.filter(Exists(done), ~Exists(proof))


class EvidenceExpired(Check):
    """Evidence whose day is past, where it still has to prove something."""

    code = "evidence.expired"
    severity = Severity.MEDIUM
    sentence = _("佐证材料已过有效期")
    remedy = _("更新佐证材料")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings not closed with evidence that has expired, with its name; one query."""
        rows = _standing_links().filter(
            evidence__expires_on__lt=scope.today, finding__in=scope.findings.exclude(stage=Stage.CLOSED).values("pk")
        )
        seen: dict[int, tuple[int | None, dict[str, None]]] = {}
        for key, department, name in rows.values_list("finding_id", "finding__department_id", "evidence__name"):
            seen.setdefault(key, (department, {}))[1][name] = None
        for key, (unit, names) in seen.items():
            yield Hit(key, unit, "、".join(names))


class SameFile(Check):
    """One file that stands for many findings."""

    code = "evidence.same_file"
    severity = Severity.MEDIUM
    sentence = _("同一个文件被用作三个以上问题的佐证")
    remedy = _("核实是否针对本问题，补充专门的佐证")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield the findings whose newest evidence is a file that many share, with how many; two queries."""
        newest = EvidenceVersion.objects.filter(evidence=OuterRef("evidence_id")).order_by("-no").values("file_id")[:1]
        links = _standing_links().filter(finding__in=scope.findings.values("pk")).annotate(file=Subquery(newest))
        shared = {
            file: count
            for file, count in links.values_list("file").annotate(n=Count("finding_id", distinct=True))
            if count >= MANY
        }
        if not shared:
            return
        seen: dict[int, tuple[int | None, int]] = {}
        for key, department, file in links.values_list("finding_id", "finding__department_id", "file"):
            if file in shared:
                seen[key] = (department, max(shared[file], seen.get(key, (None, 0))[1]))
        for key, (unit, count) in seen.items():
            yield Hit(key, unit, count)

    def words(self, extra: Any) -> str:
        """Return how many findings share it."""
        return _now("共用于 %(n)s 个问题") % {"n": extra}


class SourceAsEvidence(Check):
    """The paper that states the problem, offered as proof that it is gone."""

    code = "evidence.source"
    severity = Severity.MEDIUM
    sentence = _("佐证就是导入的反馈意见、方案或通报本身")
    remedy = _("换成能证明整改结果的材料")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings proved by an imported paper; one query."""
        papers = Source.objects.order_by().values("file_id")
        of_paper = EvidenceVersion.objects.filter(file_id__in=papers).order_by().values("evidence_id")
        links = _standing_links().filter(evidence__in=of_paper, finding__in=scope.findings.values("pk"))
        for row in links.values_list("finding_id", "finding__department_id").distinct():
            yield Hit(*row)


class ChangedAfterClosing(Check):
    """Evidence replaced or withdrawn after the finding was closed on it."""

    code = "closing.evidence_changed"
    severity = Severity.HIGH
    sentence = _("销号之后，所依据的佐证被更换或撤下")
    remedy = _("核实更换原因，必要时撤销销号")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield closed findings whose evidence moved after the close-out, with its name; two queries."""
        closed = scope.findings.filter(stage=Stage.CLOSED).values("pk")
        standing = CloseOut.objects.filter(finding=OuterRef("finding_id"), revoked_at=None)
        links = EvidenceLink.objects.filter(finding__in=closed).order_by().annotate(
            closed_at=Subquery(standing.values("at")[:1])
        )  # fmt: skip
        links = links.filter(at__lte=F("closed_at")).exclude(withdrawn_at__lt=F("closed_at"))
        moved = Q(evidence__withdrawn_at__gt=F("closed_at")) | Q(withdrawn_at__gt=F("closed_at"))
        moved |= Q(evidence__versions__at__gt=F("closed_at"))
        seen: dict[int, tuple[int | None, dict[str, None]]] = {}
        rows = links.filter(moved).values_list("finding_id", "finding__department_id", "evidence__name").distinct()
        for key, department, name in rows:
            seen.setdefault(key, (department, {}))[1][name] = None
        for key, (unit, names) in seen.items():
            yield Hit(key, unit, "、".join(names))


class RuleWithoutDocument(MeasureCheck):
    """A measure that promises a rule, done without the rule at hand."""

    code = "evidence.rule"
    severity = Severity.MEDIUM
    sentence = _("措施写明制定、修订或印发制度，已完成但没有制度文件作佐证")
    remedy = _("提交印发的制度文件")
    _WORDS: ClassVar[tuple[str, ...]] = ("制定", "修订", "印发", "出台", "建立健全")

    def found(self, scope: Scope) -> QuerySet[Measure]:
        """Return completed measures that speak of a rule and lack evidence of that kind."""
        promises = Q(pk__in=())
        for word in self._WORDS:
            promises |= Q(text__contains=word)
        done = Completion.objects.filter(measure=OuterRef("pk"), withdrawn_at=None)
        kinds = (Evidence.Kind.RULE, Evidence.Kind.DOCUMENT)
        proof = _standing_links().filter(measure=OuterRef("pk"), evidence__kind__in=kinds)
        return scope.measures.filter(promises, Exists(done), ~Exists(proof))


class ClosedWithOpenMeasures(MeasureCheck):
    """A closed finding with a measure that was never carried out."""

    code = "closing.open_measure"
    severity = Severity.HIGH
    sentence = _("问题已销号，仍有措施没有完成")
    remedy = _("核实措施；未落实的，撤销销号")

    def found(self, scope: Scope) -> QuerySet[Measure]:
        """Return measures of closed findings that are not completed."""
        return scope.measures.filter(finding__stage=Stage.CLOSED).exclude(status=Status.COMPLETED)


class ClosedNotFiled(Check):
    """A close-out not filed where the rules ask for it."""

    code = "closing.not_filed"
    severity = Severity.LOW
    sentence = _("销号后没有向巡察办报备")
    remedy = _("登记报备日期")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield close-outs of rounds that file, without a day of filing; one query."""
        filing = [key for key, rules in scope.rules.items() if rules.policy.filing]
        rows = CloseOut.objects.filter(
            revoked_at=None, filed_on=None, finding__round__in=filing, finding__in=scope.findings.values("pk")
        )
        for row in rows.order_by().values_list("finding_id", "finding__department_id", "no"):
            yield Hit(*row)


class WithoutCriteria(FindingCheck):
    """A finding in the loop that could never be closed, since nothing says when."""

    code = "closing.no_criteria"
    severity = Severity.HIGH
    sentence = _("问题已进入办理，但没有任何销号标准，无法销号")
    remedy = _("增加销号标准")
    place = "#criteria"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings in the loop without a standing criterion."""
        in_loop = scope.findings.exclude(stage__in=(Stage.REGISTERED, Stage.CLOSED))
        return in_loop.exclude(criteria__withdrawn_at__isnull=True, criteria__isnull=False)


CHECKS: tuple[Check, ...] = (
    DoneWithoutEvidence(),
    ChangedAfterClosing(),
    ClosedWithOpenMeasures(),
    WithoutCriteria(),
    EvidenceExpired(),
    SameFile(),
    SourceAsEvidence(),
    RuleWithoutDocument(),
    ClosedNotFiled(),
)
