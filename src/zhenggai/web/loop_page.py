"""What the page of a finding says of its loop at a glance: since when, for whom it waits, what the reader does next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.findings.shapes import HistoryItem
from zhenggai.policy.profile import Level
from zhenggai.workflow import codes
from zhenggai.workflow.models import Criterion, Evidence, EvidenceLink, EvidenceVersion, Outcome, Submission
from zhenggai.workflow.queries import LoopPage, Proof

_MOVING = frozenset(
    {
        codes.STARTED,
        codes.SUBMITTED,
        codes.SUBMISSION_WITHDRAWN,
        codes.LEVEL_PASSED,
        codes.STEPPED_BACK,
        codes.RETURNED,
        codes.CLOSED,
        codes.PHASED,
        codes.LONG_TERM,
        codes.REVOKED,
        codes.REOPENED,
    }
)
"""Acts after which a finding stands somewhere new."""


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing that the reader does next."""

    label: str
    """Verb on the button."""
    address: str
    """Where it is done; an anchor of the page, or another page."""


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the way from work to close-out."""

    no: int
    """From 1."""
    label: str
    """What it is called."""
    state: str
    """``done now skipped returned ahead``."""
    said: str = ""
    """Who, and when."""
    note: str = ""
    """Why it was skipped, or for whom it waits."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence with all it stands for on this finding."""

    evidence: Evidence
    """The evidence."""
    newest: EvidenceVersion
    """Its newest version."""
    versions: int
    """How many versions there are."""
    expired: bool
    """True when it proves nothing any more."""
    links: tuple[tuple[EvidenceLink, int], ...]
    """Each link with the number of its measure; 0 for the finding as a whole."""


@dataclass(frozen=True, slots=True)
class LoopView:
    """The loop of one finding, as its page shows it."""

    loop: LoopPage
    """What is asked of the room ``workflow``."""
    governed: bool
    """True when an approved plan governs the finding."""
    standing_label: str
    """Its standing in the words of the office."""
    since: datetime | None
    """Since when it stands there."""
    since_words: str
    """The same in days."""
    waits_for: str
    """Whose turn it is, in words; empty when nobody's."""
    next: Next | None
    """What the reader does next."""
    note: str
    """Why the reader may not decide, or what is waited for; empty when there is nothing to explain."""
    stations: tuple[Station, ...]
    """The way from work to close-out."""
    evidence: tuple[EvidenceRow, ...]
    """Evidence, each piece once."""
    consequence: str
    """What passing the present level brings about."""
    undone: int
    """Measures that were not carried out."""
    before_review: tuple[str, ...]
    """What is missing before completion may be asked for: all but what reviewers give."""
    name: str
    """What the finding is called in a sentence."""


def view_loop(loop: LoopPage, history: Sequence[HistoryItem]) -> LoopView:
    """Return what the page of a finding shows of *loop*."""
    since = next((item.at for item in history if item.code in _MOVING), None)
    governed = loop.stage != Stage.REGISTERED
    numbers = {work.measure.pk: number for number, work in enumerate(loop.measures, start=1)}
    return LoopView(
        loop=loop,
        governed=governed,
        standing_label=loop.rules.policy.status_names.get(loop.standing.value, str(loop.standing.label)),
        since=since,
        since_words=_since_words(since),
        waits_for=_waits_for(loop) if governed else "",
        next=_next(loop) if governed else None,
        note=_note(loop),
        stations=tuple(_stations(loop)) if governed else (),
        evidence=tuple(evidence_rows(loop, numbers)),
        consequence=_consequence(loop),
        undone=sum(work.completion is None for work in loop.measures),
        before_review=_before_review(loop),
        name=short_name(loop.finding),
    )


def _since_words(since: datetime | None) -> str:
    if since is None:
        return ""
    days = (timezone.localdate() - timezone.localtime(since).date()).days
    if days <= 0:
        return _("今天起")
    return ngettext("已 %(days)s 天", "已 %(days)s 天", days) % {"days": days}


def names(people: Iterable[object], most: int = 4) -> str:
    """Return people by name, the first few of them."""
    shown = [str(person) for person in people]
    return "、".join(shown[:most]) + (_("等 %(n)s 人") % {"n": len(shown)} if len(shown) > most else "")


def _waits_for(loop: LoopPage) -> str:
    finding = loop.finding
    step = loop.waits_at
    if step is not None:
        return names(person.name for person in step.people)
    if loop.stage == Stage.CLOSED:
        return ""
    return str(finding.owner or finding.owner_text or finding.department or finding.department_text or "")


def _next(loop: LoopPage) -> Next | None:
    may, finding = loop.may, loop.finding
    if may.decide:
        return Next(_("审核本项"), reverse("finding-review", kwargs={"id": finding.pk}))
    if may.cosign:
        return Next(_("会签"), "#cosign")
    if may.decide_extension:
        return Next(_("审批延期申请"), "#extensions")
    if may.submit:
        return _next_of_work(loop)
    if may.file:
        return Next(_("登记报备"), "#close-outs")
    return None


def _next_of_work(loop: LoopPage) -> Next:
    if loop.stage in (Stage.PHASED, Stage.LONG_TERM):
        return Next(_("填报进展"), "#work")
    if any(work.completion is None for work in loop.measures):
        said = bool(loop.entries) or any(work.entries for work in loop.measures)
        if said and any(work.lacking for work in loop.measures):
            return Next(_("上传佐证"), "#evidence")
        return Next(_("填报进展"), "#work")
    if any(work.lacking for work in loop.measures):
        return Next(_("上传佐证"), "#evidence")
    return Next(_("提交审核"), "#submit")


def _note(loop: LoopPage) -> str:
    if loop.own_work:
        return _("您参与了本项的办理，按“谁办理谁不审核”的规定，不能在本级审核，请由其他人员审核。")
    return ""


def _stations(loop: LoopPage) -> Iterable[Station]:
    now = loop.submission
    at_work = loop.stage not in (Stage.IN_REVIEW, Stage.CLOSED)
    open_or_passed = now is not None and now.state in (Submission.State.OPEN, Submission.State.PASSED)
    reviewing = open_or_passed and not (at_work and loop.stage not in (Stage.PHASED, Stage.LONG_TERM))
    first = Station(1, _("整改"), "now" if not reviewing else "done", _handed_in(now) if reviewing else "")
    if loop.stage == Stage.RETURNED:
        first = Station(1, _("整改"), "returned", _("退回补正"))
    yield first
    steps = {step.level.code: step for step in loop.steps} if reviewing else {}
    number = 1
    for number, level in enumerate(loop.rules.policy.levels, start=2):
        step = steps.get(level.code)
        if step is None or step.state == "ahead":
            yield Station(number, level.label, "ahead")
        elif step.state == "skipped":
            yield Station(number, level.label, "skipped", note=_("本级可审人员均参与了办理，依规则跳过"))
        elif step.state == "now":
            yield Station(number, level.label, "now", _("待 %(names)s") % {"names": names(step.people, 2)})
        else:
            passed = next((each for each in reversed(step.opinions) if each.verdict == "pass"), None)
            yield Station(number, level.label, "done", f"{passed.by.name} {_day(passed.at)}" if passed else "")
    ends = {Stage.CLOSED: _("销号"), Stage.PHASED: _("阶段性完成"), Stage.LONG_TERM: _("长期坚持")}
    if loop.stage in ends and reviewing:
        yield Station(number + 1, ends[loop.stage], "done", _day(now.ended_at) if now and now.ended_at else "")
    else:
        asked = now.outcome if now is not None and reviewing else Outcome.COMPLETED
        yield Station(number + 1, ends[_END_OF[Outcome(asked)]], "ahead")


_END_OF = {
    Outcome.COMPLETED: Stage.CLOSED,
    Outcome.PHASED: Stage.PHASED,
    Outcome.LONG_TERM: Stage.LONG_TERM,
}


def _handed_in(now: Submission | None) -> str:
    return f"{now.by.name} {_day(now.at)}" if now is not None else ""


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d}"


def evidence_rows(loop: LoopPage, numbers: dict[int, int]) -> Iterable[EvidenceRow]:
    """Yield each piece of evidence once, with all it stands for.

    Args:
        loop: the loop of a finding.
        numbers: key of a measure → its number on the page.
    """
    proofs: list[Proof] = [*loop.proofs, *(proof for work in loop.measures for proof in work.proofs)]
    found: dict[int, list[Proof]] = {}
    for proof in sorted(proofs, key=lambda each: each.link.pk):
        found.setdefault(proof.link.evidence_id, []).append(proof)
    for same in found.values():
        links = sorted(((each.link, numbers.get(each.link.measure_id or 0, 0)) for each in same), key=lambda p: p[1])
        one = same[0]
        yield EvidenceRow(one.link.evidence, one.newest, one.versions, one.expired, tuple(links))


def _consequence(loop: LoopPage) -> str:
    step = loop.waits_at
    if step is None or loop.submission is None:
        return ""
    name = short_name(loop.finding)
    behind = _behind(loop.rules.policy.levels, step.level)
    if behind:
        return _("同意后，%(finding)s送“%(level)s”。") % {"finding": name, "level": behind.label}
    match Outcome(loop.submission.outcome):
        case Outcome.PHASED:
            return _("同意后，%(finding)s确认为阶段性完成，时限改为下一节点日期，不销号。") % {"finding": name}
        case Outcome.LONG_TERM:
            return _("同意后，%(finding)s转入长期坚持，定期报告，不销号。") % {"finding": name}
    return _("同意后，%(finding)s即予销号并生成销号单，转入回头看，下次核查 %(day)s。") % {
        "finding": name,
        "day": look_back_on(loop).isoformat(),
    }


def _before_review(loop: LoopPage) -> tuple[str, ...]:
    if not loop.criteria:
        return (_("至少一条销号标准"),)
    asked = (state for state in loop.criteria if state.criterion.kind != Criterion.Kind.CONFIRMATION)
    return tuple(words for state in asked for words in state.missing)


def look_back_on(loop: LoopPage) -> date:
    """Return the first day on which a close-out of today would be looked back at."""
    days = loop.rules.policy.look_back_after_days
    return timezone.localdate() + timedelta(days=days[0] if days else 0)


def short_name(finding: Finding) -> str:
    """Return what a finding is called in a sentence."""
    return _("第 %(no)s 项") % {"no": finding.no} if finding.no else _("“%(title)s”") % {"title": finding.title[:30]}


def _behind(levels: Sequence[Level], level: Level) -> Level | None:
    place = next((number for number, each in enumerate(levels) if each.code == level.code), len(levels))
    return next(iter(levels[place + 1 :]), None)


def measure_words(measure: Measure, number: int) -> str:
    """Return a measure for a choice: its number and its beginning."""
    text = " ".join(measure.text.split())
    return f"{number}. {text[:28]}{'…' if len(text) > 28 else ''}"
