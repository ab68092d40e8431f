"""The one place that turns an error into an answer: a page, an htmx fragment, or JSON, always with the same sentence.

Views raise; :func:`answer_errors` (around every view of :mod:`zhenggai.web.routes`) and the four handlers named in
``project/urls.py`` answer.  Each answer carries a reference number that also stands in the log beside the error.
"""

from __future__ import annotations

import functools
import logging
import secrets
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from zhenggai.kit.errors import BadFile, BadInput, NotAllowed, NotFound, UserError, ZhenggaiError
from zhenggai.people.requests import NotSignedIn
from zhenggai.web.pages import fragment, page

logger = logging.getLogger("zhenggai.web")

View = Callable[..., HttpResponseBase]


class PageNotFound(NotFound):
    """No page has this address."""

    code = "web.PageNotFound"
    what = "没有这个页面。"
    todo = "请检查地址，或从左侧导航重新进入。"


class FormExpired(UserError):
    """The form carries no valid token: it stood open too long, or came from elsewhere."""

    code = "web.FormExpired"
    status = 403
    what = "页面停留过久，提交未被接受，内容没有写入。"
    todo = "请返回上一页并刷新，再提交一次。"


class BadRequest(UserError):
    """The request cannot be understood."""

    code = "web.BadRequest"
    status = 400
    what = "提交的内容不完整或格式有误，没有写入。"
    todo = "请返回上一页重试；仍不行时把编号告诉系统管理员。"


class MethodNotAllowed(UserError):
    """The page exists but does not take this method."""

    code = "web.MethodNotAllowed"
    status = 405
    what = "这个地址不接受此种提交方式，内容没有写入。"
    todo = "请从页面上的按钮操作。"


class RequestTooLarge(BadFile):
    """More was sent than the server takes at once."""

    code = "web.RequestTooLarge"
    status = 413
    what = "一次提交的内容超过了上限，没有保存。"
    todo = "请把文件拆小或分几次提交。"


class MissingField(BadInput):
    """A field that must be filled in is empty."""

    code = "web.MissingField"
    what = "“%(label)s”没有填写。"
    where = "%(label)s"
    todo = "请填写后再提交。"


class BadValue(BadInput):
    """A field holds something that cannot be taken."""

    code = "web.BadValue"
    what = "“%(label)s”中的“%(value)s”无法识别。"
    where = "%(label)s"
    todo = "%(hint)s"


class OtherBody(BadInput):
    """The document names another body than the one whose ledger it would enter, and nobody said that this is meant."""

    code = "web.OtherBody"
    what = "文件所写的单位是“%(said)s”，目标单位是“%(unit)s”，尚未确认，没有写入。"
    todo = "请核对目标单位；确属本单位的文件，在确认时勾选后再入账。"


class PasswordsDiffer(BadInput):
    """The new password was typed in two different ways."""

    code = "web.PasswordsDiffer"
    what = "两次输入的新密码不一致。"
    todo = "请重新输入两次相同的新密码。"


class Internal(ZhenggaiError):
    """Something broke that the person at the screen cannot mend."""

    code = "web.Internal"
    status = 500
    what = "服务器处理时出错，本次操作没有写入。"
    todo = "请重试；仍不行时把编号告诉系统管理员。"


def answer_errors(view: View) -> View:
    """Return *view* with every error that has words for people turned into an answer."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ZhenggaiError as error:
            return answer(request, error)
        except Http404:
            return answer(request, PageNotFound())
        except PermissionDenied:
            return answer(request, NotAllowed())
        except RequestDataTooBig:
            return answer(request, RequestTooLarge())
        except (SuspiciousOperation, MultiPartParserError):
            return answer(request, BadRequest())

    return answered


def answer(request: HttpRequest, error: ZhenggaiError) -> HttpResponse:
    """Return *error* as JSON, as an htmx fragment, or as a page, whichever the request asks for."""
    reference = _new_reference()
    level = logging.ERROR if error.status >= 500 else logging.INFO
    # What people typed, and whom a refusal names, is nobody's business in a log.
    told = error if level == logging.ERROR else error.code
    logger.log(level, "%s %s %s -> %s", reference, request.method, request.path, told, exc_info=level == logging.ERROR)
    words = error.describe(gettext)
    if wants_json(request):
        return JsonResponse(
            {"error": words.as_dict() | {"reference": reference}},
            status=error.status,
            json_dumps_params={"ensure_ascii": False},
        )
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    context: dict[str, Any] = {"words": words, "reference": reference, "status": error.status}
    if is_htmx(request):
        response = fragment(request, "errors/_notice.html", **context)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        response["HX-Push-Url"] = "false"
        return response
    if error.status >= 500:
        # The shell asks the database, which may be what broke.
        context["shell"] = None
    return page(request, "errors/page.html", **context)


def wants_json(request: HttpRequest) -> bool:
    """Return True when the caller asked for JSON rather than a page."""
    return "application/json" in request.headers.get("Accept", "")


def is_htmx(request: HttpRequest) -> bool:
    """Return True when a part of a page was asked for by htmx."""
    return request.headers.get("HX-Request") == "true"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    here = request.get_full_path()
    if is_htmx(request):
        here = request.headers.get("HX-Current-URL", "/").partition("//")[2].partition("/")[2]
        return HttpResponse(status=200, headers={"HX-Redirect": _sign_in_address(f"/{here}")})
    return HttpResponse(status=302, headers={"Location": _sign_in_address(here if request.method == "GET" else "/")})


def _sign_in_address(then: str) -> str:
    return settings.LOGIN_URL if then == "/" else f"{settings.LOGIN_URL}?{urlencode({'next': then})}"


def _new_reference() -> str:
    return f"{timezone.localtime():%m%d}-{secrets.token_hex(3).upper()}"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself refuses before a view is called."""
    return answer(request, RequestTooLarge() if isinstance(exception, RequestDataTooBig) else BadRequest())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refusal raised outside the views."""
    return answer(request, NotAllowed())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that no route has."""
    return answer(request, PageNotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error nobody foresaw; Django calls this while the exception is still being handled."""
    response = answer(request, Internal())
    logger.error("caused by", exc_info=sys.exc_info())
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or stale (named by ``CSRF_FAILURE_VIEW``)."""
    return answer(request, FormExpired())
