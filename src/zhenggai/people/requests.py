"""What a request says about the person behind it; the bridge between HTTP and this room's acts."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from zhenggai.kit.errors import NotAllowed
from zhenggai.people.actions import sign_in, sign_out
from zhenggai.people.models import User


class NotSignedIn(NotAllowed):
    """Nobody is signed in."""

    code = "people.NotSignedIn"
    status = 401
    what = "您尚未登录，或登录已过期。"
    todo = "请重新登录。"


class Visitor:
    """Nobody in particular: what ``request.user`` is before signing in."""

    pk = None
    name = ""
    is_authenticated = False
    is_anonymous = True
    is_active = False


def signed_in_user(request: HttpRequest) -> User:
    """Return the person behind *request*.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        raise NotSignedIn
    return user


def address_of(request: HttpRequest) -> str | None:
    """Return the browser's network address: the peer's, or what the trusted proxies in front say it is."""
    proxies: int = settings.ZHENGGAI_TRUSTED_PROXIES
    address = str(request.META.get("REMOTE_ADDR") or "")
    if proxies:
        hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
        if len(hops) >= proxies:
            address = hops[-proxies]
    try:
        return str(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return None


def sign_in_request(request: HttpRequest, *, username: str, password: str) -> User:
    """Sign in the browser behind *request*; see :func:`zhenggai.people.actions.sign_in` for what it raises."""
    user = sign_in(
        username=username,
        password=password,
        session=request.session,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )
    rotate_token(request)
    request.user = user
    return user


def sign_out_request(request: HttpRequest) -> None:
    """Sign out the browser behind *request*, if somebody is signed in."""
    if isinstance(request.user, User):
        sign_out(request.user, session=request.session)
    rotate_token(request)
    request.user = Visitor()  # type: ignore[assignment]  # our own stand-in for Django's AnonymousUser
