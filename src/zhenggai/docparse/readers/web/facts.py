"""What a page says about itself in its chrome: title, day of publication, source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from zhenggai.docparse.readers.web.element import Element
from zhenggai.docparse.readers.web.tree import Page

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_LABELLED = re.compile(
    r"(?:(?:发布|发表|更新|发稿|录入|公开|生成)(?:时间|日期)|(?<![一-龥])(?:时间|日期))\s*[:：]\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})"
)
_SOURCE = re.compile(r"(?:信息|新闻|文章|稿件|内容)?来源\s*[:：]\s*([^\s:：|【\[]{2,40})")
_DATE_METAS = (
    "pubdate",
    "publishdate",
    "publish_time",
    "article:published_time",
    "og:release_date",
    "firstpublishedtime",
    "date",
)
_STAMP = re.compile(r"(?<!\d)" + _DATE.pattern + r"日?(?:\s+\d{1,2}:\d{2}|\s*$|\s+\D)")
_SITE = re.compile(r"\s*[-_|—–－]+\s*[^-_|—–－]{2,30}$")


def page_title(page: Page) -> str:
    """Return the declared title without the name of the site behind it."""
    metas = page.metas()
    article = metas.get("articletitle") or metas.get("og:title") or ""
    title = page.head("title") or article
    if article and len(article) >= 6:
        return article
    shorter = _SITE.sub("", title)
    return shorter if len(shorter) >= 8 else title


def page_facts(page: Page, chrome: Sequence[Element], first_lines: Iterable[str]) -> dict[str, str]:
    """Return ``published``, ``source`` and ``source_url`` where the page tells them."""
    metas = page.metas()
    facts: dict[str, str] = {}
    published = next((_iso(metas[key]) for key in _DATE_METAS if key in metas and _iso(metas[key])), "")
    source = metas.get("contentsource", "")
    texts = [*(element.text(400) for element in chrome), *first_lines]
    for text in texts:
        if not published and (match := _LABELLED.search(text)):
            published = _iso(match.group(1))
        if not source and (match := _SOURCE.search(text)):
            source = match.group(1)
    if not published:
        dated = (_STAMP.search(element.text(200)) for element in chrome if element.letters < 80)
        published = next((_iso(match.group()) for match in dated if match), "")
    address = page.head('link[rel="canonical"]', "href") or metas.get("og:url", "")
    for key, value in (("published", published), ("source", source), ("source_url", address)):
        if value:
            facts[key] = value
    return facts


def _iso(text: str) -> str:
    match = _DATE.search(text)
    if not match:
        return ""
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
