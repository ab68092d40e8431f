"""The measures of GB/T 9704-2012 as data; writers and checker read them here and nowhere else.

Source: GB/T 9704-2012《党政机关公文格式》, chapters 5 to 7 and 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TWIPS_PER_MM = 1440 / 25.4
PAGE_MM = (210, 297)
MARGINS_MM = {"top": 37, "right": 26, "bottom": 35, "left": 28}
"""Margins that leave the type area 版心 of 156 × 225 mm."""
LANDSCAPE_MARGINS_MM = {"top": 28, "right": 37, "bottom": 26, "left": 35}
"""The same type area lying, its binding edge on top."""
LINES_PER_PAGE, SIGNS_PER_LINE = 22, 28
LINE_TWIPS = 579
"""225 mm in 22 lines, rounded down, since 22 lines of 580 twips do not fit."""
LINE_PT = LINE_TWIPS / 20
BODY_PT, TITLE_PT, PAGE_NUMBER_PT, ISSUER_PT = 16.0, 22.0, 14.0, 26.0
TITLE_LINE_PT = 36.0
SIGN_PT = 156 / 25.4 * 72 / SIGNS_PER_LINE
"""Room of one sign, so that 28 fill a line: a little less than the type is wide."""
TRACKING_PT = SIGN_PT - BODY_PT
NUMBER_BELOW_MM = 7
"""From the type area to the dashes beside the page number."""
TITLE_SIGNS = 20
"""Signs of 2号 that fit a line."""
RED = "C00000"


class Face(StrEnum):
    """The four faces of official documents, and 宋体 for page numbers."""

    FANG = "fang"
    KAI = "kai"
    HEI = "hei"
    TITLE = "title"
    SONG = "song"


OFFICIAL_NAME = {
    Face.FANG: "仿宋_GB2312", Face.KAI: "楷体_GB2312", Face.HEI: "黑体", Face.TITLE: "方正小标宋简体", Face.SONG: "宋体",
}  # fmt: skip
"""The name written into Word files; the computers of offices have these."""

ALSO_CALLED = {
    Face.FANG: ("仿宋", "FangSong", "FangSong_GB2312", "方正仿宋_GBK", "方正仿宋简体", "华文仿宋", "STFangsong"),
    Face.KAI: ("楷体", "KaiTi", "KaiTi_GB2312", "方正楷体_GBK", "方正楷体简体", "华文楷体", "STKaiti"),
    Face.HEI: ("SimHei", "方正黑体_GBK", "方正黑体简体", "华文黑体", "STHeiti"),
    Face.TITLE: ("方正小标宋_GBK", "方正小标宋", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "小标宋体", "华文中宋", "STZhongsong"),
    Face.SONG: ("SimSun", "新宋体", "NSimSun"),
}  # fmt: skip
"""Other names under which the same face is accepted, and which Word may take when the first is missing."""

SUBSTITUTES = {
    Face.FANG: (("Zhuque Fangsong (technical preview)", 400), ("Noto Serif CJK SC", 400)),
    Face.KAI: (("AR PL KaitiM GB", 400), ("AR PL UKai CN", 400), ("LXGW WenKai", 400), ("Noto Serif CJK SC", 400)),
    Face.HEI: (("Noto Sans CJK SC", 500), ("WenQuanYi Zen Hei", 400)),
    Face.TITLE: (("Noto Serif CJK SC", 700),),
    Face.SONG: (("AR PL SungtiL GB", 400), ("AR PL UMing CN", 400), ("Noto Serif CJK SC", 400)),
}  # fmt: skip
"""Free families, with weight, for PDF made on a server that has none of the official ones; the first one found is taken."""


class Role(StrEnum):
    """What a line of the finished paper is; each has one style."""

    ISSUER = "issuer"
    NUMBER = "number"
    RULE = "rule"
    TITLE = "title"
    UNDER_TITLE = "under_title"
    ADDRESSEE = "addressee"
    HEADING1 = "heading1"
    HEADING2 = "heading2"
    HEADING3 = "heading3"
    HEADING4 = "heading4"
    BODY = "body"
    ITEM = "item"
    CAPTION = "caption"
    ATTACHMENT = "attachment"
    NEXT_ATTACHMENT = "next_attachment"
    SIGNATURE = "signature"
    DATE = "date"
    NOTE = "note"
    ANNEX_LABEL = "annex_label"
    ANNEX_TITLE = "annex_title"
    PAGE = "page"
    COPIES = "copies"
    PRINTED = "printed"


HEADINGS = (Role.HEADING1, Role.HEADING2, Role.HEADING3, Role.HEADING4)


@dataclass(frozen=True, slots=True)
class Style:
    """How the lines of one role look; lengths in signs are signs of its own type."""

    word_id: str
    """Identifier in a Word file."""
    word_name: str
    """Name in Word's list of styles."""
    face: Face = Face.FANG
    """Face of type."""
    size_pt: float = BODY_PT
    """Size of type."""
    align: str = "both"
    """``both``, ``left``, ``center`` or ``right``."""
    first_signs: float = 0
    """Indent of the first line; negative hangs."""
    left_signs: float = 0
    """Room at the left."""
    right_signs: float = 0
    """Room at the right."""
    before_lines: float = 0
    """Empty lines above."""
    after_lines: float = 0
    """Empty lines below."""
    line_pt: float = LINE_PT
    """Distance of lines; 0 lets the type decide."""
    keep_next: bool = False
    """Whether it stays on the page of what follows."""
    outline: int = 0
    """Level in the outline, 0 for none."""
    red: bool = False
    """Printed in red."""


STYLES: dict[Role, Style] = {
    Role.ISSUER: Style("GwIssuer", "发文机关标志", Face.TITLE, ISSUER_PT, "center", line_pt=0, red=True, keep_next=True),
    Role.NUMBER: Style("GwNumber", "发文字号", align="center", before_lines=2, keep_next=True),
    Role.RULE: Style("GwRule", "红色分隔线", size_pt=2, line_pt=0, after_lines=2, keep_next=True),
    Role.TITLE: Style("GwTitle", "公文标题", Face.TITLE, TITLE_PT, "center", after_lines=1, line_pt=TITLE_LINE_PT, keep_next=True),
    Role.UNDER_TITLE: Style("GwUnderTitle", "题下注", Face.KAI, align="center", after_lines=1, keep_next=True),
    Role.ADDRESSEE: Style("GwAddressee", "主送机关", align="left"),
    Role.HEADING1: Style("Heading1", "heading 1", Face.HEI, first_signs=2, keep_next=True, outline=1),
    Role.HEADING2: Style("Heading2", "heading 2", Face.KAI, first_signs=2, keep_next=True, outline=2),
    Role.HEADING3: Style("Heading3", "heading 3", first_signs=2, keep_next=True, outline=3),
    Role.HEADING4: Style("Heading4", "heading 4", first_signs=2, keep_next=True, outline=4),
    Role.BODY: Style("GwBody", "公文正文", first_signs=2),
    Role.ITEM: Style("GwItem", "公文列项", first_signs=2),
    Role.CAPTION: Style("GwCaption", "表题", Face.HEI, 14, "center", before_lines=0.5, keep_next=True),
    Role.ATTACHMENT: Style("GwAttachment", "附件说明", align="left", left_signs=6, first_signs=-4, before_lines=1),
    Role.NEXT_ATTACHMENT: Style("GwNextAttachment", "附件说明续", align="left", left_signs=6, first_signs=-1),
    Role.SIGNATURE: Style("GwSignature", "署名", align="right", right_signs=2, before_lines=1, keep_next=True),
    Role.DATE: Style("GwDate", "成文日期", align="right", right_signs=4),
    Role.NOTE: Style("GwNote", "附注", first_signs=2, align="left"),
    Role.ANNEX_LABEL: Style("GwAnnexLabel", "附件标记", Face.HEI, align="left", after_lines=1, keep_next=True),
    Role.ANNEX_TITLE: Style("GwAnnexTitle", "附件标题", Face.TITLE, TITLE_PT, "center", after_lines=1, line_pt=TITLE_LINE_PT, keep_next=True),
    Role.PAGE: Style("GwPage", "分页", size_pt=1, align="left", line_pt=1, keep_next=True),
    Role.COPIES: Style("GwCopies", "抄送", size_pt=14, left_signs=4, first_signs=-3, right_signs=1, line_pt=24),
    Role.PRINTED: Style("GwPrinted", "印发", size_pt=14, align="left", left_signs=1, right_signs=1, line_pt=24),
}  # fmt: skip

TABLE_PT, SMALL_TABLE_PT = 12.0, 10.5


def twips(millimetres: float) -> int:
    """Return *millimetres* in twentieths of a point, as Word counts."""
    return round(millimetres * TWIPS_PER_MM)
