"""What every page carries around its content: the shell, built once per request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from zhenggai.notifications.queries import unread_count
from zhenggai.people.access import access_of
from zhenggai.people.models import Unit, User
from zhenggai.people.queries import names_of
from zhenggai.people.roles import ROLES
from zhenggai.web.navigation import Group, groups_for


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page for one signed-in person."""

    groups: list[Group]
    """Navigation."""
    path: str
    """Path of this page, to light up its navigation item."""
    folded: bool
    """True when the person keeps the navigation as icons."""
    large_text: bool
    """True when the person asked for larger type."""
    me: User
    """The person."""
    unit_name: str
    """Name of the public body the person belongs to; empty without a post."""
    post_line: str
    """The person's posts, as people say them."""
    can_search: bool
    """True when the person may see findings, which is what the search box searches."""
    unread: int
    """How many notifications they have not read."""
    acting_for: list[str]
    """Names of those whom the person acts for today."""

    def is_current(self, section: str) -> bool:
        """Return True when this page belongs to *section*."""
        return self.path == section if section == "/" else self.path.startswith(section)


def build_shell(request: HttpRequest) -> Shell | None:
    """Return the shell for the person of *request*; None without one, or before the first password change."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.must_change_password:
        return None
    access = access_of(user)
    body = Unit.objects.filter(path=access.posts[0].body_path).values_list("name", flat=True) if access.posts else []
    own = [post for post in access.posts if post.holder_id == user.pk and post.role in ROLES]
    held = [f"{post.unit_name} {post.title or ROLES[post.role].label}" for post in own]
    return Shell(
        groups=groups_for(user),
        path=request.path,
        folded=bool(user.preferences.get("folded")),
        large_text=bool(user.preferences.get("large_text")),
        me=user,
        unit_name=next(iter(body), ""),
        post_line=";".join(held),
        can_search="findings.view" in access.permissions,
        unread=unread_count(user),
        acting_for=names_of(access.principals),
    )


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Return *template* rendered in its shell."""
    context.setdefault("shell", build_shell(request))
    context.setdefault("search_text", "")
    return fragment(request, template, status, **context)


def fragment(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Return *template* rendered alone, for htmx."""
    context.setdefault("language_code", "en" if (get_language() or "").startswith("en") else "zh-hans")
    return HttpResponse(render_to_string(template, context, request), status=status)


def download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return *content* as a file of that name."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def actor_of(request: HttpRequest) -> User:
    """Return the person of *request*; routes that are not open guarantee there is one."""
    return cast(User, request.user)
