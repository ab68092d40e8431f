"""Paragraphs of any Word file → what each is: title, addressee, heading, body, signature …

Our own styles say it; in files of others it is read from place, look and words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhenggai.gongwen.measures import HEADINGS, STYLES, Role
from zhenggai.gongwen.word_file import Piece, WordFile, WordParagraph, WordSection, WordTable

_BY_STYLE = {style.word_id: role for role, style in STYLES.items()}
NUMBER_FORMS = (
    re.compile(r"^(?P<number>[一二三四五六七八九十百]+)、"),
    re.compile(r"^（(?P<number>[一二三四五六七八九十百]+)）(?![、，.])"),
    re.compile(r"^(?P<number>\d{1,3})[.．](?!\d)"),
    re.compile(r"^（(?P<number>\d{1,3})）(?![、，.])"),
)
"""The numbers of the four levels as the standard has them."""
WRONG_FORMS = (
    (1, re.compile(r"^(?P<number>[一二三四五六七八九十]+)[.．,，](?=\D)")),
    (2, re.compile(r"^(?:\((?P<number>[一二三四五六七八九十]+)[)）]|（(?P<again>[一二三四五六七八九十]+)\))、?")),
    (2, re.compile(r"^（(?P<number>[一二三四五六七八九十]+)）[、，.]")),
    (3, re.compile(r"^(?P<number>\d{1,3})[、，](?=\D)")),
    (4, re.compile(r"^(?:\((?P<number>\d{1,3})[)）]|（(?P<again>\d{1,3})\)|(?P<bare>\d{1,2})[)）])、?")),
    (4, re.compile(r"^（(?P<number>\d{1,3})）[、，.]")),
)
"""Level → a number of that level with a sign the standard does not have."""
MARK = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
"""A mark of a template."""
_DAY = re.compile(
    r"^(?:\d{2,4}年\d{1,2}月\d{1,2}[日号]|[〇○零Ｏ０一二三四五六七八九十]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日|\d{4}[-./]\d{1,2}[-./]\d{1,2})$"
)
_ANNEX = re.compile(r"^附\s*件\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?[:：]?$")
_ATTACHMENT = re.compile(r"^附\s*件\s*[:：]")
_NEXT_ATTACHMENT = re.compile(r"^\d{1,2}[.．、]\s*\S")
_DOCUMENT_NUMBER = re.compile(r"^\S{1,20}[〔\[［(（【]\d{4}[〕\]］)）】]第?\d{1,5}号$")
_ENDS = re.compile(r"[。；！？]$")
_LARGE_PT = 18
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph with what it is."""

    role: Role
    """What it is."""
    paragraph: WordParagraph
    """The paragraph."""
    text: str
    """Its words without marks of templates and white space around."""
    level: int = 0
    """Level of its number, 0 without one."""
    annex: int = 0
    """Which attachment it belongs to, 0 for the paper itself."""


def strip_marks(text: str) -> str:
    """Return *text* without the marks of a template."""
    return MARK.sub("", text) if "{" in text else text


def find_parts(file: WordFile) -> list[Part | WordTable | WordSection]:
    """Return the paragraphs of *file* that say something, each with its role; tables and sections stay in between."""
    return list(_Finder(file).parts())


class _Finder:
    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._ours = any(paragraph.style_id.startswith("Gw") for paragraph in file.paragraphs)
        self._annex = 0
        self._title_open = self._head_open = True
        self._attaching = False

    def parts(self) -> Iterator[Part | WordTable | WordSection]:
        pieces = self._file.pieces
        after = _following(pieces)
        for index, piece in enumerate(pieces):
            if not isinstance(piece, WordParagraph):
                self._attaching = False
                if isinstance(piece, WordTable) and not piece.floats:
                    self._title_open = self._head_open = False
                yield piece
                continue
            text = strip_marks(piece.printed).strip()
            if piece.style_id == STYLES[Role.PAGE].word_id:
                yield Part(Role.PAGE, piece, "", annex=self._annex)
                continue
            if not piece.text.strip() and not piece.label:
                continue
            if not text and not piece.style_id.startswith("Gw"):
                continue  # a paragraph of marks alone takes no room in what is made
            following = after[index]
            role = self._role(piece, text, following)
            self._note(role)
            yield Part(role, piece, text, level_of(text), self._annex)

    def _note(self, role: Role) -> None:
        if role is Role.ANNEX_LABEL:
            self._annex += 1
            self._title_open = True
        elif role not in (Role.ISSUER, Role.NUMBER, Role.RULE, Role.TITLE, Role.ANNEX_TITLE, Role.UNDER_TITLE):
            self._title_open = False
            if role is not Role.ADDRESSEE:
                self._head_open = False
        elif role in (Role.TITLE, Role.UNDER_TITLE):
            self._head_open = True
        self._attaching = role in (Role.ATTACHMENT, Role.NEXT_ATTACHMENT)

    def _role(self, piece: WordParagraph, text: str, following: WordParagraph | None) -> Role:
        known = _BY_STYLE.get(piece.style_id)
        # A heading style of Word is also used by others, for titles above all.
        if known is not None and (self._ours or (known in HEADINGS and level_of(text))):
            return known
        flat = "".join(text.split())
        if _ANNEX.match(flat) and len(flat) <= 6 and not self._head_open:
            return Role.ANNEX_LABEL
        if self._title_open:
            role = self._head_role(piece, flat)
            if role is not None:
                return role
        return self._body_role(piece, flat, following)

    def _head_role(self, piece: WordParagraph, flat: str) -> Role | None:
        title = Role.ANNEX_TITLE if self._annex else Role.TITLE
        if _DOCUMENT_NUMBER.match(flat):
            return Role.NUMBER
        if level_of(flat) or _DAY.match(flat.strip("（）()")):
            return Role.UNDER_TITLE if piece.look.align == "center" and not level_of(flat) else None
        large = max((run.size_pt for run in piece.runs if run.text.strip()), default=0) >= _LARGE_PT
        red = any(run.colour not in ("", "AUTO", "000000") for run in piece.runs if run.text.strip())
        if not self._annex and red and piece.look.align in ("center", "distribute"):
            return Role.ISSUER
        short = len(flat) <= _LONGEST_TITLE and not _ENDS.search(flat)
        named = piece.style_name.lower() in ("title", "标题", "公文标题", "heading 1", "标题 1")
        if short and (large or named or piece.look.align == "center"):
            if piece.look.align == "center" and not large and flat[0] in "（(":
                return Role.UNDER_TITLE
            return title
        return None

    def _body_role(self, piece: WordParagraph, flat: str, following: WordParagraph | None) -> Role:
        if (
            self._head_open
            and flat.endswith(("：", ":"))
            and len(flat) <= 80
            and piece.first_signs < 1
            and not level_of(flat)
        ):
            return Role.ADDRESSEE
        if _ATTACHMENT.match(flat):
            return Role.ATTACHMENT
        if self._attaching and _NEXT_ATTACHMENT.match(flat):
            return Role.NEXT_ATTACHMENT
        if _DAY.match(flat):
            return Role.DATE
        if following is not None and len(flat) <= 30 and not _ENDS.search(flat):
            after = "".join(strip_marks(following.text).split())
            if _DAY.match(after) and not level_of(flat):
                return Role.SIGNATURE
        if re.match(r"^(?:抄\s*送|主\s*送|分\s*送)[:：]", flat):
            return Role.COPIES
        if re.search(r"\d日印发$", flat):
            return Role.PRINTED
        if level := level_of(flat):
            return HEADINGS[level - 1]
        if re.match(r"^表\s*\d", flat) and piece.look.align == "center":
            return Role.CAPTION
        return Role.BODY


def _following(pieces: Sequence[Piece]) -> list[WordParagraph | None]:
    """Return for each piece the next paragraph behind it that says something."""
    found: list[WordParagraph | None] = [None] * len(pieces)
    following: WordParagraph | None = None
    for index in range(len(pieces) - 1, -1, -1):
        found[index] = following
        piece = pieces[index]
        if isinstance(piece, WordParagraph) and piece.text.strip():
            following = piece
    return found


def level_of(text: str) -> int:
    """Return the level of the number *text* begins with, 0 without one."""
    for level, form in enumerate(NUMBER_FORMS, start=1):
        if form.match(text):
            return level
    for level, form in WRONG_FORMS:
        if form.match(text):
            return level
    return 0
