"""Who is behind a request, whether they may go on, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext

from zhenggai.audit.actions import acting_from
from zhenggai.people.actions.sessions import end_expired
from zhenggai.people.models import SignedInSession, User
from zhenggai.people.policy import POLICY
from zhenggai.people.requests import NotSignedIn, Visitor, address_of

Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class SecurityHeaders:
    """Let pages load nothing from elsewhere, run no inline script, and stay in no cache when signed in."""

    def __init__(self, get_response: Answer) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and add the headers that are not set yet."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if isinstance(getattr(request, "user", None), User):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class SignedIn:
    """Put the person of the open session on the request as ``user``; end sessions that were idle or open too long.

    One query: the session's row with its person. Django's own session data is loaded only by pages that use it.
    """

    def __init__(self, get_response: Answer) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the person, and name the address for whatever is recorded meanwhile."""
        request.user = _person_of(request) or Visitor()  # type: ignore[assignment]  # stands in for AnonymousUser
        with acting_from(address_of(request) or ""):
            return self.get_response(request)


class SignInRequired:
    """Turn away who is not signed in, everywhere but at :data:`settings.ZHENGGAI_OPEN_PATHS`; ask for a first password.

    Closed by default: a page that nobody thought of is closed.
    """

    def __init__(self, get_response: Answer) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or send to the page for signing in or for changing the password."""
        if request.path.startswith(tuple(settings.ZHENGGAI_OPEN_PATHS)):
            return self.get_response(request)
        user = request.user
        if not isinstance(user, User):
            return _send_to(request, f"{settings.LOGIN_URL}?{urlencode({'next': _way_back(request)})}")
        if user.must_change_password and request.path not in settings.ZHENGGAI_PASSWORD_PATHS:
            return _send_to(request, settings.ZHENGGAI_PASSWORD_PATHS[0])
        return self.get_response(request)


def _person_of(request: HttpRequest) -> User | None:
    key = request.session.session_key
    if not key:
        return None
    row = SignedInSession.objects.select_related("user").filter(session_key=key).first()
    if row is None:
        return None
    now = timezone.now()
    if now - row.last_seen_at > POLICY.idle or now - row.started_at > POLICY.longest:
        end_expired(row, session=request.session)
        return None
    if not row.user.is_active:
        return None
    if now - row.last_seen_at > POLICY.touch:
        SignedInSession.objects.filter(pk=row.pk).update(last_seen_at=now)
    return row.user


def _way_back(request: HttpRequest) -> str:
    """Return where to go after signing in: the page itself; for a fragment or a form, the page it was on."""
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "")
        host = f"{request.scheme}://{request.get_host()}"
        return page.removeprefix(host) if page.startswith(host + "/") else "/"
    return request.get_full_path() if request.method in {"GET", "HEAD"} else "/"


def _send_to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": address})
    if "application/json" in request.headers.get("Accept", ""):
        error = NotSignedIn()
        return JsonResponse({"error": error.describe(gettext).as_dict()}, status=error.status)
    return HttpResponseRedirect(address)
