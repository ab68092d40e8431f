"""A page as these tests look at it."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode


class Page:
    """An answer, read as HTML."""

    def __init__(self, answer: object) -> None:
        self.tree = LexborHTMLParser(answer.content.decode())

    def css(self, selector: str) -> list[LexborNode]:
        """Return the elements that *selector* names."""
        return self.tree.css(selector)

    def words(self, selector: str) -> list[str]:
        """Return what they say."""
        return [" ".join(element.text().split()) for element in self.css(selector)]

    def links(self, selector: str = "a") -> list[str]:
        """Return where they lead."""
        return [element.attributes.get("href") or "" for element in self.css(selector)]
