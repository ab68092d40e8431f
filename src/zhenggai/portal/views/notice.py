"""One notice: its page, its Word and PDF, and its copies for machines."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from zhenggai.docparse.errors import clean_name
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import open_file
from zhenggai.kit.text import plain_text
from zhenggai.notices.models import Publication
from zhenggai.portal.display import read_display
from zhenggai.portal.environment import day_prose
from zhenggai.portal.errors import NoSuchPage, Withdrawn
from zhenggai.portal.fragment import build_body
from zhenggai.portal.pages import FRESH_SECONDS, absolute, cacheable, public, refuse, render, site_name
from zhenggai.portal.queries import find_notice, find_standing, successor_of, takes_answers, texts_of
from zhenggai.portal.views.archive import listing_of

CONTENTS_FROM = 4
"""From how many headings on a notice opens with its contents."""


@public("GET")
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a notice; a withdrawn one says why, a replaced one where the newer stands."""
    found = find_standing(slug)
    newer = successor_of(found) if found.replaced else None
    if found.withdrawn_at is not None:
        return _gone(request, find_notice(slug), newer)
    open_ = takes_answers(found)

    def build() -> str:
        whole = texts_of(found)
        body = build_body(whole.html, whole.title, _("表格"))
        return render(
            request,
            "portal/notice.html",
            here="",
            it=whole,
            body=body,
            contents=[heading for heading in body.headings if heading.level < 4]
            if len(body.headings) >= CONTENTS_FROM
            else [],
            newer=newer,
            older=whole.replaces if whole.replaces and whole.replaces.withdrawn_at is None else None,
            takes_answers=open_,
            site_name=whole.unit.name,
        )

    key = ("notice", found.pk, found.digest, newer and newer.slug, open_, read_display(request.GET), found.body)
    return cacheable(
        request, key, build, changed=max(found.published_at, newer.published_at) if newer else found.published_at
    )


@public("GET")
def notice_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Return a notice for machines, as ``zhenggai read --json`` would give it, with what became of it."""
    found = _standing(slug)
    newer = successor_of(found)

    def build() -> str:
        whole = texts_of(found)
        told = listing_of(request, whole, "replaced" if newer else "standing")
        told |= {
            "summary": whole.summary,
            "replaces": absolute(request, f"/public/{whole.replaces.slug}/") if whole.replaces else None,
            "replaced_by": absolute(request, f"/public/{newer.slug}/") if newer else None,
            "text": whole.text,
            "data": whole.data,
        }
        return json.dumps(told, ensure_ascii=False, indent=1)

    key = ("notice.json", found.pk, found.digest, newer and newer.slug, absolute(request, "/"))
    return cacheable(request, key, build, changed=found.published_at, media_type="application/json")


@public("GET")
def notice_jsonld(request: HttpRequest, slug: str) -> HttpResponse:
    """Return what a search engine wants to know; a file of its own, since the pages hold no script."""
    found = _standing(slug)

    def build() -> str:
        told: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "Report",
            "@id": absolute(request, f"/public/{found.slug}/"),
            "url": absolute(request, f"/public/{found.slug}/"),
            "headline": found.title,
            "abstract": found.summary,
            "inLanguage": "zh-CN",
            "datePublished": timezone.localtime(found.published_at).isoformat(timespec="seconds"),
            "dateCreated": found.signed_on.isoformat(),
            "author": {"@type": "GovernmentOrganization", "name": found.signed_by},
            "publisher": {"@type": "GovernmentOrganization", "name": found.unit.name},
            "isAccessibleForFree": True,
        }
        return json.dumps({name: value for name, value in told.items() if value != ""}, ensure_ascii=False, indent=1)

    key = ("notice.jsonld", found.pk, absolute(request, "/"))
    return cacheable(request, key, build, changed=found.published_at, media_type="application/ld+json")


@public("GET")
def notice_txt(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the plain text, byte for byte what the digest was taken of."""
    found = _standing(slug)
    return cacheable(
        request,
        ("notice.txt", found.pk),
        lambda: texts_of(found).text,
        changed=found.published_at,
        media_type="text/plain; charset=utf-8",
    )


@public("GET")
def notice_docx(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Return the Word copy."""
    found = _standing(slug)
    return _file(request, found, texts_of(found).docx, "docx")


@public("GET")
def notice_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Return the PDF copy."""
    found = _standing(slug)
    return _file(request, found, texts_of(found).pdf, "pdf")


def _standing(slug: str) -> Publication:
    found = find_notice(slug)
    if found.withdrawn_at is not None:
        raise withdrawn(found)
    return found


def withdrawn(found: Publication) -> Withdrawn:
    """Return what is said of a withdrawn notice."""
    why = plain_text(found.withdrawn_why).strip().rstrip("。") or _("未说明")
    return Withdrawn(day=day_prose(found.withdrawn_at), title=plain_text(found.title), why=why)


def _gone(request: HttpRequest, found: Publication, newer: Publication | None) -> HttpResponse:
    return refuse(request, withdrawn(found), onward=newer, site_name=site_name())


def _file(request: HttpRequest, found: Publication, stored: StoredFile | None, ending: str) -> HttpResponseBase:
    if stored is None:
        raise NoSuchPage
    etag = f'"{stored.sha256[:32]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        answer: HttpResponseBase = unchanged
    else:
        answer = FileResponse(open_file(stored), content_type=stored.media_type)
        answer.headers["Content-Length"] = str(stored.size)
        name = quote(f"{clean_name(found.title) or found.slug}.{ending}")
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["ETag"] = etag
    answer.headers["Last-Modified"] = http_date(int(found.published_at.timestamp()))
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return answer
