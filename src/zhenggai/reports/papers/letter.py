"""The template of letters and orders 函件、督办单: the letters themselves are numbered and signed in ``oversight``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhenggai.kit.errors import NotFound
from zhenggai.oversight.papers import letter_paper
from zhenggai.reports import codes
from zhenggai.reports.counting import Values
from zhenggai.reports.names import Name, many, text
from zhenggai.reports.papers.paper import Paper
from zhenggai.reports.scope import Scope


def _values(scope: Scope) -> Values:
    """Refuse: a letter is made from the letter, not from a round."""
    raise NotFound


LETTER = Paper(
    codes.LETTER,
    _("督办函件"),
    _("提醒函、督办单、通报、约谈记录和业务函件的格式；函件在“督办函件”里起草、编号和签发。"),
    _("会议与函件"),
    frozenset(),
    (
        many("issuer", "发文机关标志，一行一个"), text("number", "文号", "示例整改督办〔2025〕3号"), text("kind", "函件种类", "督办单"),
        text("title", "标题"), text("recipients", "主送", "第一检察部"), many("paragraphs", "正文，一段一个"),
        text("signature", "署名", "示例市人民检察院巡察整改工作领导小组办公室"), text("issued_on", "签发日期", "2025年1月6日"),
        text("reply_due_on", "回复期限", "2025年1月20日"), text("cc", "抄送", "驻院纪检监察组"), Name("talk", "是否约谈记录", False),
        text("held_on", "约谈日期", "2025年1月6日"), text("place", "约谈地点", "第三会议室"), text("signed_by", "签发人", "周明远"),
    ),
    letter_paper,
    _values,
    standalone=False,
)  # fmt: skip
