"""One visible element of a page, with what was measured about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WHITE = re.compile(r"\s+")
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "option",
    ]
)


class Element:
    """One visible element with what was measured about it."""

    __slots__ = (
        "attrs", "children", "letters", "link_letters", "links", "order",
        "parent", "prose", "stops", "style", "tables", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, attrs: dict[str, str], parent: Element | None, style: dict[str, str]) -> None:
        """Make an element below *parent*; the measures are filled by :func:`measure`."""
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.style = style
        self.children: list[Element | str] = []
        self.letters = 0
        """Characters that are not blank, in the whole subtree."""
        self.link_letters = 0
        """Those inside ``<a>``."""
        self.links = 0
        """How many ``<a>`` with words."""
        self.stops = 0
        """Punctuation marks outside links."""
        self.prose = 0.0
        """How much running text the subtree holds."""
        self.tables = 0
        """Tables inside, not counting the element itself."""
        self.order = 0
        """Place in document order."""

    def elements(self) -> Iterator[Element]:
        """Yield the child elements."""
        for child in self.children:
            if not isinstance(child, str):
                yield child

    def text(self, most: int = 4000) -> str:
        """Return the words of the subtree with blanks collapsed, at most about *most* characters."""
        pieces: list[str] = []
        size = 0
        stack: list[Element | str] = [self]
        while stack and size < most:
            item = stack.pop()
            if isinstance(item, str):
                pieces.append(item)
                size += len(item)
            else:
                if item.tag in BLOCKS:
                    pieces.append(" ")
                stack.extend(reversed(item.children))
        return _WHITE.sub(" ", "".join(pieces)).strip()
