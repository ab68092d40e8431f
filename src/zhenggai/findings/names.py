"""Units and people by the names that documents and workbooks use for them.

A :class:`Directory` is read once per act, for one tree of units. It answers with a record, with None, or says that
several answer to the name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from zhenggai.kit.text import comparison_key, fold
from zhenggai.people.access import current_posts
from zhenggai.people.models import Unit, User

Record = TypeVar("Record", Unit, User)

_SEPARATORS = re.compile(r"[、,，;；/\n\s]+|(?<=[部室处科局院])(?:和|及|与|会同|配合)")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_LABEL = re.compile(r"^[^:：]{1,12}[:：]\s*")


@dataclass(frozen=True, slots=True)
class Answer(Generic[Record]):
    """Who or what a name stands for."""

    record: Record | None
    """The one record; None when there is none or more than one."""
    candidates: tuple[Record, ...] = ()
    """All of them when there is more than one."""


class Directory:
    """The open units below one root and the active people who may answer for findings there."""

    def __init__(self, root: str) -> None:
        """Read the tree whose root's path is *root*; two queries."""
        self._units: dict[str, list[Unit]] = defaultdict(list)
        self._people: dict[str, list[User]] = defaultdict(list)
        self._by_username: dict[str, User] = {}
        units = {unit.pk: unit for unit in Unit.objects.filter(path__startswith=root, closed_on__isnull=True)}
        for unit in units.values():
            names = {unit.name, unit.short_name, *map(str, unit.aliases)}
            parent = units.get(unit.parent_id) if unit.parent_id else None
            if parent is not None:
                names |= {parent.name + unit.name, parent.name + "/" + unit.name}
            for key in {comparison_key(name) for name in names if name}:
                self._units[key].append(unit)
        here = set(current_posts().filter(unit__path__startswith=root).order_by().values_list("user_id", flat=True))
        for person in User.objects.filter(is_active=True):
            if person.pk in here:
                self._by_username[person.username.lower()] = person
                self._people[comparison_key(person.name)].append(person)

    def unit(self, text: str, near: Unit | None = None) -> Answer[Unit]:
        """Return the unit called *text*; of several, the one inside *near* if there is just one."""
        found = self._units.get(comparison_key(_LABEL.sub("", text)), [])
        if len(found) > 1 and near is not None:
            inside = [
                unit
                for unit in found
                if unit.path.startswith(near.path) and unit.path.count(".") == near.path.count(".") + 1
            ]
            found = inside if len(inside) == 1 else found
        return _answer(found)

    def units(self, text: str, near: Unit | None = None) -> list[Unit]:
        """Return the units that *text* lists, each once, in order; names that nobody bears are left out."""
        whole = self.unit(text, near).record
        parts = [whole] if whole else [self.unit(part, near).record for part in split_names(text)]
        return list(dict.fromkeys(unit for unit in parts if unit is not None))

    def person(self, text: str) -> Answer[User]:
        """Return the person called *text*: a name, or ``name(sign-in name)`` where several bear the name."""
        match = re.match(r"^(?P<name>.+?)[(](?P<username>[^()]+)[)]$", fold(text).strip())
        known = self._by_username.get(match["username"].strip().lower()) if match else None
        if match and known is not None and comparison_key(known.name) == comparison_key(match["name"]):
            return Answer(known)
        return _answer(self._people.get(comparison_key(text), []))

    def people(self, text: str) -> list[User]:
        """Return the people that the words of a document name, each once, in order.

        ``党组书记、检察长 张三`` gives 张三.
        """
        found: dict[User, None] = {}
        for part in split_names(text):
            for words in (part, _LABEL.sub("", part)):
                person = self.person(words).record or self._ending(words)
                if person is not None:
                    found[person] = None
                    break
        return list(found)

    def _ending(self, words: str) -> User | None:
        """Return the one person whose name ends *words* behind a title: ``检察长张三``, ``张三同志``."""
        key = comparison_key(words).removesuffix("同志")
        for length in (4, 3, 2):
            name = key[-length:]
            if len(key) >= length and len(self._people.get(name, [])) == 1:
                return self._people[name][0]
        return None

    def name_of(self, person: User | None) -> str:
        """Return the name that leads back to *person*: with the sign-in name where several bear it."""
        if person is None:
            return ""
        same = self._people.get(comparison_key(person.name), [])
        return person.name if same in ([], [person]) else f"{person.name}({person.username})"

    def unit_name_of(self, unit: Unit | None) -> str:
        """Return the name that leads back to *unit*: with its parent's where several bear it."""
        if unit is None:
            return ""
        same = self._units.get(comparison_key(unit.name), [])
        if same in ([], [unit]) or not unit.parent_id:
            return unit.name
        parent = unit.parent
        return f"{parent.name}/{unit.name}" if parent else unit.name


def split_names(text: str) -> list[str]:
    """Return the names that *text* lists, brackets with remarks taken off."""
    return [part for piece in _SEPARATORS.split(_BRACKETS.sub("", text)) if (part := piece.strip())]


def _answer(found: Iterable[Record]) -> Answer[Record]:
    known = tuple(dict.fromkeys(found))
    return Answer(known[0] if len(known) == 1 else None, known if len(known) > 1 else ())
