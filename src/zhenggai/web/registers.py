"""The pages of registers as data: sections with tabs, each tab a register with its list, form and page.

What a register holds and who may do what is declared in its room; here stand only its words, its address and the
part of its page that no other register has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.outcomes import access as outcomes
from zhenggai.outcomes import kinds as outcome_kinds
from zhenggai.outcomes import listings as outcome_listings
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.people.roles import Permission
from zhenggai.referrals import access as referrals
from zhenggai.referrals import kinds as referral_kinds
from zhenggai.referrals import listings as referral_listings
from zhenggai.referrals.actions import read_clue
from zhenggai.registers.kinds import Kind
from zhenggai.registers.queries import Listing, access_entry
from zhenggai.web import register_blocks as blocks

Words = str | Promise
Opens = Callable[[User, int], Any]
Extra = Callable[[User, Any], dict[str, Any]]
Hidden = Callable[[User, Any], frozenset[str]]

FILE = _("附件")


@dataclass(frozen=True, slots=True)
class Tab:
    """One register and its pages."""

    slug: str
    """Its part of the address."""
    kind: Kind[Any]
    """What it is."""
    listing: Listing[Any] | None
    """How it is listed; None where it has a list of its own."""
    label: Words
    """What the tab is called."""
    permissions: tuple[str, ...]
    """Permissions of which one opens it."""
    add: Words
    """The button that makes an entry."""
    empty: Words
    """What the register is for, where it is empty."""
    block: str = ""
    """Template of the part of its page that no other has."""
    extra: Extra = lambda actor, entry: {}
    """What that part needs."""
    hidden: Hidden = lambda actor, entry: frozenset()
    """Fields the actor may not read."""
    opens: Opens | None = None
    """Gives out an entry to be read, where reading is an act."""
    file_label: Words = FILE
    """What its file is."""
    makes_from: str = ""
    """Slot that a new entry must be given by the page it is made from; then the list has no button."""

    @property
    def name(self) -> str:
        """Return the beginning of the names of its routes."""
        return self.kind.code

    def open(self, actor: User, key: int) -> Any:
        """Return an entry to be read."""
        return access_entry(self.kind, actor, key) if self.opens is None else self.opens(actor, key)


@dataclass(frozen=True, slots=True)
class Section:
    """Registers that share a place in the navigation."""

    slug: str
    """First part of the address, and name of the route of its first page."""
    label: Words
    """What it is called."""
    tabs: tuple[Tab, ...]
    """Its registers in order."""
    totals: tuple[str, ...]
    """Permissions of which one opens its page of figures."""

    def shown(self, actor: User) -> list[Tab]:
        """Return the tabs that *actor* may open."""
        return [tab for tab in self.tabs if any(may(actor, permission) for permission in tab.permissions)]


def _open_clue(actor: User, key: int) -> Any:
    return read_clue(access_entry(referral_kinds.CLUE, actor, key), actor=actor)


_VIEW, _DOING = outcomes.VIEW, (*outcomes.VIEW, outcomes.WORK)
OUTCOMES = Section(
    "outcomes",
    _("成效"),
    (
        Tab(
            "meetings", outcome_kinds.MEETING, outcome_listings.MEETINGS, _("会议"), _VIEW, _("登记会议"),
            _("研究整改的会议在这里登记，议定事项落到部门和人，逐项跟踪落实。"),
            block="registers/_meeting.html", extra=blocks.of_meeting, file_label=_("会议纪要"),
        ),
        Tab(
            "decisions", outcome_kinds.DECISION, outcome_listings.DECISIONS, _("议定事项"), _DOING, _("登记议定事项"),
            _("会议议定的事项从会议页面登记，在这里看落实情况。"),
            block="registers/_decision.html", extra=blocks.of_decision, makes_from="meeting",
        ),
        Tab(
            "rules", outcome_kinds.RULE, outcome_listings.RULES, _("制度成果"), _VIEW, _("登记制度"),
            _("整改中新建、修订、废止的制度在这里登记，对应到问题，可导出目录，到期提醒复核。"),
            block="registers/_rule.html", extra=blocks.of_rule, file_label=_("制度文本"),
        ),
        Tab(
            "accountability", outcome_kinds.ACCOUNTABILITY, outcome_listings.ACCOUNTABILITIES, _("问责"), _VIEW,
            _("登记问责"), _("每人、每个单位各登记一条，分别计数；姓名只有有权人员可见。"),
            hidden=blocks.hidden_of_accountability, file_label=_("处理文书"),
        ),
        Tab(
            "money", outcome_kinds.RECOVERY, outcome_listings.RECOVERIES, _("资金"), _VIEW, _("登记资金"),
            _("追缴、归还、盘活、退还、调账和挽损的金额在这里登记，按万元汇总。"), file_label=_("佐证"),
        ),
        Tab(
            "groups", outcome_kinds.GROUP, outcome_listings.GROUPS, _("工作小组"), _VIEW, _("登记小组"),
            _("领导小组、督促组及其成员在这里登记；成员离任后会提示更换。"),
            block="registers/_group.html", extra=blocks.of_group, file_label=_("成立通知"),
        ),
    ),
    _VIEW,
)  # fmt: skip

_SEEING, _WORKING = referrals.VIEW, (*referrals.VIEW, referrals.WORK)
REFERRALS = Section(
    "referrals",
    _("交办"),
    (
        Tab(
            "fixes", referral_kinds.FIX, referral_listings.FIXES, _("立行立改"), _WORKING, _("登记立行立改"),
            _("巡察期间要求立即整改的事项在这里登记，到期提醒，办结回复。"),
            block="registers/_fix.html", extra=blocks.of_fix, file_label=_("佐证"),
        ),
        Tab(
            "petitions", referral_kinds.PETITION, referral_listings.PETITIONS, _("交办信访"), _WORKING,
            _("登记信访件"), _("巡察组交办的信访件在这里登记；反映内容只有登记人员和承办部门可以看。"),
            block="registers/_petition.html", extra=blocks.of_petition, hidden=blocks.hidden_of_petition,
            file_label=_("办理材料"),
        ),
        Tab(
            "commons", referral_kinds.COMMON, referral_listings.COMMONS, _("共性问题"),
            (*_WORKING, str(Permission.REVIEW)), _("登记共性问题"),
            _("多个单位共有的问题在这里登记，一次分发到各基层院，汇总各单位进度。"),
            block="registers/_common.html", extra=blocks.of_common, file_label=_("工作方案"),
        ),
        Tab(
            "carried-over", referral_kinds.CARRIED_OVER, referral_listings.CARRIED_OVERS, _("遗留问题"), _SEEING,
            _("登记遗留问题"), _("以前巡察、审计、专项检查中出现过、这次又发现的问题，在这里对应起来。"),
        ),
        Tab(
            "clues", referral_kinds.CLUE, None, _("问题线索"), (referrals.CLUES,), _("登记线索"),
            _("问题线索只有具备办理权限且被指定的知悉人可以看，每次查看都有记录。"),
            block="registers/_clue.html", extra=blocks.of_clue, opens=_open_clue,
        ),
    ),
    _SEEING,
)  # fmt: skip

SECTIONS = (OUTCOMES, REFERRALS)
TABS: Mapping[str, Tab] = {tab.name: tab for section in SECTIONS for tab in section.tabs}
SECTION_OF: Mapping[str, Section] = {tab.name: section for section in SECTIONS for tab in section.tabs}
