"""Answering a notice, and following an answer with its receipt code. Nothing here is kept by any cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhenggai.answers.actions import add_supplement, submit_answer
from zhenggai.answers.errors import FormUsed, NoSuchReceipt, NotOpen
from zhenggai.answers.forms import TRAP, Form, give_out, read_form, require_person, shown_code
from zhenggai.answers.limits import GUESSES, SUPPLEMENTS, Limits, limits_of, mark_of, presses, require_room, spend
from zhenggai.answers.models import Answer
from zhenggai.answers.queries import find_by_receipt, steps_of
from zhenggai.answers.sealing import Contact
from zhenggai.answers.values import MOST_ABOUT, Said, Sent
from zhenggai.kit.errors import BadFile, BadInput, Explanation, UserError
from zhenggai.notices.models import Publication
from zhenggai.people.requests import address_of
from zhenggai.policy.profile import MOST_ANSWER_MB
from zhenggai.portal.errors import BadQuery, Busy, TooMuch
from zhenggai.portal.pages import public, render
from zhenggai.portal.queries import find_notice, takes_answers
from zhenggai.portal.views.notice import withdrawn

MOST_KEPT = 40_000
"""Signs of what was typed that come back with a form that was refused."""
MOST_BYTES = (MOST_ANSWER_MB + 1) * 1024 * 1024
"""What is read of one supplement before it is known whose rules hold: the most that any rules permit."""
_ONE = Lock()
FIELDS = ("kind", "about", "body", "name", "phone", "email")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form shows: what was typed, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    """Field → what was typed."""
    error: Explanation | None = None
    """Why it was refused."""
    beside: str = ""
    """The field that is to blame; empty when none is."""
    status: int = 200
    """Status of the page."""

    def value(self, name: str) -> str:
        """Return what a field shows."""
        return self.values.get(name, "")


@public("GET", "POST")
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form for answers to a notice, or take one."""
    found = find_notice(slug)
    if found.withdrawn_at is not None:
        raise withdrawn(found)
    if not takes_answers(found):
        raise NotOpen
    mark = mark_of(address_of(request))
    if request.method == "POST":
        return _take(request, found, mark)
    limits = limits_of(found.unit)
    return _form(request, found, limits, give_out(slug, ask=presses(mark, limits)), Filled())


@public("GET", "POST")
def receipt(request: HttpRequest) -> HttpResponse:
    """Ask for a receipt code, or show how its answer stands. The code is never part of an address."""
    if request.method != "POST":
        return _ask(request, Filled())
    mark = mark_of(address_of(request))
    require_room((GUESSES, mark))
    _check_sending(request, 64 * 1024)
    typed = request.POST.get("code", "")[:60]
    try:
        found = find_by_receipt(typed)
    except NoSuchReceipt as error:
        spend((GUESSES, mark))
        return _ask(request, Filled({"code": typed}, error.describe(_), "code", error.status))
    return _standing(request, found, typed, Filled())


@public("POST")
def supplement(request: HttpRequest) -> HttpResponse:
    """Add to an answer under its receipt code."""
    mark = mark_of(address_of(request))
    require_room((GUESSES, mark), (SUPPLEMENTS, mark))
    _check_sending(request, MOST_BYTES)
    typed = request.POST.get("code", "")[:60]
    try:
        found = find_by_receipt(typed)
    except NoSuchReceipt:
        spend((GUESSES, mark))
        raise
    try:
        spend((SUPPLEMENTS, mark))
        add_supplement(found, request.POST.get("body", ""), _files(request))
    except (BadInput, BadFile) as error:
        values = {"body": request.POST.get("body", "")[:MOST_KEPT]}
        return _standing(request, found, typed, _refused(error, values))
    return _standing(request, found, typed, Filled(), added=True)


def _take(request: HttpRequest, found: Publication, mark: str) -> HttpResponse:
    if settings.ZHENGGAI_PUBLIC_ONLY:
        return _take_one(request, found, mark)
    # Beside the staff, one at a time in each process: a flood leaves them the other threads.
    if not _ONE.acquire(blocking=False):
        raise Busy
    try:
        return _take_one(request, found, mark)
    finally:
        _ONE.release()


def _take_one(request: HttpRequest, found: Publication, mark: str) -> HttpResponse:
    # Before a byte of the form is read: what is over the limit costs two small queries.
    limits = limits_of(found.unit)
    counted = ((limits.from_one, mark), (limits.from_one_a_day, mark), (limits.altogether, ""))
    require_room(*counted)
    _check_sending(request, limits.most_bytes)
    sent = request.POST
    values = {name: sent.get(name, "")[:MOST_KEPT] for name in FIELDS}
    form: Form | None = None
    try:
        form = read_form(sent.get("form", "")[:1000], found.slug)
        require_person(form, trap=sent.get(TRAP, ""), total=sent.get("total", ""), label=_("验证问题"))
        contact = Contact(values["name"], values["phone"], values["email"])
        said = Said(values["kind"], values["body"], values["about"], contact, _files(request))
        if not Answer.objects.filter(form=form.kept).exists():
            spend(*counted)
        taken = submit_answer(found, said, form=form, origin=mark)
    except (BadInput, BadFile, FormUsed) as error:
        again = form if form is not None and not isinstance(error, FormUsed) else None
        again = again or give_out(found.slug, ask=presses(mark, limits))
        return _form(request, found, limits, again, _refused(error, values))
    shown = render(
        request,
        "portal/received.html",
        here="",
        it=found,
        answer=taken,
        code=shown_code(form.code),
        site_name=found.unit.name,
    )
    return _private(shown)


def _form(request: HttpRequest, found: Publication, limits: Limits, form: Form, filled: Filled) -> HttpResponse:
    shown = render(
        request,
        "portal/answer.html",
        here="",
        it=found,
        form=form,
        filled=filled,
        kinds=Answer.Kind.choices,
        trap=TRAP,
        most_about=MOST_ABOUT,
        limits=limits,
        site_name=found.unit.name,
    )
    return _private(shown, filled.status)


def _ask(request: HttpRequest, filled: Filled) -> HttpResponse:
    return _private(render(request, "portal/receipt.html", here="answers", filled=filled), filled.status)


def _standing(request: HttpRequest, found: Answer, code: str, filled: Filled, *, added: bool = False) -> HttpResponse:
    shown = render(
        request,
        "portal/standing.html",
        here="answers",
        answer=found,
        steps=steps_of(found),
        code=code,
        filled=filled,
        added=added,
        limits=limits_of(found.unit),
        site_name=found.unit.name,
    )
    return _private(shown, filled.status)


def _refused(error: UserError, values: dict[str, str]) -> Filled:
    label = str(error.slots.get("label", ""))
    fields = {
        _("类型"): "kind",
        _("涉及的问题"): "about",
        _("意见内容"): "body",
        _("补充内容"): "body",
        _("称呼"): "name",
        _("电话"): "phone",
        _("电子邮箱"): "email",
        _("验证问题"): "total",
    }
    beside = "files" if isinstance(error, BadFile) else fields.get(label, "")
    return Filled(values, error.describe(_), beside, error.status)


def _files(request: HttpRequest) -> tuple[Sent, ...]:
    return tuple(Sent(cast(BinaryIO, file), file.name or "", file.size or 0) for file in request.FILES.getlist("files"))


def _check_sending(request: HttpRequest, most: int) -> None:
    """Refuse what is too large before it is read, and what another site makes a browser send.

    Raises:
        TooMuch: more than *most* bytes.
        BadQuery: it comes from elsewhere, or holds what no browser sends.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not str(length).isdecimal() or int(length) > most:
        raise TooMuch
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise BadQuery
    origin = request.headers.get("Origin", "")
    if origin and origin != "null" and urlsplit(origin).netloc != request.get_host():
        raise BadQuery
    if any("\0" in value for _name, held in request.POST.lists() for value in held):
        raise BadQuery


def _private(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(text, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    if status >= 400:
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark: no line for each refusal
    return response
