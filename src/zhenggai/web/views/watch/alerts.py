"""Alerts: the list with its filters, one alert with what can be done, drafting letters, and what a period brought."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers.access import is_named, visible_ledgers
from zhenggai.people.access import may
from zhenggai.rulesql.plans import Grain
from zhenggai.watch import actions
from zhenggai.watch.digests import DIGEST_NAMES, digest_of
from zhenggai.watch.listing import STANDING, AlertQuery, alert_view, find_alerts
from zhenggai.watch.models import Alert, Severity
from zhenggai.watch.periods import last_ended, recent
from zhenggai.watch.queries import access_alert, seen_bodies
from zhenggai.watch.transitions import MOVES
from zhenggai.web.acts import EMPTY_FORMS, Forms, Labels, attempt, numbers, read_day
from zhenggai.web.pages import actor_of, page
from zhenggai.web.reading import optional_key

LABELS: dict[str, Labels] = {
    "acknowledge": {"note": gettext_lazy("说明")},
    "note": {"text": gettext_lazy("说明")},
    "dismiss": {"why": gettext_lazy("排除理由"), "until": gettext_lazy("排除至")},
    "restore": {"why": gettext_lazy("理由")},
}
NAMES = ("state", "severity", "ledger", "rule", "unit", "q")


def alerts(request: HttpRequest) -> HttpResponse:
    """List the alerts the person sees, the most urgent first."""
    return _list(request)


def _list(request: HttpRequest, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    actor = actor_of(request)
    query = _query(request)
    found = find_alerts(actor, query)
    chosen = {name: request.GET.get(name, "") for name in NAMES}

    def address(**changes: object) -> str:
        told = {**chosen, **{name: "" if value is None else str(value) for name, value in changes.items()}}
        return "?" + urlencode({name: value for name, value in told.items() if value})

    return page(
        request,
        "watch/alerts.html",
        status=forms.status,
        found=found,
        query=query,
        address=address,
        string=urlencode({name: value for name, value in chosen.items() if value}),
        states=Alert.State.choices,
        severities=Severity.choices,
        standing=STANDING,
        forms=forms,
        filtered=any(chosen.values()),
        may_handle=may(actor, "watch.handle"),
        may_run=may(actor, "watch.run"),
    )


def _query(request: HttpRequest) -> AlertQuery:
    given = request.GET
    rule = given.get("rule", "")
    ledger, _dot, code = rule.partition(".")
    return AlertQuery(
        state=given.get("state", "") or STANDING,
        severity=given.get("severity", ""),
        ledger=ledger if code else given.get("ledger", ""),
        rule=code,
        unit=optional_key(given.get("unit")),
        text=given.get("q", "").strip()[:60],
        page=optional_key(given.get("page")) or 1,
    )


def alert(request: HttpRequest, id: int) -> HttpResponse:
    """Show an alert: what it says, why, and what can be done."""
    return _show(request, id)


def _show(request: HttpRequest, id: int, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    actor = actor_of(request)
    found = access_alert(actor, id)
    return page(
        request,
        "watch/alert.html",
        status=forms.status,
        it=alert_view(actor, found),
        alert=found,
        labels={code: move.label for code, move in MOVES.items()},
        forms=forms,
    )


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Take an alert in hand, explain it, set it aside, bring it back."""
    actor = actor_of(request)
    found = access_alert(actor, id)
    sent = request.POST
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "acknowledge": (
            lambda: actions.acknowledge_alert(found, actor=actor, note=sent.get("note", "")),
            _("已受理。事实消除后预警自动消除。"),
        ),
        "note": (lambda: actions.note_alert(found, actor=actor, text=sent.get("text", "")), _("已补充说明。")),
        "dismiss": (
            lambda: actions.dismiss_alert(
                found,
                actor=actor,
                why=sent.get("why", ""),
                until=read_day(request, "until", LABELS["dismiss"]["until"]),
            ),
            _("已排除，理由记入履历。"),
        ),
        "restore": (lambda: actions.restore_alert(found, actor=actor, why=sent.get("why", "")), _("已恢复为待处理。")),
    }
    if move not in acts:
        raise NotFound
    do, told = acts[move]
    forms = attempt(request, move, LABELS[move], do)
    if forms is not None:
        return _show(request, id, forms)
    messages.success(request, told)
    return redirect("watch-alert", id=id)


def letter(request: HttpRequest) -> HttpResponse:
    """Draft the letter that the rule of some alerts offers."""
    actor = actor_of(request)
    chosen = [access_alert(actor, key) for key in numbers(request, "alert")]
    made: list[int] = []

    def draft() -> object:
        made.append(actions.draft_alert_letter(chosen, actor=actor).pk)
        return made

    forms = attempt(request, "letter", {}, draft)
    if forms is not None:
        return _show(request, chosen[0].pk, forms) if len(chosen) == 1 else _list(request, forms)
    messages.success(request, _("已按台账起草函件。请核对正文和主送，再送签。"))
    return redirect("letter", id=made[0])


def summary(request: HttpRequest) -> HttpResponse:
    """Show what a period brought, by ledger and rule."""
    actor = actor_of(request)
    wanted = request.GET.get("grain", Grain.MONTH.value)
    grain = Grain(wanted) if wanted in {each.value for each in DIGEST_NAMES} else Grain.MONTH
    today = timezone.localdate()
    offered = recent(today, grain, 8)
    start = request.GET.get("start", "")
    period = next((each for each in offered if each.start.isoformat() == start), last_ended(today, grain))
    ledgers = [each for each in visible_ledgers(actor) if not is_named(each)]
    bodies = seen_bodies(actor, ledgers[0]) if ledgers else []
    digests = [(body, digest_of(period, body, [each.ledger for each in ledgers])) for body in bodies]
    return page(
        request,
        "watch/summary.html",
        digests=digests,
        period=period,
        grain=grain,
        offered=offered,
        names=[(each.value, name) for each, name in DIGEST_NAMES.items()],
    )
