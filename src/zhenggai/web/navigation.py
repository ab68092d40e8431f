"""The left side navigation as data, and what of it a person may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.people.access import may
from zhenggai.people.models import User


@dataclass(frozen=True, slots=True)
class Item:
    """One page of the navigation."""

    label: str | Promise
    """What it is called."""
    icon: str
    """Name in ``parts/_icons.html``."""
    route: str
    """Name of the route it leads to."""
    permissions: tuple[str, ...]
    """Permissions of which one is needed to see it; none: every signed-in person."""
    section: str
    """Pages below this path light the item up."""
    letter: str
    """Second key after ``g`` that opens the page."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its pages."""

    label: str | Promise
    """The heading."""
    items: tuple[Item, ...]
    """Its pages in order."""


ANSWERERS = ("oversight.view", "workflow.work", "workflow.review")
"""Those who oversee, and those to whom letters go."""
MATRIX_READERS = ("people.manage", "people.assign_posts", "audit.read")
OUTCOMES_READERS = ("oversight.view", "outcomes.manage", "workflow.work")
ANSWER_HANDLERS = ("answers.handle", "workflow.work")
"""Those in charge of what the public answered, and those to whom single answers are given."""
REFERRALS_READERS = ("oversight.view", "referrals.manage", "workflow.work", "workflow.review")

GROUPS = (
    Group(
        _("整改工作"),
        (
            Item(_("工作台"), "bench", "home", ("findings.view",), "/", "w"),
            Item(_("总览"), "overview", "overview", ("findings.view",), "/overview/", "o"),
            Item(_("问题台账"), "ledger", "findings", ("findings.view",), "/findings/", "f"),
            Item(_("方案与清单"), "list", "plan", ("workflow.plan", "workflow.approve_plan"), "/plan/", "n"),
            Item(_("体检"), "quality", "quality", ("oversight.view",), "/quality/", "q"),
            Item(_("文件导入"), "intake", "intake", ("intake.import",), "/intake/", "i"),
        ),
    ),
    Group(
        _("业务监管"),
        (
            Item(_("业务台账"), "table", "ledgers", ("ledgers.view", "people.assign_posts"), "/ledgers/", "z"),
            Item(_("台账预警"), "warn", "watch-alerts", ("ledgers.view",), "/alerts/", "y"),
            Item(_("指标"), "chart", "watch-indicators", ("ledgers.view",), "/indicators/", "h"),
            Item(_("反弹"), "retry", "watch-rebounds", ("workflow.reopen", "workflow.plan"), "/rebounds/", "x"),
        ),
    ),
    Group(
        _("督导与成效"),
        (
            Item(_("督办函件"), "letter", "letters", ANSWERERS, "/letters/", "l"),
            Item(_("督导检查"), "visit", "visits", ("oversight.view",), "/visits/", "v"),
            Item(_("回头看"), "look_back", "look-backs", ("oversight.view",), "/look-backs/", "b"),
            Item(_("抽查"), "draw", "spot-checks", ("oversight.view",), "/spot-checks/", "d"),
            Item(_("整改评估"), "score", "evaluations", ("oversight.view",), "/evaluations/", "e"),
            Item(_("成效"), "good", "outcomes", OUTCOMES_READERS, "/outcomes/", "c"),
            Item(_("交办"), "referral", "referrals", REFERRALS_READERS, "/referrals/", "j"),
        ),
    ),
    Group(
        _("通报与报告"),
        (
            Item(_("整改通报"), "notice", "notices", ("notices.view",), "/notices/", "g"),
            Item(_("报告"), "report", "reports", ("reports.write",), "/reports/", "1"),
            Item(_("公众意见"), "answer", "answers", ANSWER_HANDLERS, "/answers/", "a"),
        ),
    ),
    Group(
        _("工具"),
        (
            Item(_("数据核对"), "sum", "data-check", (), "/tools/figures/", "="),
            Item(_("公文检查"), "page", "layout", (), "/tools/layout/", "s"),
            Item(_("期限计算"), "hourglass", "deadlines", (), "/deadlines/", "k"),
        ),
    ),
    Group(
        _("系统"),
        (
            Item(_("单位"), "units", "units", ("people.view",), "/system/units/", "u"),
            Item(_("人员"), "people", "people", ("people.view",), "/system/people/", "p"),
            Item(_("规则参数"), "rules", "policy", ("policy.manage",), "/policy/", "r"),
            Item(_("审计日志"), "trail", "trail", ("audit.read",), "/system/trail/", "t"),
            Item(_("权限矩阵"), "matrix", "matrix", MATRIX_READERS, "/system/permissions/", "m"),
        ),
    ),
)


def groups_for(actor: User) -> list[Group]:
    """Return the groups with the pages that *actor* may open; groups left empty are dropped."""
    shown = (Group(group.label, tuple(item for item in group.items if may_open(actor, item))) for group in GROUPS)
    return [group for group in shown if group.items]


def may_open(actor: User, item: Item) -> bool:
    """Return True when *actor* holds one of the permissions of *item*, or it asks for none."""
    return not item.permissions or any(may(actor, permission) for permission in item.permissions)
