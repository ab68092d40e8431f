"""What the readers hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Relation:
    """A SELECT of DuckDB that gives the rows of a ledger: the columns of ``SYSTEM`` and one for each field."""

    sql: str
    """The statement, made from declared codes and paths of our own; usable between parentheses."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Its named parameters."""
