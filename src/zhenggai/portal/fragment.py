"""The body of a publication as the page shows it: an allow-list of elements, headings in order, tables that scroll.

``gongwen`` writes nothing that would be taken out here; this is the second lock, and it puts the headings below the
page's own title.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree, html

from zhenggai.kit.text import comparison_key, plain_text

_TAGS = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "b",
        "i",
        "u",
        "sup",
        "sub",
        "br",
        "hr",
        "span",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "figure",
        "figcaption",
        "blockquote",
        "time",
        "a",
    ]
)
_DROPPED_WHOLE = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "head",
        "title",
        "link",
        "meta",
        "base",
        "frame",
        "frameset",
        "applet",
        "audio",
        "video",
        "canvas",
        "img",
        "picture",
        "source",
    ]
)
_AS_PLAIN = frozenset({"article", "header", "footer", "main", "aside", "nav"})
"""Parts of a page that the page itself has already."""
_ATTRIBUTES = frozenset({"id", "lang", "scope", "colspan", "rowspan", "headers", "datetime", "class"})
_PLAIN = re.compile(r"[\w\u3400-\u9fff .:-]{1,100}")
_LEVEL = re.compile(r"h[1-6]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body."""

    id: str
    """Where a link to it goes."""
    text: str
    """Its words."""
    level: int
    """2 or deeper, as the page shows it."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body ready to be shown."""

    html: str
    """Safe HTML."""
    headings: tuple[Heading, ...]
    """Its headings in order."""


def build_body(source: str, title: str, table_words: str) -> Body:
    """Return the fragment *source* cleaned and set below the page's *title*.

    Args:
        source: HTML of the body.
        title: what the page is called; a first heading that says the same is left out.
        table_words: name of a table that has no caption, for those who hear the page.
    """
    if not source.strip():
        return Body("", ())
    root = html.fragment_fromstring(plain_text(source), create_parent="div")
    _clean(root)
    headings = _order_headings(root, title)
    _let_tables_scroll(root, table_words)
    inner = html.tostring(root, encoding="unicode", method="html")
    return Body(inner.removeprefix("<div>").removesuffix("</div>"), headings)


def _clean(root: html.HtmlElement) -> None:
    for element in root.iter():  # again after parsing, since a reference can stand for any character
        if element.text:
            element.text = plain_text(element.text)
        if element.tail:
            element.tail = plain_text(element.tail)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):  # comments, processing instructions
            _remove(element)
        elif element is root:
            continue
        elif element.tag in _DROPPED_WHOLE:
            _remove(element)
        elif element.tag not in _TAGS:
            element.drop_tag()
        else:
            if element.tag in _AS_PLAIN:
                element.tag = "div"
            for name, value in list(element.attrib.items()):
                if element.tag == "a" and name == "href" and re.fullmatch(r"#[\w\u3400-\u9fff.:-]{1,100}", value):
                    continue
                if name not in _ATTRIBUTES or not _PLAIN.fullmatch(value):
                    del element.attrib[name]


def _remove(element: html.HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


def _order_headings(root: html.HtmlElement, title: str) -> tuple[Heading, ...]:
    found: list[Heading] = []
    levels: list[int] = []
    first = True
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or not _LEVEL.fullmatch(element.tag):
            continue
        words = " ".join(element.text_content().split())
        if not words or (first and comparison_key(words) == comparison_key(title)):
            first = False
            _remove(element)
            continue
        first = False
        level = int(element.tag[1])
        while levels and levels[-1] >= level:
            levels.pop()
        levels.append(level)
        shown = min(1 + len(levels), 6)
        element.tag = f"h{shown}"
        key = f"s{len(found) + 1}"
        element.set("id", key)
        found.append(Heading(key, words, shown))
    return tuple(found)


def _let_tables_scroll(root: html.HtmlElement, table_words: str) -> None:
    wrap: Callable[..., html.HtmlElement] = etree.Element
    for table in list(root.iter("table")):
        caption = table.find("caption")
        words = " ".join(caption.text_content().split()) if caption is not None else ""
        box = wrap("div", {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": words or table_words})
        parent = table.getparent()
        if parent is None:
            continue
        box.tail, table.tail = table.tail, None
        parent.replace(table, box)
        box.append(table)
