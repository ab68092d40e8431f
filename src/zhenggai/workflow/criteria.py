"""What is missing until a finding may be closed: its criteria looked at as they stand now.

A finding and the rules come in, sentences go out; an empty answer means that every criterion holds.  Confirmations and
documents are given by people; completed measures and evidence are looked at anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.models import Finding, Measure
from zhenggai.policy.profile import Policy
from zhenggai.workflow.conditions import missing_of_condition
from zhenggai.workflow.models import Criterion, EvidenceLink

Kind = Criterion.Kind


@dataclass(frozen=True, slots=True)
class CriterionState:
    """One criterion and whether it holds."""

    criterion: Criterion
    """The criterion."""
    missing: tuple[str, ...]
    """What is missing, in words; empty when it holds."""

    @property
    def met(self) -> bool:
        """True when it holds."""
        return not self.missing


def standing_links(finding: Finding) -> Q:
    """Return the condition that a link holds a piece of evidence that still proves something."""
    today = timezone.localdate()
    valid = Q(evidence__expires_on__isnull=True) | Q(evidence__expires_on__gte=today)
    return Q(finding=finding, withdrawn_at=None, evidence__withdrawn_at=None) & valid


def criteria_states(finding: Finding, policy: Policy) -> tuple[CriterionState, ...]:
    """Return each criterion of *finding* with what is missing; three queries."""
    criteria = list(
        finding.criteria.filter(withdrawn_at=None).select_related("met_by", "evidence").order_by("order", "pk")
    )
    measures = list(
        finding.measures.filter(withdrawn_at=None)
        .annotate(done=Count("completions", filter=Q(completions__withdrawn_at=None)))
        .order_by("order", "pk")
    )
    links = EvidenceLink.objects.filter(standing_links(finding)).values_list("measure_id", "evidence_id").distinct()
    proofs: dict[int | None, set[int]] = {}
    for measure_id, evidence_id in links:
        proofs.setdefault(measure_id, set()).add(evidence_id)
    counts = {measure.pk: len(proofs.get(measure.pk, ())) for measure in measures}
    standing = frozenset(key for keys in proofs.values() for key in keys)
    return tuple(CriterionState(each, tuple(_missing(each, measures, counts, standing, policy))) for each in criteria)


def _missing(
    criterion: Criterion, measures: Sequence[Measure], counts: dict[int, int], standing: frozenset[int], policy: Policy
) -> Iterable[str]:
    match criterion.kind:
        case Kind.MEASURES_DONE:
            if not measures:
                yield _now("整改措施")
            for number, measure in enumerate(measures, start=1):
                if not measure.done:  # type: ignore[attr-defined]  # annotated in criteria_states
                    yield _now("第 %(n)s 项措施尚未完成") % {"n": number}
        case Kind.EVIDENCE:
            least = policy.min_evidence_per_measure
            for number, measure in enumerate(measures, start=1):
                lacking = least - counts[measure.pk]
                if lacking > 0:
                    yield _now("第 %(n)s 项措施的佐证 %(lacking)s 份") % {"n": number, "lacking": lacking}
            if not measures and least and not standing:
                yield _now("佐证材料")
        case Kind.DOCUMENT:
            if criterion.evidence_id not in standing:
                yield _now("文件“%(text)s”") % {"text": criterion.text}
        case Kind.CONDITION:
            yield from missing_of_condition(criterion, policy)
        case _:
            if criterion.met_at is None:
                yield _now("确认“%(text)s”") % {"text": criterion.text}


def missing_to_close(finding: Finding, policy: Policy, *, before_review: bool = False) -> tuple[str, ...]:
    """Return what is missing until *finding* may be closed.

    Args:
        finding: which one.
        policy: the rules of its round.
        before_review: leave out what only reviewers give: confirmations.
    """
    states = criteria_states(finding, policy)
    if not states:
        return (_now("至少一条销号标准"),)
    left_out = {Kind.CONFIRMATION} if before_review else set()
    return tuple(words for state in states if state.criterion.kind not in left_out for words in state.missing)


def lay_default_criteria(finding: Finding, policy: Policy) -> None:
    """Give *finding* the criteria its rules start with, and the completion criterion of its plan in words."""
    rules = [(rule.kind, rule.text) for rule in policy.criteria]
    own = finding.completion_criteria.strip()
    if own:
        stated = _now("达到完成标准：%(words)s") % {"words": own[:400]}
        confirmations = [number for number, (kind, _text) in enumerate(rules) if kind == Kind.CONFIRMATION]
        if confirmations:
            rules[confirmations[0]] = (Kind.CONFIRMATION.value, stated)
        else:
            rules.append((Kind.CONFIRMATION.value, stated))
    Criterion.objects.bulk_create(
        Criterion(finding=finding, order=order, kind=kind, text=text[:500])
        for order, (kind, text) in enumerate(rules, start=1)
    )


def clear_confirmations(finding: Finding) -> int:
    """Take back what people confirmed, since the work goes on; return how many."""
    given = finding.criteria.filter(kind=Kind.CONFIRMATION, met_at__isnull=False)
    return given.update(met_at=None, met_by=None, met_note="")
