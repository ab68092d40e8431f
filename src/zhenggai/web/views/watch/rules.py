"""The rules of a ledger: each in words, its last run, its settings; running them now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers.access import access_ledger
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import may
from zhenggai.people.models import Unit, User
from zhenggai.watch import actions
from zhenggai.watch.explaining import Explained, explain_effective
from zhenggai.watch.models import RuleRun, Watched
from zhenggai.watch.queries import reached_bodies, visible_runs
from zhenggai.watch.settings import effective_rules
from zhenggai.watch.tasks import ask_run
from zhenggai.web.acts import EMPTY_FORMS, Forms, Labels, attempt
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.reading import optional_key


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule on the page."""

    explained: Explained
    """The rule in words."""
    told: dict[str, Any]
    """What its last run said: ``hits unknown error``; empty when it did not run."""


def rules(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rules of a ledger."""
    return _show(request, code)


def _show(request: HttpRequest, code: str, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    actor = actor_of(request)
    ledger = access_ledger(actor, code)
    bodies, body = _bodies(request, actor, ledger)
    runs = list(visible_runs(actor, ledger).filter(body=body)[:10])
    last = next((run for run in runs if run.state == RuleRun.State.DONE), None)
    told: dict[str, dict[str, Any]] = last.rules if last is not None else {}
    lines = [
        RuleLine(explain_effective(ledger, each), told.get(each.rule.rule, {}))
        for each in effective_rules(ledger, body)
    ]
    return page(
        request,
        "watch/rules.html",
        status=forms.status,
        ledger=ledger,
        body=body,
        bodies=bodies,
        lines=lines,
        runs=runs,
        last=last,
        waiting=_waits(ledger, body),
        forms=forms,
        may_run=may(actor, "watch.run"),
        may_set=may(actor, "watch.set_rules", body),
    )


def progress(request: HttpRequest, code: str) -> HttpResponse:
    """Answer whether the rules have run since they were asked to."""
    actor = actor_of(request)
    ledger = access_ledger(actor, code)
    _all, body = _bodies(request, actor, ledger)
    if not _waits(ledger, body):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return fragment(request, "watch/_progress.html", ledger=ledger, body=body)


def run(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a run now."""
    actor = actor_of(request)
    ledger = access_ledger(actor, code)
    _all, body = _bodies(request, actor, ledger)
    ask_run(ledger.ledger, body, RuleRun.Cause.ASKED)
    messages.success(request, _("已开始运行规则，完成后本页自动更新。"))
    return redirect("watch-rules", code=code)


def set_rule(request: HttpRequest, code: str, rule: str) -> HttpResponse:
    """Set a rule otherwise than declared."""
    actor = actor_of(request)
    ledger = access_ledger(actor, code)
    _all, body = _bodies(request, actor, ledger)
    declared = next((each for each in ledger.rules if each.rule == rule), None)
    if declared is None:
        raise NotFound
    labels: Labels = {
        "why": gettext_lazy("设定理由"),
        **{f"p-{name}": each.label for name, each in declared.parameters.items()},
    }

    def do() -> object:
        given = {name: request.POST.get(f"p-{name}", "") for name in declared.parameters}
        return actions.set_rule(
            code, rule, body, actor=actor, why=request.POST.get("why", ""), enabled="enabled" in request.POST,
            parameters=given,
        )  # fmt: skip

    forms = attempt(request, f"set-{rule}", labels, do)
    if forms is not None:
        return _show(request, code, forms)
    messages.success(request, _("已设定，规则正在按新的参数运行。"))
    return redirect("watch-rules", code=code)


def _bodies(request: HttpRequest, actor: User, ledger: Ledger) -> tuple[list[Unit], Unit]:
    bodies = reached_bodies(actor, ledger)
    wanted = optional_key(request.GET.get("body") or request.POST.get("body"))
    body = next((each for each in bodies if each.pk == wanted), bodies[0] if bodies and wanted is None else None)
    if body is None:
        raise NotFound
    return bodies, body


def _waits(ledger: Ledger, body: Unit) -> bool:
    if Watched.objects.filter(ledger=ledger.ledger, body=body, asked_at__isnull=False).exists():
        return True
    return RuleRun.objects.filter(ledger=ledger.ledger, body=body, state=RuleRun.State.RUNNING).exists()
