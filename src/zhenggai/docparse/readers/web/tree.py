"""A page as a light tree of our own: built once, measured once, walked without recursion.

The HTML5 parser gives the structure a browser would see; scripts, styles, comments and everything hidden never enter
the tree.  Style sheets inside the page are collected first, since they hide elements and choose list numerals.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from zhenggai.docparse.errors import Corrupt, TooDeep
from zhenggai.docparse.readers.web.css import StyleSheet, parse_declarations
from zhenggai.docparse.readers.web.element import Element

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "select",
        "option",
        "optgroup",
        "datalist",
        "button",
        "input",
        "textarea",
        "progress",
        "meter",
        "rt",
        "rp",
        "title",
        "link",
        "meta",
        "base",
        "colgroup",
        "col",
        "del",
    ]
)
_NEED_CLOSING = re.compile(
    r"<(/?)(div|table|ul|ol|section|article|blockquote|span|font|dl|fieldset|main|center)\b", re.I
)
_DEEPEST = 3000
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_STOPS = re.compile(r"[，。；：、！？,;:]")
_WHITE = re.compile(r"\s+")


class Page:
    """A parsed page."""

    def __init__(self, markup: str, name: str, show_hidden: bool = False) -> None:
        """Parse *markup*; *show_hidden* keeps what styles hide, for pages that a script uncovers.

        Raises:
            TooDeep: nesting beyond any real page, which would also make parsing quadratic.
            Corrupt: the parser gave up.
        """
        _check_depth(markup, name)
        try:
            self._parser = LexborHTMLParser(markup)
        except (SelectolaxError, ValueError, RuntimeError) as error:
            raise Corrupt(name=name, reason="网页无法解析") from error
        self._show_hidden = show_hidden
        self.sheet = StyleSheet(node.text(deep=True) or "" for node in self._parser.css("style"))
        self.hidden: list[str] = []
        """Words that the page hides, in order."""
        self.elements: list[Element] = []
        """All visible elements in document order."""
        root = self._parser.body or self._parser.root
        if root is None:
            raise Corrupt(name=name, reason="网页没有正文")
        self.body = self._build(root)
        measure(self.elements)

    def head(self, selector: str, attribute: str = "") -> str:
        """Return the text, or an attribute, of the first element that *selector* finds."""
        node = self._parser.css_first(selector)
        if node is None:
            return ""
        value = node.attributes.get(attribute) if attribute else node.text()
        return _WHITE.sub(" ", value or "").strip()

    def metas(self) -> dict[str, str]:
        """Return ``<meta>`` contents by lower-case name or property."""
        found: dict[str, str] = {}
        for node in self._parser.css("meta"):
            attrs = node.attributes
            key = (attrs.get("name") or attrs.get("property") or "").strip().lower()
            if key and attrs.get("content"):
                found.setdefault(key, (attrs["content"] or "").strip())
        return found

    def _build(self, top: LexborNode) -> Element:
        root = Element("body", {}, None, {})
        self.elements.append(root)
        parent = root
        depth_nodes: list[LexborNode] = [top]
        node: LexborNode | None = top.child
        while depth_nodes:
            if node is None:
                node = depth_nodes.pop()
                if not depth_nodes:
                    break
                node = node.next
                parent = parent.parent or root
                continue
            tag = node.tag
            if tag == "-text":
                parent.children.append(node.text_content or "")
                node = node.next
                continue
            if tag is None or tag[0] in "-!" or tag in _SKIPPED:
                node = node.next
                continue
            attrs = {key: value or "" for key, value in node.attributes.items()}
            style = self.sheet.style_of(tag, attrs, parent) if self.sheet.rules else {}
            inline = attrs.get("style")
            if inline:
                style = style | parse_declarations(inline)
            if not self._show_hidden and _is_hidden(attrs, style):
                words = _WHITE.sub(" ", node.text() or "").strip()
                if words:
                    self.hidden.append(words)
                node = node.next
                continue
            element = Element(tag, attrs, parent, style)
            element.order = len(self.elements)
            self.elements.append(element)
            parent.children.append(element)
            child = node.child
            if child is None:
                node = node.next
            else:
                depth_nodes.append(node)
                parent = element
                node = child
        return root


def _check_depth(markup: str, name: str) -> None:
    if markup.count("<") < _DEEPEST:
        return
    depth = 0
    for match in _NEED_CLOSING.finditer(markup):
        depth = max(depth - 1, 0) if match.group(1) else depth + 1
        if depth > _DEEPEST:
            raise TooDeep(name=name, reason=f"网页元素超过 {_DEEPEST} 层")


_HIDING = frozenset(
    ("display", "visibility", "mso-hide", "font-size", "opacity", "text-indent", "position", "overflow")
)
_ZERO = re.compile(r"0+(?:\.0+)?(?:px|pt|em|rem|%)?")
_FAR_OUT = re.compile(r"-\d{3,}")


def _is_hidden(attrs: dict[str, str], style: dict[str, str]) -> bool:
    if "hidden" in attrs and attrs["hidden"] != "until-found":
        return True
    if not style or style.keys().isdisjoint(_HIDING):
        return False
    if (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("mso-hide") == "all"
    ):
        return True
    if _ZERO.fullmatch(style.get("font-size", "x")):
        return True
    if style.get("opacity") in ("0", "0.0") or _FAR_OUT.match(style.get("text-indent", "")):
        return True
    if style.get("position") in ("absolute", "fixed") and any(
        _FAR_OUT.match(style.get(side, "")) for side in ("left", "top", "right")
    ):
        return True
    return style.get("overflow") == "hidden" and (
        bool(re.fullmatch(r"0(?:px)?", style.get("height", "")))
        or bool(re.fullmatch(r"0(?:px)?", style.get("width", "")))
    )


def measure(elements: list[Element]) -> None:
    """Fill the measures of *elements* (in document order) from the leaves up."""
    linked: set[int] = set()
    for element in elements:
        if element.tag == "a" or (element.parent is not None and id(element.parent) in linked):
            linked.add(id(element))
    for element in reversed(elements):
        in_link = id(element) in linked
        for child in element.children:
            if isinstance(child, str):
                bare = _WHITE.sub("", child)
                if not bare:
                    continue
                element.letters += len(bare)
                if in_link:
                    element.link_letters += len(bare)
                    element.prose += 0.1 * len(bare)
                else:
                    stops = len(_STOPS.findall(bare))
                    element.stops += stops
                    element.prose += len(_CJK.findall(bare)) + 0.3 * len(bare) + 4 * stops
        if element.tag == "a" and element.letters:
            element.links += 1
        parent = element.parent
        if parent is not None:
            parent.letters += element.letters
            parent.link_letters += element.link_letters
            parent.links += element.links
            parent.stops += element.stops
            parent.prose += element.prose
            parent.tables += element.tables + (element.tag == "table")
