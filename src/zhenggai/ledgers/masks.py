"""Personal data as those see it who may not read it: enough to tell rows apart, too little to find the person."""

from __future__ import annotations

from django.utils.translation import gettext

from zhenggai.packs.declarations import LedgerField

STARS = "***"


def refusal() -> str:
    """Return what is said of a masked value that comes in as if it were one."""
    return gettext("这是遮盖后的个人信息，不能写入；请填写完整内容，或者留空")


def mask(field: LedgerField, shown: str) -> str:
    """Return *shown* as a reader without the permission sees it; anything not marked as personal stays."""
    if not shown or field.personal is None:
        return shown
    match field.personal:
        case "name":
            return "、".join(_name(part) for part in shown.split("、"))
        case "identity":
            return _ends(shown, 4, 2)
        case "phone":
            return _ends(shown, 3, 2)
        case "account":
            return _ends(shown, 0, 4)
        case "address":
            return _ends(shown, 6, 0)
        case "other":
            return STARS


def _name(text: str) -> str:
    return text[0] + "某" * max(1, min(2, len(text) - 1))


def _ends(text: str, first: int, last: int) -> str:
    """Return the ends of a text; nothing of one that would hardly be hidden."""
    if len(text) < 2 * (first + last):
        return STARS
    return text[:first] + STARS + (text[-last:] if last else "")
