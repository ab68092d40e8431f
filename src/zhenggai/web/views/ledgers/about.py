"""What a ledger is, in plain words; and, for those who design ledgers, its text with every mistake's line."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.kit.errors import BadInput, Conflict
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.drafting import draft, own_text
from zhenggai.ledgers.errors import BadDeclaration
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.people.roles import Permission
from zhenggai.web import ledger_words as words
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.views.ledgers.rows import kept


def about(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the ledger holds, what its rules look for and how its indicators are counted."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    declared = queries.current()
    used = dict.fromkeys(each.enumeration for each in ledger.fields if each.enumeration)
    rules = [words.say_rule(ledger, each) for each in ledger.rules]
    return page(
        request,
        "ledgers/about.html",
        ledger=ledger,
        is_named=queries.is_named(ledger),
        fields=[(each, words.TYPES[each.type], words.needs_of(each, ledger)) for each in ledger.fields],
        personal=words.PERSONAL,
        labels={each.code: each.label for each in ledger.fields},
        targets={each.ledger: declared.ledgers.get(each.ledger) for each in ledger.fields if each.ledger},
        sets=[declared.enumerations[each] for each in used if each in declared.enumerations],
        rules=rules,
        unverified=sum(not parameter.verified for each in rules for _code, parameter in each.parameters),
        indicators=[words.say_indicator(ledger, each) for each in ledger.indicators],
        owner=declared.packs.get(declared.owners.get(code, "")),
        today=timezone.localdate(),
        watches=may(actor, Permission.VIEW_LEDGERS),
        may_declare=may(actor, Permission.DECLARE_LEDGERS),
    )


def edit_text(request: HttpRequest, code: str) -> HttpResponse:
    """Show the office's own text of a ledger, or save it."""
    actor = actor_of(request)
    ledger = _designable(actor, code)
    own = own_text(code)
    text, problems, error = own.text, draft({own.path: own.text}, own.pack).problems if own.exists else (), None
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        try:
            actions.save_declaration(
                {own.path: text}, actor=actor, code=code, pack=own.pack, reason=request.POST.get("reason", "")[:300]
            )
        except BadDeclaration as refused:
            kept(request, refused)
            problems = refused.problems
        except (BadInput, Conflict) as refused:
            error = kept(request, refused)
        else:
            messages.success(request, _("已保存，台账按新的声明运行；原来的文本已留存。"))
            return HttpResponseRedirect(reverse("ledger-about", kwargs={"code": code}))
    return page(
        request,
        "ledgers/text.html",
        status=422 if request.method == "POST" else 200,
        ledger=ledger,
        own=own,
        text=text,
        problems=problems,
        lines=max(18, min(text.count("\n") + 3, 60)),
        error=error.describe(gettext) if error else None,
        checked=request.method == "POST",
    )


def check_text(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is wrong with a text as it is being written."""
    _designable(actor_of(request), code)
    own = own_text(code)
    found = draft({own.path: request.POST.get("text", "").replace("\r\n", "\n")}, own.pack, code=code)
    return fragment(request, "ledgers/_checked.html", problems=found.problems)


def _designable(actor: User, code: str) -> Ledger:
    return queries.access_ledger(actor, code)
