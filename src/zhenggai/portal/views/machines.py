"""The feed, the sitemap, and what a crawler may look at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import etree

from zhenggai.kit.text import plain_text
from zhenggai.portal.pages import absolute, cacheable, public, site_name
from zhenggai.portal.queries import FEED_SIZE, MOST_ADDRESSES, published, state

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PLAIN_ATOM: dict[Any, str] = {None: _ATOM}
_PLAIN_SITEMAP: dict[Any, str] = {None: _SITEMAP}


@public("GET")
def feed(request: HttpRequest) -> HttpResponse:
    """Return the newest notices as an Atom feed."""
    now, name = state(), site_name()

    def build() -> str:
        root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_PLAIN_ATOM)
        root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-CN")
        _add(root, "title", _("%(name)s整改公开") % {"name": name} if name else _("整改公开"))
        _add(root, "id", absolute(request, "/public/"))
        _link(root, absolute(request, "/public/"), "alternate", "text/html")
        _link(root, absolute(request, request.path), "self", "application/atom+xml")
        _add(root, "updated", _moment(now.changed or datetime(2000, 1, 1, tzinfo=UTC)))
        for row in published().filter(withdrawn_at=None)[:FEED_SIZE]:
            entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
            address = absolute(request, f"/public/{row.slug}/")
            _add(entry, "title", row.title)
            _add(entry, "id", address)
            _link(entry, address, "alternate", "text/html")
            _add(entry, "published", _moment(row.published_at))
            _add(entry, "updated", _moment(row.published_at))
            _add(etree.SubElement(entry, f"{{{_ATOM}}}author"), "name", row.signed_by or row.unit.name)
            _add(entry, "summary", row.summary)
        return _written(root)

    key = ("feed", now, name, absolute(request, "/"))
    return cacheable(request, key, build, changed=now.changed, media_type="application/atom+xml; charset=utf-8")


@public("GET")
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the addresses of all that stands."""
    now = state()

    def build() -> str:
        root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap=_PLAIN_SITEMAP)
        for path in ("/public/", "/public/register/", "/public/about/"):
            _add(etree.SubElement(root, f"{{{_SITEMAP}}}url"), "loc", absolute(request, path), _SITEMAP)
        rows = published().filter(withdrawn_at=None).values_list("slug", "published_at")
        for slug, moment in rows[: MOST_ADDRESSES - 3]:
            entry = etree.SubElement(root, f"{{{_SITEMAP}}}url")
            _add(entry, "loc", absolute(request, f"/public/{slug}/"), _SITEMAP)
            _add(entry, "lastmod", _moment(moment), _SITEMAP)
        return _written(root)

    key = ("sitemap", now, absolute(request, "/"))
    return cacheable(request, key, build, changed=now.changed, media_type="application/xml; charset=utf-8")


@public("GET")
def robots(request: HttpRequest) -> HttpResponse:
    """Let crawlers see the public pages and nothing else."""
    lines = (
        "User-agent: *",
        "Allow: /public/",
        "Allow: /static/portal/",
        "Disallow: /",
        f"Sitemap: {absolute(request, '/public/sitemap.xml')}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _add(parent: etree._Element, name: str, text: str, namespace: str = _ATOM) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = plain_text(text)


def _link(parent: etree._Element, address: str, relation: str, media_type: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}link", href=address, rel=relation, type=media_type)


def _moment(value: datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")


def _written(root: etree._Element) -> str:
    text: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'
