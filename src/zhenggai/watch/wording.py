"""What alerts say: sentences of rules with the values of a row, personal data masked, and what a row is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhenggai.ledgers.choices import Choices
from zhenggai.ledgers.declared import current
from zhenggai.ledgers.masks import mask
from zhenggai.ledgers.names import Names
from zhenggai.ledgers.values import Setting, show_value
from zhenggai.oversight.wording import chinese_day
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField, Rule

_SLOT = re.compile(r"\{(\w+)\}")
BLANK = "（空）"


class Words:
    """Shows the values of a ledger's rows; made once for a run."""

    def __init__(self, ledger: Ledger, on: date, names: Names | None = None, *, masked: bool = True) -> None:
        """Take the ledger and the day whose enumerations hold."""
        self.ledger, self.masked = ledger, masked
        self.fields = {each.code: each for each in ledger.fields}
        self.by_label = {each.label: each for each in ledger.fields}
        self.names = names or Names()
        self.setting = Setting(self.names, Choices(current().enumerations), on)

    def shown(self, code: str, value: Any) -> str:
        """Return a value as people read it, personal data masked."""
        field = self.fields.get(code)
        if field is None:
            return _plain(value)
        if field.type in (FieldType.DATE, FieldType.DATETIME) and isinstance(value, date):
            return chinese_day(value.date() if isinstance(value, datetime) else value)
        text = show_value(field, value, self.setting)
        return mask(field, text) if self.masked else text

    def title(self, row: Mapping[str, Any]) -> str:
        """Return what stands for a row: its title fields, or its key."""
        codes = self.ledger.title or self.ledger.key or tuple(self.fields)[:1]
        parts = [self.shown(code, row.get(code)) for code in codes]
        return " ".join(part for part in parts if part) or f"{self.ledger.one} {row.get('row_id', '')}"

    def sentence(self, rule: Rule, row: Mapping[str, Any], more: Mapping[str, str] | None = None) -> str:
        """Return the sentence of a rule with the values of a row; what the row is called and the rule where it has none."""
        if not rule.message:
            return f"{self.title(row)}：{rule.label}"
        told = more or {}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in told:
                return told[name]
            field = self.fields.get(name) or self.by_label.get(name)
            return (self.shown(field.code, row.get(field.code)) or BLANK) if field else match[0]

        return _SLOT.sub(value, rule.message)

    def slots(self, text: str) -> list[LedgerField]:
        """Return the fields that a sentence names."""
        found = (self.fields.get(name) or self.by_label.get(name) for name in _SLOT.findall(text))
        return [each for each in found if each is not None]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return chinese_day(value) if isinstance(value, date) else str(value)
