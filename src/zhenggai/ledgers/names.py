"""What values may name: units, departments, people and rows of other ledgers, looked up once and kept for many rows."""

from __future__ import annotations

from collections.abc import Iterable

from zhenggai.kit.text import comparison_key
from zhenggai.ledgers.declared import current
from zhenggai.ledgers.models import Row
from zhenggai.people.models import Unit, User, normal_username


class Names:
    """Names known at a moment; for the life of one act or request."""

    def __init__(self) -> None:
        """Know nothing yet; each table is read when first asked for."""
        self._units: dict[int, Unit] | None = None
        self._unit_words: dict[str, set[int]] = {}
        self._departments: dict[str, str] = {}
        self._people: dict[str, str] | None = None
        self._person_words: dict[str, set[str]] = {}
        self._rows: dict[tuple[str, str], bool] = {}

    def units(self) -> dict[int, Unit]:
        """Return every unit by id, closed ones too: old rows name them."""
        if self._units is None:
            self._units = {unit.pk: unit for unit in Unit.objects.order_by("path")}
            for unit in self._units.values():
                if unit.kind == Unit.Kind.DEPARTMENT:
                    for word in (unit.name, unit.short_name, *unit.aliases):
                        if word:
                            self._departments.setdefault(comparison_key(word) or word, unit.name)
                    continue
                for word in (unit.name, unit.short_name, *unit.aliases):
                    if word:
                        self._unit_words.setdefault(comparison_key(word) or word, set()).add(unit.pk)
        return self._units

    def unit(self, text: str) -> int | None:
        """Return the id of the one unit that *text* means: its id, name, short name or another name."""
        units = self.units()
        if text.isascii() and text.isdigit() and int(text) in units:
            return int(text)
        found = self._unit_words.get(comparison_key(text) or text, set())
        return next(iter(found)) if len(found) == 1 else None

    def unit_name(self, kept: str) -> str:
        """Return how a kept unit is called now."""
        unit = self.units().get(int(kept)) if kept.isascii() and kept.isdigit() else None
        return str(unit) if unit else kept

    def department(self, text: str) -> str | None:
        """Return the name of the department that *text* means."""
        self.units()
        return self._departments.get(comparison_key(text) or text)

    def people(self) -> dict[str, str]:
        """Return sign-in name → name of everybody who ever had an account."""
        if self._people is None:
            self._people = dict(User.objects.values_list("username", "name"))
            for username, name in self._people.items():
                self._person_words.setdefault(comparison_key(name) or name, set()).add(username)
        return self._people

    def person(self, text: str) -> str | None:
        """Return the sign-in name of the one person that *text* means: their sign-in name or name."""
        people = self.people()
        username = normal_username(text)
        if username in people:
            return username
        found = self._person_words.get(comparison_key(text) or text, set())
        return next(iter(found)) if len(found) == 1 else None

    def person_name(self, kept: str) -> str:
        """Return how a kept person is called now."""
        return self.people().get(kept, kept)

    def has_row(self, ledger: str, key: str) -> bool:
        """Return whether a ledger has a row of that key; true for a ledger that is imported whole, which may lag behind."""
        declared = current().ledgers.get(ledger)
        if declared is None or declared.store == "snapshots":
            return True
        known = self._rows.get((ledger, key))
        if known is None:
            known = Row.objects.filter(ledger=ledger, key=key, withdrawn_at__isnull=True).exists()
            self._rows[ledger, key] = known
        return known

    def learn_rows(self, ledger: str, keys: Iterable[str]) -> None:
        """Look up many keys of a ledger at once, for an import."""
        missing = sorted({key for key in keys if (ledger, key) not in self._rows})
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            found = Row.objects.filter(ledger=ledger, key__in=part, withdrawn_at__isnull=True)
            known = set(found.values_list("key", flat=True))
            self._rows.update({(ledger, key): key in known for key in part})
