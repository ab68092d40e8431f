"""How the registers of this room are listed and exported, as data. Clues have no listing: they are never exported."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding
from zhenggai.referrals.models import CarriedOver, Common, ImmediateFix, Petition
from zhenggai.registers.queries import Column, Filter, Listing, Mark, by_field


def due_mark(due_on: date, done_on: date | None, today: date, *, near_days: int = 7) -> Mark:
    """Return how something with a deadline stands."""
    if done_on is not None:
        return Mark("completed", _now("按期办结") if done_on <= due_on else _now("逾期办结"))
    left = (due_on - today).days
    if left < 0:
        return Mark("overdue", _now("超期 %(days)s 天") % {"days": -left})
    return Mark("near" if left <= near_days else "ongoing", _now("还剩 %(days)s 天") % {"days": left})


def finding_words(finding: Finding | None) -> str:
    """Return a finding as a cell names it."""
    if finding is None:
        return ""
    return f"{finding.no}. {finding.title}" if finding.no else finding.title


def _open_or_done(done: str) -> Filter:
    def condition(value: str, today: date) -> Q:
        open_ones = Q(**{f"{done}__isnull": True})
        match value:
            case "open":
                return open_ones
            case "overdue":
                return open_ones & Q(due_on__lt=today)
        return ~open_ones

    choices = (("open", _("办理中")), ("overdue", _("超期未办结")), ("done", _("已办结")))
    return Filter("state", _("状态"), choices, condition)


FIXES: Listing[ImmediateFix] = Listing(
    (
        Column(_("通知书"), lambda it, _v: it.notice_no, 20.0),
        Column(_("问题"), lambda it, _v: it.issue, 50.0, link=True),
        Column(_("下达日期"), lambda it, _v: it.issued_on, 12.0),
        Column(_("责任"), lambda it, _v: " ".join(str(who) for who in (it.department, it.owner) if who), 18.0),
        Column(_("时限"), lambda it, _v: it.due_on, 12.0),
        Column(_("状态"), lambda it, v: due_mark(it.due_on, it.done_on, v.today), 12.0),
        Column(_("回复"), lambda it, _v: it.reply_no, 18.0),
    ),
    search=("issue", "notice_no", "measure", "reply_no"),
    order=("done_on", "due_on"),
    day="issued_on",
    filters=(_open_or_done("done_on"),),
    related=("department", "owner"),
)

PETITIONS: Listing[Petition] = Listing(
    (
        Column(_("编号"), lambda it, _v: it.no, 18.0, link=True),
        Column(_("方式"), lambda it, _v: it.get_kind_display(), 6.0),
        Column(_("反映类别"), lambda it, _v: it.topic, 26.0),
        Column(_("收件日期"), lambda it, _v: it.received_on, 12.0),
        Column(_("承办部门"), lambda it, _v: str(it.department or ""), 18.0),
        Column(_("时限"), lambda it, _v: it.due_on, 12.0),
        Column(_("状态"), lambda it, v: due_mark(it.due_on, it.closed_on, v.today), 12.0),
        Column(_("结论"), lambda it, _v: it.get_result_display() if it.result else "", 10.0),
    ),
    search=("no", "topic"),
    order=("closed_on", "due_on"),
    day="received_on",
    filters=(
        _open_or_done("closed_on"),
        by_field("kind", _("方式"), Petition.Kind.choices),
        by_field("result", _("结论"), Petition.Result.choices),
    ),
    related=("department",),
)

COMMONS: Listing[Common] = Listing(
    (
        Column(_("序号"), lambda it, _v: it.no, 8.0),
        Column(_("方面"), lambda it, _v: it.aspect, 22.0),
        Column(_("共性问题"), lambda it, _v: it.title, 50.0, link=True),
        Column(_("统一措施"), lambda it, _v: len([line for line in it.measures.splitlines() if line.strip()]), 10.0),
        Column(_("已分发单位"), lambda it, _v: len(it.shares.all()), 12.0),
        Column(_("时限"), lambda it, _v: it.due_on, 12.0),
    ),
    search=("title", "aspect", "description", "measures"),
    order=("no",),
    day="due_on",
    many=("shares",),
)

CARRIED_OVERS: Listing[CarriedOver] = Listing(
    (
        Column(_("本轮问题"), lambda it, _v: finding_words(it.finding), 44.0, link=True),
        Column(_("来自"), lambda it, _v: it.get_source_display(), 12.0),
        Column(_("此前问题"), lambda it, _v: it.earlier_text or finding_words(it.earlier), 44.0),
        Column(_("当时认定"), lambda it, _v: it.claimed, 20.0),
        Column(_("现状"), lambda it, _v: Mark(it.finding.status, it.finding.get_status_display()), 12.0),
    ),
    search=("earlier_text", "finding__title", "cause"),
    order=("finding__order",),
    day="created_at",
    filters=(by_field("source", _("来自"), CarriedOver.Source.choices),),
    related=("finding", "earlier"),
)
