"""A row's values as a whole: read against the declaration, and what a row is known by made from them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.kit.words import normal_text
from zhenggai.ledgers.choices import Choices
from zhenggai.ledgers.declared import current, kept_fields
from zhenggai.ledgers.errors import BadRow, UnknownField
from zhenggai.ledgers.masks import mask
from zhenggai.ledgers.models import KEY_LENGTH
from zhenggai.ledgers.names import Names
from zhenggai.ledgers.values import CannotTake, Setting, Stored, parse_value, show_value
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField

KEY_JOINT = " / "
Data = dict[str, Any]
"""Field code → stored value; empty fields are left out."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a row is known by, made from its values."""

    key: str
    """The key fields; empty where the ledger declares none."""
    title: str
    """What stands for it in links; personal data masked."""
    unit_id: int | None
    """The unit it is about; None for the body itself."""
    search: str
    """Normal form of its words, personal data left out."""
    search_personal: str
    """Normal form of its personal data."""


class Form:
    """One ledger's fields, with all that reading and showing their values needs; for the life of an act or request."""

    def __init__(self, ledger: Ledger, names: Names | None = None) -> None:
        """Make ready for rows of *ledger*."""
        self.ledger = ledger
        self.names = names or Names()
        self.choices = Choices(current().enumerations)
        self.fields = {each.code: each for each in ledger.fields}
        self.kept = {each.code: each for each in kept_fields(ledger)}
        self.today = timezone.localdate()

    def day_of(self, data: Mapping[str, Any]) -> datetime.date:
        """Return the day of a row, by which its enumerations are understood; today where it has none."""
        text = data.get(self.ledger.date or "")
        try:
            return datetime.date.fromisoformat(text[:10]) if isinstance(text, str) else self.today
        except ValueError:  # kept before the field became a date
            return self.today

    def setting(self, data: Mapping[str, Any]) -> Setting:
        """Return what the values of a row are understood against."""
        return Setting(self.names, self.choices, self.day_of(data))

    def read(self, raw: Mapping[str, object], before: Mapping[str, Any] | None = None) -> Data:
        """Return the whole data of a row: *before* with the fields of *raw* put in.

        Args:
            raw: field code → what was typed or stood in a cell; fields not named stay as they were.
            before: what the row said; for a new row nothing, and defaults fill what *raw* does not name.

        Raises:
            UnknownField: a field is not declared, or computed.
            BadRow: fields cannot be taken, or required ones are missing; all of them are told at once.
        """
        data, problems = self.try_read(raw, before)
        if problems:
            raise BadRow.of(self.ledger.label, problems)
        return data

    def try_read(
        self, raw: Mapping[str, object], before: Mapping[str, Any] | None = None
    ) -> tuple[Data, dict[str, str]]:
        """Return the data of a row and what is wrong with it, field code → sentence; see :meth:`read`.

        Raises:
            UnknownField: a field is not declared, or computed.
        """
        for code in raw:
            if code not in self.kept:
                raise UnknownField(ledger=self.ledger.label, field=code)
        data: Data = dict(before or {})
        given: dict[str, object] = dict(raw)
        if before is None:
            for field in self.kept.values():
                if field.default is not None:
                    given.setdefault(field.code, field.default)
        problems: dict[str, str] = {}
        # The date first: it says which version of an enumeration the others are read by.
        dated = self.ledger.date or ""
        if dated in given:
            self._put(data, problems, self.kept[dated], given.pop(dated), self.setting(data))
        setting = self.setting(data)
        for code, value in given.items():
            self._put(data, problems, self.kept[code], value, setting)
        for field in self.kept.values():
            needed = field.required or field.code in self.ledger.key
            if (
                needed
                and field.code not in data
                and field.code not in problems
                and (before is None or field.code in raw)
            ):
                problems[field.code] = _now("“%(label)s”必须填写") % {"label": field.label}
        if not problems and len(self.key_of(data)) > KEY_LENGTH:
            labels = "、".join(self.fields[code].label for code in self.ledger.key)
            text = _now("“%(label)s”过长，合计最多 %(most)s 个字") % {"label": labels, "most": KEY_LENGTH}
            problems[self.ledger.key[0]] = text
        for field in self.kept.values():
            if field.unique and len(str(data.get(field.code, ""))) > KEY_LENGTH:
                problems[field.code] = _now("“%(label)s”过长，合计最多 %(most)s 个字") % {
                    "label": field.label,
                    "most": KEY_LENGTH,
                }
        return data, problems

    def _put(self, data: Data, problems: dict[str, str], field: LedgerField, raw: object, setting: Setting) -> None:
        try:
            value = parse_value(field, raw, setting)
        except CannotTake as error:
            shown = str(raw)[:40]
            problems[field.code] = _now("“%(label)s”不能填“%(value)s”：%(reason)s") % {
                "label": field.label,
                "value": shown,
                "reason": str(error),
            }
            return
        if value is None:
            data.pop(field.code, None)
        else:
            data[field.code] = value

    def key_of(self, data: Mapping[str, Any]) -> str:
        """Return the key fields of a row as one text; empty where the ledger declares none."""
        if not self.ledger.key:
            return ""
        return KEY_JOINT.join(plain_text(data.get(code)) for code in self.ledger.key)

    def show(self, code: str, data: Mapping[str, Any], *, masked: bool = True) -> str:
        """Return a field of a row as people read it, personal data masked unless asked otherwise."""
        field = self.fields[code]
        shown = show_value(field, data.get(code), self.setting(data))
        return mask(field, shown) if masked else shown

    def title_of(self, data: Mapping[str, Any], *, masked: bool = True) -> str:
        """Return what stands for a row in links."""
        codes = self.ledger.title or self.ledger.key or self._first_text()
        parts = (self.show(code, data, masked=masked) for code in codes if code in self.fields)
        return " ".join(part for part in parts if part)[:KEY_LENGTH]

    def _first_text(self) -> tuple[str, ...]:
        texts = (each.code for each in self.kept.values() if each.type == FieldType.TEXT)
        return tuple(texts)[:1]

    def known(self, data: Mapping[str, Any]) -> Known:
        """Return what a row is known by."""
        open_words: list[str] = []
        personal_words: list[str] = []
        setting = self.setting(data)
        for field in self.kept.values():
            value = data.get(field.code)
            if value is None or field.type == FieldType.BOOLEAN:
                continue
            shown = show_value(field, value, setting)
            words = personal_words if field.personal else open_words
            words.append(normal_text(shown))
            if isinstance(value, str) and value != shown and field.type != FieldType.UNIT:
                words.append(normal_text(value))
        unit = data.get(self.ledger.unit or "")
        unit_id = int(unit) if isinstance(unit, str) and unit.isdigit() and int(unit) in self.names.units() else None
        return Known(self.key_of(data), self.title_of(data), unit_id, "\n".join(open_words), "\n".join(personal_words))

    def unique_values(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return field code → text of what no other row of the body may share."""
        return {
            field.code: plain_text(data[field.code])
            for field in self.kept.values()
            if field.unique and field.code in data
        }


def plain_text(value: Stored | None) -> str:
    """Return a stored value as one text, for keys and comparison."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)
