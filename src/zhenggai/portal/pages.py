"""What stands around each public view: methods, errors as pages or JSON, and answers that a front cache can hold."""

from __future__ import annotations

import functools
import json
import logging
import secrets
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from zhenggai.audit.actions import acting_from
from zhenggai.kit.errors import UserError, ZhenggaiError
from zhenggai.people.models import Unit
from zhenggai.portal.display import CONTRASTS, SIZES, Display, read_display
from zhenggai.portal.errors import BadQuery, Broken, NoSuchPage, TooMuch, WrongMethod
from zhenggai.portal.kept import PAGES, Pages, Remembered

logger = logging.getLogger("zhenggai.portal")

View = Callable[..., HttpResponseBase]
FRESH_SECONDS = 60
"""How long a cache may show a page without asking: a withdrawal reaches every reader within this time."""
_ORIGIN = "公开页面"


def public(*methods: str) -> Callable[[View], View]:
    """Return the guard of a public view that takes *methods*; HEAD goes with GET.

    No token against forgery: nobody is signed in here, and what is sent carries its own proof.
    """
    taken = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def guard(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                if request.method not in taken:
                    raise WrongMethod
                if any("\0" in value for _name, held in request.GET.lists() for value in held):
                    raise BadQuery
                # Whoever reads or answers is nobody's business: no address goes to the trail.
                with acting_from(_ORIGIN):
                    return view(request, *args, **kwargs)
            except ZhenggaiError as error:
                return refuse(request, error)
            except Http404:
                return refuse(request, NoSuchPage())
            except RequestDataTooBig:
                return refuse(request, TooMuch())
            except (SuspiciousOperation, MultiPartParserError):
                return refuse(request, BadQuery())

        return guarded

    return guard


def refuse(request: HttpRequest, error: ZhenggaiError, **context: Any) -> HttpResponse:
    """Return *error* as a page, or as JSON to who asks for it."""
    reference = ""
    if not isinstance(error, UserError):
        reference = secrets.token_hex(3).upper()
        logger.error("%s %s %s", reference, request.path, error, exc_info=True)
    words = error.describe(gettext)
    if request.path.endswith(".json") or "application/json" in request.headers.get("Accept", ""):
        told = json.dumps({"error": words.as_dict() | {"reference": reference}}, ensure_ascii=False)
        answer = HttpResponse(told, content_type="application/json", status=error.status)
    else:
        context = {"words": words, "reference": reference, "onward": None, **context}
        body = render(request, "portal/error.html", here="", **context)
        answer = HttpResponse(body, status=error.status)
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}" if error.status == 410 else "no-store"
    if error.status in (429, 503):
        answer.headers["Retry-After"] = str(60 * int(error.slots.get("minutes", 1)))
    # A line for each wrong address would let a flood fill the disk; what broke was told above.
    setattr(answer, "_has_been_logged", True)  # noqa: B010 - Django's own mark, which its types do not tell
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Answer an error nobody foresaw, without asking the database."""
    return refuse(request, Broken(), site_name="")


def not_found(request: HttpRequest, exception: Exception | None = None, rest: str = "") -> HttpResponse:
    """Answer an address that nothing public has."""
    return refuse(request, NoSuchPage())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself refuses before a view is called."""
    return refuse(request, TooMuch() if isinstance(exception, RequestDataTooBig) else BadQuery())


def render(
    request: HttpRequest, template: str, *, here: str, carried: Mapping[str, object] | None = None, **context: Any
) -> str:
    """Return *template* rendered as *request* wants it shown.

    Args:
        request: what asks; of it only the address is looked at.
        template: name of the template.
        here: which entry of the site's navigation the page is.
        carried: what of the address the page keeps when it is shown another way.
        context: what it shows.
    """
    display = read_display(request.GET)
    shown: dict[str, Any] = {
        "display": display,
        "link": display.address,
        "here": here,
        "sizes": SIZES,
        "contrasts": CONTRASTS,
        "shown_as": _ways(request.path, display, carried or {}),
        **context,
    }
    if "site_name" not in shown:
        shown["site_name"] = site_name()
    return render_to_string(template, shown, using="portal")


def _site_name() -> str:
    names = Unit.objects.filter(parent=None, kind=Unit.Kind.ORGANISATION, closed_on=None).values_list("name", flat=True)
    found = list(names[:2])
    return found[0] if len(found) == 1 else ""


site_name: Final = Remembered(_site_name)
"""The name of the body whose site this is, the one at the top; empty when there are several."""


def absolute(request: HttpRequest, path: str) -> str:
    """Return *path* as an address that works anywhere: below what the operator says, else below what was asked."""
    site: str = settings.ZHENGGAI_URL
    return f"{site}{path}" if site else request.build_absolute_uri(path)


def cacheable(
    request: HttpRequest,
    key: Hashable,
    build: Callable[[], str],
    *,
    changed: datetime | None = None,
    media_type: str = "text/html; charset=utf-8",
    kept: Pages = PAGES,
) -> HttpResponse:
    """Return the page *key*, from what this process keeps, or word that the reader's copy still holds.

    Args:
        request: what asks.
        key: everything that could change the page.
        build: makes it.
        changed: when it changed last.
        media_type: what it is.
        kept: where the process keeps it.
    """
    page = kept.get((key, media_type), build)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = page.etag if not packed else f'{page.etag[:-1]}-gz"'
    modified = int(changed.timestamp()) if changed else None
    answer = HttpResponse(page.packed if packed else page.body, content_type=media_type)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    if modified is not None:
        answer.headers["Last-Modified"] = http_date(modified)
    patch_vary_headers(answer, ("Accept-Encoding",))
    if not media_type.startswith("text/html"):
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    # Only the hash decides: how a page looks can change without its text.
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _ways(path: str, display: Display, carried: Mapping[str, object]) -> dict[str, str]:
    """Return the address of this page in each way it can be shown; of its query, only what the page itself knows."""
    ways = {f"size:{value}": Display(value, display.contrast).address(path, **carried) for value in SIZES}
    return ways | {f"contrast:{value}": Display(display.size, value).address(path, **carried) for value in CONTRASTS}
