"""Letters as Word files, and the register as a workbook: records in, bytes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.gongwen import break_title
from zhenggai.oversight.models import Draw, Letter, LetterKind
from zhenggai.oversight.papers import LETTER, template_bytes
from zhenggai.oversight.queries.checks import population_rows
from zhenggai.oversight.queries.letters import RegisterRow
from zhenggai.oversight.wording import chinese_day
from zhenggai.render.docx import Value, fill_docx
from zhenggai.render.xlsx import Column, Sheet, acts_as_formula, render_workbook


def letter_values(letter: Letter) -> dict[str, Value]:
    """Return what a template of letters may show; all plain text."""
    return {
        "issuer": head_lines(letter.unit.name, letter.signature),
        "number": letter.number or "（未编号）",
        "kind": letter.kind_label,
        "title": "\n".join(break_title(letter.title)),
        "recipients": "、".join(str(one) for one in letter.recipients.select_related("unit", "person")),
        "paragraphs": [line.strip() for line in letter.body.split("\n") if line.strip()],
        "signature": letter.signature,
        "issued_on": chinese_day(letter.issued_on) if letter.issued_on else "（未签发）",
        "reply_due_on": chinese_day(letter.reply_due_on) if letter.reply_due_on else "",
        "cc": letter.cc,
        "talk": letter.kind == LetterKind.TALK_RECORD,
        "held_on": chinese_day(letter.held_on) if letter.held_on else "",
        "place": letter.place,
        "signed_by": letter.signed_by.name if letter.signed_by else "",
    }


def head_lines(body: str, signature: str) -> list[str]:
    """Return the name at the head of a letter, broken behind the name of the body so that no word is cut."""
    rest = signature.removeprefix(body)
    return [body, rest] if rest and rest != signature else [signature]


def letter_docx(letter: Letter, template: bytes | None = None) -> bytes:
    """Return *letter* as a Word file, by *template*, else the office's own in its data folder, else the shipped one.

    Raises:
        BadTemplate: the template cannot be used.
    """
    chosen = template if template is not None else template_bytes(settings.ZHENGGAI_HOME, copies=bool(letter.cc))
    return fill_docx(chosen, letter_values(letter), name=LETTER)


def letter_name(letter: Letter, ending: str = "docx") -> str:
    """Return the name of the file of *letter*."""
    name = f"{letter.number} {letter.title}".strip()
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name)[:120] + f".{ending}"


def register_workbook(rows: Iterable[RegisterRow]) -> bytes:
    """Return the register 收发登记 as a workbook."""
    columns = (
        Column(_now("文号"), 26), Column(_now("种类"), 10), Column(_now("标题"), 44, wrap=True),
        Column(_now("主送"), 24, wrap=True), Column(_now("问题数"), 8), Column(_now("状态"), 10),
        Column(_now("起草人"), 10), Column(_now("签发人"), 10), Column(_now("签发日期"), 12),
        Column(_now("回复期限"), 12), Column(_now("已签收"), 8), Column(_now("已回复"), 8),
        Column(_now("办结日期"), 12), Column(_now("备注"), 30, wrap=True),
    )  # fmt: skip
    cells = (
        (
            row.letter.number, row.letter.kind_label, row.letter.title, "、".join(row.recipients), row.items,
            row.letter.get_state_display(), row.letter.drafted_by.name if row.letter.drafted_by else "",
            row.letter.signed_by.name if row.letter.signed_by else "", row.letter.issued_on, row.letter.reply_due_on,
            row.received, row.replied,
            timezone.localtime(row.letter.closed_at).date() if row.letter.closed_at else None,
            row.letter.closing_note or row.letter.withdrawn_why,
        )
        for row in rows
    )  # fmt: skip
    title = _now("督办函件收发登记")
    return render_workbook([Sheet(title, columns, cells, frozen_columns=1)], title=title)


def population_workbook(drawn: Draw) -> bytes:
    """Return the population of a draw as a workbook, with seed and procedure on a second sheet."""
    columns = (
        Column(_now("序号"), 6), Column("稳定标识", 38), Column("分层", 20), Column(_now("问题编号"), 10),
        Column(_now("问题"), 50, wrap=True), Column("SHA-256", 66), Column(_now("抽中"), 8),
    )  # fmt: skip
    cells = (
        (row.place, row.stable_id, row.stratum, row.no, row.title, row.key, _now("是") if row.is_drawn else "")
        for row in population_rows(drawn)
    )
    facts = (
        (_now("轮次"), drawn.round.name), (_now("抽取时间"), f"{timezone.localtime(drawn.drawn_at):%Y-%m-%d %H:%M:%S}"),
        (_now("种子"), drawn.seed), (_now("算法"), drawn.algorithm), (_now("分层"), str(drawn.get_strata_display())),
        (_now("数量"), drawn.size), (_now("比例"), f"{drawn.rate_percent}%" if drawn.rate_percent else ""), (_now("总体"), len(drawn.population)),
        (_now("抽中"), len(drawn.drawn)),
    )  # fmt: skip
    sheets = [
        Sheet(_now("抽样总体"), columns, cells, frozen_columns=2),
        Sheet(_now("抽取参数"), (Column(_now("项目"), 16), Column(_now("内容"), 60)), facts),
    ]
    return render_workbook(sheets, title=_now("抽样总体"))


def population_csv(drawn: Draw) -> bytes:
    """Return the population of a draw as CSV in UTF-8 with a mark, which office software reads as it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["序号", "稳定标识", "分层", "问题编号", "问题", "SHA-256", "抽中"])
    for row in population_rows(drawn):
        told = [row.stratum, row.no, row.title]
        safe = [f"'{each}" if acts_as_formula(each) else each for each in told]
        writer.writerow([row.place, row.stable_id, *safe, row.key, "是" if row.is_drawn else ""])
    return text.getvalue().encode("utf-8-sig")
