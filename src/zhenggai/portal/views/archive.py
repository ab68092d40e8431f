"""The archive with its search, the register of everything that was published, and the page of help."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from zhenggai.notices.models import Publication
from zhenggai.portal.display import read_display
from zhenggai.portal.kept import PAGES, SEARCHES
from zhenggai.portal.pages import absolute, cacheable, public, render, site_name
from zhenggai.portal.queries import Query, bodies, find_publications, passages, published, state

REGISTER_SIZE = 200
MOST_LISTED = 50_000


@public("GET")
def archive(request: HttpRequest) -> HttpResponse:
    """Show what was published, newest first, as far as it stands; narrowed by words, year and body."""
    query, now = _query(request), state()
    name = site_name()

    def build() -> str:
        found = find_publications(query)
        years = range(timezone.localdate().year, now.first_year - 1, -1)
        return render(
            request,
            "portal/archive.html",
            here="archive",
            query=query,
            found=found,
            years=list(years),
            bodies=bodies(),
            passages=passages(found.rows, query.text) if query.text else {},
            carried=query.carried,
            site_name=name,
        )

    key = ("archive", query, read_display(request.GET), now, name, timezone.localdate())
    return cacheable(request, key, build, changed=now.changed, kept=SEARCHES if query.text else PAGES)


@public("GET")
def register(request: HttpRequest) -> HttpResponse:
    """List everything that was ever published, with what became of it."""
    now, name, page = state(), site_name(), _number(request.GET.get("page", ""), most=10_000) or 1

    def build() -> str:
        rows = list(published()[(page - 1) * REGISTER_SIZE : page * REGISTER_SIZE])
        replaced = _replaced(rows)
        return render(
            request,
            "portal/register.html",
            here="register",
            rows=[(row, standing_of(row, replaced)) for row in rows],
            page=page,
            pages=max(1, -(-now.count // REGISTER_SIZE)),
            total=now.count,
            carried={"page": page if page > 1 else ""},
            site_name=name,
        )

    key = ("register", page, read_display(request.GET), now, name)
    return cacheable(request, key, build, changed=now.changed)


@public("GET")
def register_json(request: HttpRequest) -> HttpResponse:
    """List the same for machines, all of it at once."""
    now = state()

    def build() -> str:
        rows = list(published()[:MOST_LISTED])
        replaced = _replaced(rows)
        listed = [listing_of(request, row, standing_of(row, replaced)) for row in rows]
        told = {"count": now.count, "changed": now.changed and now.changed.isoformat(), "publications": listed}
        return json.dumps(told, ensure_ascii=False, indent=1)

    key = ("register.json", now, absolute(request, "/"))
    return cacheable(request, key, build, changed=now.changed, media_type="application/json")


@public("GET")
def about(request: HttpRequest) -> HttpResponse:
    """Say how the pages are used, how answers are dealt with, and what is kept about whom."""
    name = site_name()
    key = ("about", read_display(request.GET), name)
    return cacheable(request, key, lambda: render(request, "portal/about.html", here="about", site_name=name))


def listing_of(request: HttpRequest, row: Publication, standing: str) -> dict[str, Any]:
    """Return a publication as lists for machines tell it."""
    path = f"/public/{row.slug}/"
    return {
        "address": absolute(request, path),
        "json": absolute(request, f"{path}notice.json"),
        "title": row.title,
        "body": row.unit.name,
        "signed_by": row.signed_by,
        "signed_on": row.signed_on.isoformat(),
        "published_at": timezone.localtime(row.published_at).isoformat(timespec="seconds"),
        "standing": standing,
        "withdrawn_at": row.withdrawn_at and timezone.localtime(row.withdrawn_at).isoformat(timespec="seconds"),
        "withdrawn_why": row.withdrawn_why,
        "sha256": row.digest,
    }


def standing_of(row: Publication, replaced: Mapping[int, str]) -> str:
    """Return ``standing``, ``withdrawn`` or ``replaced``."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "replaced" if row.pk in replaced else "standing"


def _replaced(rows: list[Publication]) -> dict[int, str]:
    """Return the key of each of *rows* that another one replaces, with the address of that."""
    known = {row.pk for row in rows}
    found = Publication.objects.filter(replaces__isnull=False, withdrawn_at=None).values_list("replaces", "slug")
    return {key: slug for key, slug in found if key in known}


def _query(request: HttpRequest) -> Query:
    given = request.GET
    year = _number(given.get("year", ""), most=2200)
    return Query(
        text=" ".join(given.get("q", "").split())[:60],
        year=year if year >= 2000 else 0,
        body=_number(given.get("body", ""), most=2**31),
        before=given.get("before", "")[:40],
        after=given.get("after", "")[:40],
    )


def _number(text: str, *, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
