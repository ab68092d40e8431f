"""The acts and pages that single registers have beside those all have."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.findings.access import access_finding, visible_rounds
from zhenggai.kit.errors import BadInput, Conflict, NotFound, UserError
from zhenggai.outcomes import actions as outcomes
from zhenggai.outcomes import kinds as outcome_kinds
from zhenggai.outcomes import queries as outcome_queries
from zhenggai.oversight.queries.around import around_finding
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.people.queries import visible_units
from zhenggai.people.roles import Permission
from zhenggai.referrals import actions as referrals
from zhenggai.referrals import kinds as referral_kinds
from zhenggai.referrals import queries as referral_queries
from zhenggai.referrals.access import MANAGE
from zhenggai.referrals.listings import due_mark
from zhenggai.registers.queries import access_entry
from zhenggai.web.errors import BadValue, wants_json
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.registers import OUTCOMES, REFERRALS, TABS, Tab
from zhenggai.web.rounds import present_round
from zhenggai.web.views.registers import (
    address,
    body_for_entry,
    entry_page,
    form_page,
    upload_of,
)


def outcome_totals(request: HttpRequest) -> HttpResponse:
    """Show the outcomes of a round or a period in figures; those who only carry out decisions go to these."""
    actor = actor_of(request)
    if not any(may(actor, permission) for permission in OUTCOMES.totals):
        return redirect("decision-list")
    rounds = list(visible_rounds(actor))
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    chosen = _round(request, actor)
    return page(
        request,
        "registers/outcomes.html",
        section=OUTCOMES,
        tabs=OUTCOMES.shown(actor),
        totals=outcome_queries.totals(actor, round_id=chosen, since=since, until=until),
        rounds=rounds,
        chosen=chosen,
        since=since,
        until=until,
        quiet=outcome_queries.decisions_without_follow_up(actor).count(),
        unused=outcome_queries.unused_rules(actor).count(),
        to_replace=outcome_queries.members_to_replace(actor),
    )


def referral_totals(request: HttpRequest) -> HttpResponse:
    """Show the referrals of a round in figures; those who only carry some out go to the first that holds any."""
    actor = actor_of(request)
    shown = REFERRALS.shown(actor)
    if not any(may(actor, permission) for permission in REFERRALS.totals):
        first = next((tab for tab in shown if tab.kind.visible(actor).exists()), shown[0])
        return redirect(f"{first.name}-list")
    chosen = _round(request, actor)
    round_ = visible_rounds(actor).filter(pk=chosen).first() if chosen else None
    proposing = round_ is not None and may(actor, MANAGE, round_.unit)
    return page(
        request,
        "registers/referrals.html",
        section=REFERRALS,
        tabs=shown,
        tally=referral_queries.tally(actor, round_id=chosen),
        rounds=list(visible_rounds(actor)),
        chosen=chosen,
        proposals=referral_queries.propose_commons(actor, round_) if round_ is not None and proposing else [],
    )


def follow_up(request: HttpRequest, id: int) -> HttpResponse:
    """Say what was done about a decision."""
    actor, tab = actor_of(request), TABS["decision"]
    found = access_entry(outcome_kinds.DECISION, actor, id)
    try:
        outcomes.follow_up(
            found,
            request.POST.get("text", ""),
            actor=actor,
            done_on=_day_of(request, "done_on"),
            done=request.POST.get("done") == "1",
        )
    except (BadInput, Conflict) as error:
        return _refused(request, tab, id, error)
    messages.success(request, _("已填报落实情况。"))
    return HttpResponseRedirect(address(tab, found))


def note_use(request: HttpRequest, id: int) -> HttpResponse:
    """Say where a rule was applied."""
    actor, tab = actor_of(request), TABS["rule"]
    found = access_entry(outcome_kinds.RULE, actor, id, manage=True)
    try:
        outcomes.note_use(found, request.POST.get("note", ""), actor=actor, used_on=_day_of(request, "used_on"))
    except (BadInput, Conflict) as error:
        return _refused(request, tab, id, error)
    messages.success(request, _("已登记执行情况。"))
    return HttpResponseRedirect(address(tab, found))


def add_member(request: HttpRequest, id: int) -> HttpResponse:
    """Put someone into a group."""
    actor, tab = actor_of(request), TABS["group"]
    found = access_entry(outcome_kinds.GROUP, actor, id, manage=True)
    try:
        outcomes.add_member(
            found,
            _person(request, actor),
            actor=actor,
            role=request.POST.get("role", ""),
            post_text=request.POST.get("post_text", ""),
            since=_day_of(request, "since"),
        )
    except (BadInput, Conflict) as error:
        return _refused(request, tab, id, error)
    messages.success(request, _("已加入小组。"))
    return HttpResponseRedirect(address(tab, found))


def change_member(request: HttpRequest, id: int) -> HttpResponse:
    """Replace a member, let them leave, or decide that they stay."""
    actor, tab = actor_of(request), TABS["group"]
    member = outcome_queries.access_member(actor, id)
    try:
        match request.POST.get("act", ""):
            case "replace":
                successor, day = _person(request, actor), _day_of(request, "since")
                outcomes.replace_member(
                    member, successor, actor=actor, post_text=request.POST.get("post_text", ""), since=day
                )
            case "end":
                outcomes.end_member(member, actor=actor)
            case "keep":
                outcomes.keep_member(member, actor=actor, why=request.POST.get("why", ""))
            case _:
                raise NotFound
    except (BadInput, Conflict) as error:
        return _refused(request, tab, member.group_id, error)
    messages.success(request, _("已更新小组成员。"))
    return HttpResponseRedirect(address(tab, member.group))


def finish_fix(request: HttpRequest, id: int) -> HttpResponse:
    """Say that something was mended at once."""
    actor, tab = actor_of(request), TABS["immediate_fix"]
    found = access_entry(referral_kinds.FIX, actor, id)
    try:
        referrals.finish_fix(
            found,
            request.POST.get("measure", ""),
            actor=actor,
            done_on=_day_of(request, "done_on"),
            upload=upload_of(request),
        )
    except (BadInput, Conflict) as error:
        return _refused(request, tab, id, error)
    messages.success(request, _("已办结。"))
    return HttpResponseRedirect(address(tab, found))


def answer_petition(request: HttpRequest, id: int) -> HttpResponse:
    """Say what came of a petition."""
    actor, tab = actor_of(request), TABS["petition"]
    found = access_entry(referral_kinds.PETITION, actor, id)
    try:
        referrals.answer_petition(
            found,
            request.POST.get("result", ""),
            request.POST.get("text", ""),
            actor=actor,
            replied_on=_day_of(request, "replied_on"),
            upload=upload_of(request),
        )
    except (BadInput, Conflict) as error:
        return _refused(request, tab, id, error)
    messages.success(request, _("已填报办理结果。"))
    return HttpResponseRedirect(address(tab, found))


def hand_down(request: HttpRequest, id: int) -> HttpResponse:
    """Give units their part in a common problem."""
    actor, tab = actor_of(request), TABS["common"]
    found = access_entry(referral_kinds.COMMON, actor, id, manage=True)
    keys = [key for value in request.POST.getlist("unit") if (key := _key(value))]
    units = list(visible_units(actor, Permission.EDIT_FINDINGS).filter(pk__in=keys))
    try:
        shares = referrals.hand_down(found, units, actor=actor)
    except (BadInput, Conflict) as error:
        return _refused(request, tab, id, error)
    messages.success(request, _("已分发到 %(count)s 个单位。") % {"count": len(shares)})
    return HttpResponseRedirect(address(tab, found))


def clues(request: HttpRequest) -> HttpResponse:
    """List the clues one may read, and say that there are others."""
    actor, tab = actor_of(request), TABS["clue"]
    seen = list(referral_queries.visible_clues(actor).defer("content", "result"))
    return page(
        request,
        "registers/clues.html",
        tab=tab,
        section=REFERRALS,
        tabs=REFERRALS.shown(actor),
        clues=[(clue, due_mark(clue.due_on, clue.reported_on, timezone.localdate())) for clue in seen],
        hidden=referral_queries.hidden_clues(actor),
        ownerless=referral_queries.ownerless_clues(actor),
    )


def new_clue(request: HttpRequest) -> HttpResponse:
    """Show the form of a new clue, or enter it."""
    actor, tab = actor_of(request), TABS["clue"]
    unit, bodies = body_for_entry(request, actor, tab)
    values = {slot.name: request.POST[slot.name] for slot in tab.kind.slots if slot.name in request.POST}
    error: UserError | None = None
    if request.method == "POST":
        try:
            made = referrals.register_clue(unit, values, actor=actor, upload=upload_of(request))
        except (BadInput, Conflict) as refused:
            if wants_json(request):
                raise
            error = refused
        else:
            messages.success(request, _("已登记线索，目前只有您可以查看。"))
            return HttpResponseRedirect(address(tab, made))
    return form_page(request, tab, unit, values, error, bodies=bodies)


def clue_readers(request: HttpRequest, id: int) -> HttpResponse:
    """Say who may read a clue."""
    actor, tab = actor_of(request), TABS["clue"]
    found = access_entry(referral_kinds.CLUE, actor, id, manage=True)
    keys = [key for value in request.POST.getlist("reader") if (key := _key(value))]
    try:
        referrals.name_readers(found, list(User.objects.filter(pk__in=keys)), actor=actor)
    except (BadInput, Conflict) as error:
        return _refused(request, tab, id, error)
    messages.success(request, _("已更新知悉人。"))
    still = referral_queries.visible_clues(actor).filter(pk=id).exists()
    return HttpResponseRedirect(address(tab, found) if still else reverse("clue-list"))


def take_over_clue(request: HttpRequest, id: int) -> HttpResponse:
    """Become the reader of a clue that nobody can read any more."""
    taken = referrals.take_over_clue(id, actor=actor_of(request))
    messages.success(request, _("已接管该线索。"))
    return HttpResponseRedirect(address(TABS["clue"], taken))


def similar(request: HttpRequest, id: int) -> HttpResponse:
    """Show which earlier findings one looks like; the finding's page asks for it once it stands."""
    actor = actor_of(request)
    found = access_finding(actor, id)
    return fragment(
        request,
        "registers/_similar.html",
        finding=found,
        similar=referral_queries.similar_earlier(found, actor),
        earlier=referral_queries.earlier_of(actor, found),
        outcomes=outcome_queries.outcomes_of_finding(actor, found),
        around=around_finding(actor, found),
        look_back_on=timezone.localdate() + timedelta(days=30),
        may_manage=may(actor, MANAGE, found.unit),
        sees_rules=any(may(actor, permission) for permission in OUTCOMES.totals),
    )


def not_the_same(request: HttpRequest, id: int) -> HttpResponse:
    """Say that a finding is not an earlier one come back."""
    actor = actor_of(request)
    found = access_finding(actor, id)
    referrals.say_not_the_same(found, access_finding(actor, _key(request.POST.get("earlier", ""))), actor=actor)
    if request.headers.get("HX-Request"):
        return similar(request, id)
    messages.success(request, _("已记下，不再提示。"))
    return redirect("finding", id=id)


def _refused(request: HttpRequest, tab: Tab, key: int, error: UserError) -> HttpResponse:
    if wants_json(request):
        raise error
    return entry_page(request, tab, access_entry(tab.kind, actor_of(request), key), error)


def _round(request: HttpRequest, actor: User) -> int:
    """Return the key of the round that is asked for: the present one unless the address names another, or none."""
    if "round" in request.GET:
        return _key(request.GET["round"])
    present = present_round(actor, list(visible_rounds(actor)))
    return present.pk if present is not None else 0


def _person(request: HttpRequest, actor: User) -> User:
    key = _key(request.POST.get("user", ""))
    found = User.objects.filter(pk=key).first() if key else None
    if found is None:
        raise BadValue(label=_("人员"), value=request.POST.get("user", ""), hint=_("请从列表中选择人员。"))
    return found


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _day_of(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    found = _day(text)
    if text and found is None:
        raise BadValue(label=_("日期"), value=text, hint=_("请写成 2025-06-30 的样子。"))
    return found
