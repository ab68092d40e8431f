"""A register as data: what it holds, who keeps it, who sees it, and under which codes the trail speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from zhenggai.people.access import Actor
from zhenggai.registers.fields import Slot
from zhenggai.registers.models import RegisterEntry

R = TypeVar("R", bound=RegisterEntry)


@dataclass(frozen=True, slots=True)
class Codes:
    """Audit codes of a register, for ever."""

    created: str
    """An entry was made."""
    changed: str
    """Fields of an entry were changed."""
    withdrawn: str
    """An entry was taken off."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """One register."""

    code: str
    """Word for an entry in the trail and in addresses, for ever."""
    model: type[R]
    """Its table."""
    label: str | Promise
    """What people call an entry."""
    slots: tuple[Slot, ...]
    """Its fields in the order of the form."""
    manage: str
    """Permission of those who keep it."""
    codes: Codes
    """What the trail calls its acts."""
    visible: Callable[[Actor], QuerySet[R]]
    """The entries an actor may see."""
    settle: Callable[[R], None] = lambda entry: None
    """Fills in and checks an entry as a whole before it is saved; raises ``BadValue``."""
    after: Callable[[R, Mapping[str, object], Actor], None] = lambda entry, changes, actor: None
    """Tells people what changed, inside the same transaction."""
    table: Mapping[str, Slot] = field(init=False)
    """The fields by name."""

    def __post_init__(self) -> None:
        """Put the fields in a table by name."""
        object.__setattr__(self, "table", {slot.name: slot for slot in self.slots})
