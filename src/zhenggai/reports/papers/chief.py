"""Report of the person in charge on how they organised the rectification 主要负责人组织落实情况报告."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhenggai.gongwen import Heading, OfficialDocument, Paragraph, break_title, chinese_day
from zhenggai.outcomes.access import visible_decisions, visible_meetings
from zhenggai.outcomes.models import Decision, Meeting
from zhenggai.oversight.models import SENT_LETTERS
from zhenggai.oversight.queries.letters import visible_letters
from zhenggai.people.access import current_posts
from zhenggai.people.models import User
from zhenggai.reports import codes
from zhenggai.reports.counting import Ledger, Values, base_values, count_values
from zhenggai.reports.names import many, number, text
from zhenggai.reports.papers.lists import group_values
from zhenggai.reports.papers.marks import loop, when
from zhenggai.reports.papers.paper import Paper
from zhenggai.reports.papers.progress import OUTCOMES, outcome_values
from zhenggai.reports.papers.vocabulary import BASE, COUNTS
from zhenggai.reports.scope import Scope
from zhenggai.workflow.models import Opinion


def _paper() -> OfficialDocument:
    return OfficialDocument(
        title=("{{ title }}",),
        under_title="（{{ period }}）",
        addressee="{{ inspecting_body }}",
        blocks=(
            Paragraph("{{ feedback_on }}巡察反馈以来，本人作为整改第一责任人，组织落实巡察整改工作。现将有关情况报告如下。"),
            Heading(1, "履行第一责任人职责情况", "一、"),
            Paragraph("主持或参加研究整改工作的会议{{ meetings_count }}次{% if kinds %}，其中{% for k in kinds %}{{ k.label }}{{ k.count }}次{% if not loop.last %}、{% endif %}{% endfor %}{% endif %}，形成议定事项{{ decisions_total }}项，已落实{{ decisions_done }}项，正在落实{{ decisions_open }}项。"),
            *when("meetings", *loop("m in meetings", Paragraph("（{{ m.index }}）{{ m.held_on }}，{{ m.kind }}{{ m.no }}：{{ m.topics }}"))),
            Paragraph("签发督办函件{{ letters_signed }}件，审核整改事项{{ opinions_count }}件次，其中退回{{ opinions_returned }}件次。"),
            Heading(1, "组织推动整改情况", "二、"),
            *when("groups", *loop("g in groups", Paragraph("成立{{ g.name }}：{{ g.members_text }}。"))),
            Paragraph("截至{{ today }}，{{ status_line }}，完成率{{ completed_rate }}；整改措施{{ measures_total }}条{% if measures_completed %}，已完成{{ measures_completed }}条{% endif %}。"),
            *when("has_outcomes", Paragraph("制定修订制度{{ rules_count }}项，问责{{ accountability_persons }}人、{{ accountability_units }}个单位，涉及资金{{ money }}万元。")),
            Heading(1, "存在的不足和下一步打算", "三、"),
            Paragraph("尚有{{ open }}个问题未完成整改，其中超过时限{{ late }}个。本人将继续直接部署、直接过问、直接协调、直接督办，对未完成的问题一抓到底，对已销号的问题适时开展回头看，防止反弹。"),
        ),
        signature=("{{ unit }}党组书记　{{ chief }}",),
        signed_on="{{ today }}",
    )  # fmt: skip


def chief_of(scope: Scope) -> User | None:
    """Return the first responsible person of the body today."""
    post = (
        current_posts()
        .filter(unit=scope.unit, role="first_responsible_person")
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return post.user if post else None


def _values(scope: Scope) -> Values:
    ledger, chief = Ledger(scope), chief_of(scope)
    meetings = list(
        visible_meetings(scope.actor).filter(scope.period("held_on"), unit=scope.unit).order_by("held_on", "pk")
    )
    decisions = visible_decisions(scope.actor).filter(meeting__in=[meeting.pk for meeting in meetings])
    states = list(decisions.values_list("state", flat=True))
    opinions = Opinion.objects.filter(
        _days(scope, "at"), submission__finding__in=scope.findings().order_by().values("pk")
    )
    mine = opinions.filter(by=chief) if chief else opinions.none()
    letters = visible_letters(scope.actor).filter(scope.period("issued_on"), unit=scope.unit, state__in=SENT_LETTERS)
    kinds = [(str(kind.label), sum(meeting.kind == kind for meeting in meetings)) for kind in Meeting.Kind]
    return {
        **base_values(scope), **count_values(ledger), **outcome_values(scope),
        "title": "\n".join(break_title("关于组织落实巡察整改工作情况的报告")),
        "chief": chief.name if chief else "", "groups": group_values(scope),
        "meetings": [
            {
                "index": index, "held_on": chinese_day(meeting.held_on), "kind": str(meeting.get_kind_display()), "no": meeting.no,
                "topics": "；".join(line.strip(" ；。") for line in meeting.topics.split("\n") if line.strip()) + "。",
            }
            for index, meeting in enumerate(meetings, start=1)
        ],
        "kinds": [{"label": label, "count": count} for label, count in kinds if count],
        "decisions_total": len(states), "decisions_done": states.count(Decision.State.DONE),
        "decisions_open": states.count(Decision.State.OPEN),
        "letters_signed": letters.filter(signed_by=chief).count() if chief else 0,
        "opinions_count": mine.count(), "opinions_returned": mine.filter(verdict=Opinion.Verdict.RETURN).count(),
    }  # fmt: skip


def _days(scope: Scope, name: str) -> Q:
    if scope.since is None or scope.until is None:
        return Q()
    return Q(**{f"{name}__date__gte": scope.since, f"{name}__date__lte": scope.until})


CHIEF = Paper(
    codes.CHIEF,
    _("主要负责人组织落实情况报告"),
    _("第一责任人主持会议、签发督办、审核销号和整改总体情况，与整改进展报告一并报送。"),
    _("进展报告"),
    frozenset({"period"}),
    (
        *BASE, *COUNTS, *OUTCOMES, text("chief", "第一责任人姓名", "周明远"),
        many("groups", "工作小组", text("name", "名称"), text("members_text", "成员")),
        many("meetings", "会议", number("index", "序号", 1), text("held_on", "日期"), text("kind", "类型"), text("no", "次数或编号"), text("topics", "议题")),
        many("kinds", "会议类型", text("label", "类型"), number("count", "次数")),
        number("decisions_total", "议定事项数"), number("decisions_done", "已落实的议定事项数"), number("decisions_open", "落实中的议定事项数"),
        number("letters_signed", "本人签发的函件数"), number("opinions_count", "本人审核件次"), number("opinions_returned", "本人退回件次"),
        number("has_outcomes", "本期是否有成效", 1),
    ),
    _paper,
    _values,
    "stage",
)  # fmt: skip
