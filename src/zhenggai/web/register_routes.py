"""The addresses of registers: those that every register has, and those of the acts that single ones have."""

from __future__ import annotations

from functools import partial

from zhenggai.web import registers as registers_of
from zhenggai.web.errors import View
from zhenggai.web.registers import Section, Tab
from zhenggai.web.routes import Route
from zhenggai.web.views import register_acts, registers


def register_routes(section: Section) -> tuple[Route, ...]:
    """Return the addresses that every register of a section has."""
    found: list[Route] = []
    for tab in section.tabs:
        start, name, may_open, keeps = f"{section.slug}/{tab.slug}/", tab.name, tab.permissions, tab.kind.manage

        def bound(view: View, tab: Tab = tab) -> View:
            return partial(view, tab=tab)

        if tab.listing is not None:
            found.append(Route(start, bound(registers.entries), f"{name}-list", may_open))
            found.append(Route(f"{start}export/", bound(registers.export), f"{name}-export", may_open))
            found.append(Route(f"{start}new/", bound(registers.new), f"{name}-new", keeps, "GET POST"))
        found.append(Route(f"{start}<int:id>/", bound(registers.entry), name, may_open))
        found.append(Route(f"{start}<int:id>/edit/", bound(registers.edit), f"{name}-edit", keeps, "GET POST"))
        found.append(Route(f"{start}<int:id>/withdraw/", bound(registers.withdraw), f"{name}-withdraw", keeps, "POST"))
        found.append(Route(f"{start}<int:id>/file/", bound(registers.file), f"{name}-file", may_open))
    return tuple(found)


_DOES_DECISIONS = registers_of.TABS["decision"].permissions
_DOES_REFERRALS = registers_of.TABS["immediate_fix"].permissions
REGISTERS = (
    Route("outcomes/", register_acts.outcome_totals, "outcomes", _DOES_DECISIONS),
    Route("outcomes/decisions/<int:id>/follow-up/", register_acts.follow_up, "follow-up", _DOES_DECISIONS, "POST"),
    Route("outcomes/rules/<int:id>/uses/", register_acts.note_use, "rule-use", "outcomes.manage", "POST"),
    Route("outcomes/groups/<int:id>/members/", register_acts.add_member, "member-add", "outcomes.manage", "POST"),
    Route("outcomes/members/<int:id>/", register_acts.change_member, "member-change", "outcomes.manage", "POST"),
    Route("referrals/", register_acts.referral_totals, "referrals", registers_of.TABS["common"].permissions),
    Route("referrals/fixes/<int:id>/finish/", register_acts.finish_fix, "fix-finish", _DOES_REFERRALS, "POST"),
    Route(
        "referrals/petitions/<int:id>/answer/",
        register_acts.answer_petition,
        "petition-answer",
        _DOES_REFERRALS,
        "POST",
    ),
    Route("referrals/commons/<int:id>/hand-down/", register_acts.hand_down, "hand-down", "referrals.manage", "POST"),
    Route("referrals/clues/", register_acts.clues, "clue-list", "referrals.clues"),
    Route("referrals/clues/new/", register_acts.new_clue, "clue-new", "referrals.clues", "GET POST"),
    Route("referrals/clues/<int:id>/readers/", register_acts.clue_readers, "clue-readers", "referrals.clues", "POST"),
    Route("referrals/clues/<int:id>/take/", register_acts.take_over_clue, "clue-take", "referrals.clues", "POST"),
    Route("findings/<int:id>/similar/", register_acts.similar, "similar", "findings.view"),
    Route("findings/<int:id>/not-the-same/", register_acts.not_the_same, "not-the-same", "referrals.manage", "POST"),
    *register_routes(registers_of.OUTCOMES),
    *register_routes(registers_of.REFERRALS),
)
