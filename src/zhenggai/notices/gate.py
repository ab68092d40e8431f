"""What stands between a notice and the public: every issue with the place where it is mended; reads only.

A version comes in, its issues go out.  Some may be let pass by a named person with a reason; what was let pass holds for
that version alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhenggai.docparse.draft import Draft
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand
from zhenggai.figures import Verdict
from zhenggai.notices.blocks import BlockKind
from zhenggai.notices.counts import RecordCounts
from zhenggai.notices.figures_of import FigureState
from zhenggai.notices.models import Binding, Notice, NoticeSettings, Step
from zhenggai.notices.private import Found, kept_of, private_of, scan
from zhenggai.notices.queries import Body, LookedAt, body_of, given_of, looked_at, settings_of
from zhenggai.notices.sources import Given

COUNTED = ("completed", "phased", "ongoing", "not_completed")
"""Statuses that a reader of the text counts."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to be mended."""

    code: str
    """What kind of thing."""
    words: str
    """The same in a sentence."""
    block: str = ""
    """Id of the block where it is mended; empty when that is elsewhere."""
    place: str = ""
    """Where else: ``findings``, ``approval``, ``settings``."""
    may_pass: bool = True
    """Whether a named person may let it pass."""

    @property
    def key(self) -> str:
        """By which an override names it."""
        return f"{self.code}:{hashlib.sha256(self.words.encode()).hexdigest()[:16]}"


LABELS: dict[str, str | Promise] = {
    "empty": _("缺少内容"),
    "mask": _("不得公开的信息"),
    "unknown_status": _("整改状态未明确"),
    "statuses": _("各类状态与总数不符"),
    "problems": _("所列问题与台账不符"),
    "status_changed": _("问题状态已变化"),
    "contradiction": _("数字自相矛盾"),
    "stale": _("数字已变化"),
    "unbound": _("数字没有依据"),
    "approval": _("未经审批"),
}
"""Code → words."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A version of a notice as the gate sees it."""

    notice: Notice
    """The notice."""
    body: Body
    """The version."""
    looked: LookedAt
    """Its text, checked, with its figures."""
    masks: tuple[Found, ...]
    """What the public may not read, with decisions."""
    issues: tuple[Issue, ...]
    """What stands in the way, all of it."""
    passed: dict[str, Step] = field(default_factory=dict)
    """Key of an issue → by whose word it passes."""
    bindings: dict[int, Binding] = field(default_factory=dict)
    """Key → binding."""
    given: dict[int, Given] = field(default_factory=dict)
    """Key of a binding → what it gives."""

    @property
    def open(self) -> tuple[Issue, ...]:
        """What nobody let pass."""
        return tuple(issue for issue in self.issues if issue.key not in self.passed)


def examine(notice: Notice, *, approval: bool = True, body: Body | None = None) -> Examined:
    """Return a notice as the gate sees it.

    Args:
        notice: with round and unit at hand.
        approval: whether a missing approval is an issue; not when it is about to be given.
        body: the version, the newest by default.
    """
    body = body or body_of(notice)
    record = RecordCounts(notice.round, notice.as_of)
    keys = [anchor.binding for anchor in body.anchors]
    related = Binding.objects.select_related("vouched_by").prefetch_related("evidence")
    bindings = {each.pk: each for each in related.filter(notice=notice, pk__in=keys)}
    given = given_of(bindings.values(), record)
    looked = looked_at(body.blocks, body.anchors, body.version.style, bindings, given)
    masks = tuple(scan(body.blocks, private_of(notice.unit), kept_of(notice)))
    issues = [
        *_empty(body),
        *_masks(masks),
        *_statuses(body, record, looked),
        *_figures(looked, settings_of(notice.unit)),
    ]
    if approval and notice.state not in (Notice.State.APPROVED, Notice.State.SCHEDULED):
        issues.append(Issue("approval", _now("还没有经过审批"), place="approval", may_pass=False))
    return Examined(notice, body, looked, masks, tuple(issues), _passed(notice, body), bindings, given)


def _empty(body: Body) -> Iterable[Issue]:
    kinds = {block.kind for block in body.blocks if block.text.strip()}
    for kind, words in (
        (BlockKind.TITLE, _now("没有标题")),
        (BlockKind.SIGNATURE, _now("没有落款")),
        (BlockKind.DATE, _now("没有日期")),
        (BlockKind.PROBLEM, _now("没有列出任何问题")),
    ):
        if kind not in kinds:
            yield Issue("empty", words, may_pass=False)
    if not any(block.kind is BlockKind.CONTACT and block.text.strip() for block in body.blocks):
        yield Issue("empty", _now("没有公布联系方式"), place="settings")


def _masks(masks: Iterable[Found]) -> Iterable[Issue]:
    for each in masks:
        if each.kept is None:
            words = _now("正文含%(kind)s，须遮蔽或说明准予公开的理由") % {"kind": each.hit.kind.label}
            yield Issue("mask", words, each.block.id, may_pass=False)


def _statuses(body: Body, record: RecordCounts, looked: LookedAt) -> Iterable[Issue]:
    unknown = [row for row in record.findings if row.group == "unknown"]
    if unknown:
        words = ngettext("有 %(count)s 个问题还没有明确整改状态", "有 %(count)s 个问题还没有明确整改状态", len(unknown))
        yield Issue("unknown_status", words % {"count": len(unknown)}, place="findings")
    rows = {row.id: row for row in record.findings}
    listed = {block.about_id: block for block in body.blocks if block.kind is BlockKind.PROBLEM and block.about_id}
    missing = [row for key, row in rows.items() if key not in listed]
    if missing:
        words = ngettext(
            "台账中有 %(count)s 个问题没有写入通报：%(titles)s",
            "台账中有 %(count)s 个问题没有写入通报：%(titles)s",
            len(missing),
        )
        yield Issue(
            "problems", words % {"count": len(missing), "titles": "、".join(row.title[:20] for row in missing[:3])}
        )
    for key, block in listed.items():
        if key not in rows:
            yield Issue("problems", _now("“%(title)s”已不在台账的反馈问题中") % {"title": block.text[:30]}, block.id)
        elif rows[key].group != block.status:
            words = _now("“%(title)s”的整改状态与台账不一致") % {"title": block.text[:30]}
            yield Issue("status_changed", words, block.id)
    yield from _declared(body, read_back(looked.layout.text))


def _declared(body: Body, draft: Draft) -> Iterable[Issue]:
    """Hold what the text declares of its problems against what it adds up to."""
    block = next((each.id for each in body.blocks if each.kind is BlockKind.STATUS), "")
    counts = draft.counts
    total = counts.get("findings")
    parts = [counts[name] for name in COUNTED if name in counts]
    standing = sum(1 for each in body.blocks if each.kind is BlockKind.PROBLEM and each.status == "long_term")
    if total is not None and parts and sum(parts) not in (total, total - standing):
        told = {"parts": "+".join(str(part) for part in parts), "sum": sum(parts), "total": total}
        yield Issue("statuses", _now("各类状态相加 %(parts)s=%(sum)s，与问题总数 %(total)s 不符") % told, block)
    problems = sum(1 for each in body.blocks if each.kind is BlockKind.PROBLEM)
    if total is not None and problems and total != problems:
        told = {"total": total, "listed": problems}
        yield Issue("statuses", _now("文中称 %(total)s 个问题，实际列出 %(listed)s 个") % told, block)


def _figures(looked: LookedAt, settings: NoticeSettings) -> Iterable[Issue]:
    for claim in looked.report.of(Verdict.CONTRADICTORY):
        place = looked.layout.block_at(*(claim.operands[0] if claim.operands else claim.span))
        words = _now("“%(text)s”：%(reason)s") % {"text": claim.text[:60], "reason": claim.reason}
        yield Issue("contradiction", words, place[0] if place else "")
    for figure in looked.figures:
        if figure.state is FigureState.STALE:
            label = figure.binding.label if figure.binding else ""
            if figure.why:
                words = _now("“%(quote)s”的依据已失效：%(why)s") % {"quote": figure.quote, "why": figure.why}
            elif figure.wanted:
                told = {"quote": figure.quote, "label": label, "wanted": figure.wanted}
                words = _now("“%(quote)s”与来源不一致：%(label)s现为 %(wanted)s") % told
            else:
                words = _now("“%(quote)s”的来源（%(label)s）现在没有数值") % {"quote": figure.quote, "label": label}
            yield Issue("stale", words, figure.block)
        elif figure.state is FigureState.UNBOUND and settings.bind_all:
            yield Issue("unbound", _now("“%(quote)s”没有绑定来源") % {"quote": figure.quote}, figure.block)


def _passed(notice: Notice, body: Body) -> dict[str, Step]:
    steps = notice.steps.filter(act=Step.Act.OVERRIDDEN, version=body.version.no).select_related("by")
    return {
        key: step
        for step in steps
        if step.data.get("digest") == body.version.digest
        for key in step.data.get("keys", ())
    }


def read_back(text: str) -> Draft:
    """Return what a reader takes from a text."""
    return understand(read_document(text.encode(), name="notice.txt"))
