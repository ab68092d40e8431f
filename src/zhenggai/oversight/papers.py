"""The template of letters as a tree of an official document; an office may put its own ``letter.docx`` into ``templates`` of its data folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zhenggai.gongwen import OfficialDocument, Paragraph, to_docx

LETTER = "letter.docx"


def letter_paper(*, copies: bool = True) -> OfficialDocument:
    """Return the shipped template: a tree with marks, its layout that of every official document.

    Args:
        copies: whether there are last lines for those who get a copy, which no mark can leave out.
    """
    return OfficialDocument(
        issuer=("{%p for line in issuer %}", "{{ line }}", "{%p endfor %}"),
        number="{{ number }}",
        title=("{{ title }}",),
        addressee="{{ recipients }}",
        blocks=(
            Paragraph("{%p for paragraph in paragraphs %}"),
            Paragraph("{{ paragraph }}"),
            Paragraph("{%p endfor %}"),
            Paragraph("{%p if talk %}"),
            Paragraph("约谈时间：{{ held_on }}"),
            Paragraph("约谈地点：{{ place }}"),
            Paragraph("约谈人（签名）："),
            Paragraph("被约谈人（签名）："),
            Paragraph("{%p endif %}"),
        ),
        signature=("{{ signature }}",),
        signed_on="{{ issued_on }}",
        copies="{{ cc }}" if copies else "",
    )


@cache
def shipped_letter(*, copies: bool = True) -> bytes:
    """Return the shipped template as a Word file."""
    return to_docx(letter_paper(copies=copies))


def template_bytes(home: Path, name: str = LETTER, *, copies: bool = True) -> bytes:
    """Return the office's own template from its data folder when there is one, the shipped one otherwise."""
    own = home / "templates" / name
    return own.read_bytes() if own.is_file() else shipped_letter(copies=copies)
