"""The addresses of the staff pages, as data: pattern, view, name, and who may come in.

A route names the permission without which nobody enters; what a person may see or change inside is decided by the
rooms' ``access_`` functions and actions.  :func:`guard` puts the checks and the error answers around each view.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from zhenggai.kit.errors import NotAllowed
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.people.requests import NotSignedIn
from zhenggai.web.errors import BadRequest, MethodNotAllowed, View, answer_errors


@dataclass(frozen=True, slots=True)
class Route:
    """One address."""

    pattern: str
    """Path below the root, in Django's notation."""
    view: View
    """What answers."""
    name: str
    """Name for ``url()`` in templates."""
    permission: str | tuple[str, ...] = ""
    """Permission(s) of which the actor must hold one somewhere; empty: every signed-in person."""
    methods: str = "GET"
    """Methods taken, separated by blanks; HEAD goes with GET."""
    open: bool = False
    """True where nobody need be signed in."""

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions as a tuple."""
        if isinstance(self.permission, tuple):
            return self.permission
        return (self.permission,) if self.permission else ()


def guard(route: Route) -> View:
    """Return the view of *route* behind its checks."""
    methods = set(route.methods.split())
    if "GET" in methods:
        methods.add("HEAD")

    @functools.wraps(route.view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not route.open and not isinstance(user, User):
            raise NotSignedIn
        if request.method not in methods:
            raise MethodNotAllowed
        if route.permissions and not any(isinstance(user, User) and may(user, code) for code in route.permissions):
            raise NotAllowed
        if any("\0" in value for form in (request.GET, request.POST) for _name, held in form.lists() for value in held):
            raise BadRequest  # no browser sends it, and PostgreSQL can neither keep nor look for it
        return route.view(request, *args, **kwargs)

    return answer_errors(guarded)


def build_urlpatterns(routes: Iterable[Route]) -> list[URLPattern]:
    """Return Django's patterns for *routes*."""
    return [path(route.pattern, guard(route), name=route.name) for route in routes]
