"""How an entry becomes a hash: field values in, canonical bytes and SHA-256 out.

The form is published in ``docs/audit.md`` so that anyone can check an exported trail without this program: one JSON
object with the eleven fields of :data:`FIELDS`, keys sorted, no spaces, non-ASCII characters as themselves, UTF-8.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhenggai.audit.models import Entry

FIELDS = (
    "sequence", "at", "actor_id", "actor_name", "code", "object_type", "object_id", "object_label", "data", "origin",
    "previous_hash",
)  # fmt: skip

# PostgreSQL's jsonb and UTF-8 text cannot hold these, so neither database may.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable_text(text: str, longest: int | None = None) -> str:
    """Return *text* cut to *longest*, with what a database refuses replaced by ``\N{REPLACEMENT CHARACTER}``."""
    clean = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return clean if longest is None or len(clean) <= longest else clean[: longest - 1] + "…"


def storable(value: Any) -> Any:
    """Return *value* in types that come back unchanged from both databases.

    Dates become ISO text, fractions and unknown things their text, since jsonb keeps ``1e2`` as ``100``.
    """
    match value:
        case None | bool():
            return value
        case Enum():
            return storable(value.value)
        case int():
            return int(value)
        case str():
            return storable_text(value)
        case datetime():
            return format_moment(value) if value.tzinfo else value.isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {storable_text(str(key)): storable(item) for key, item in value.items()}
        case list() | tuple():
            return [storable(item) for item in value]
        case set() | frozenset():
            return sorted((storable(item) for item in value), key=str)
        case float() | Decimal() | uuid.UUID():
            return str(value)
    return storable_text(str(value))


def format_moment(moment: datetime) -> str:
    """Return *moment* in UTC with six digits of the second, e.g. ``2026-11-23T08:00:00.000123Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def payload(entry: Entry, **instead: Any) -> dict[str, Any]:
    """Return the hashed fields of *entry*, with those in *instead* replaced."""
    values = {name: getattr(entry, name) for name in FIELDS}
    values["at"] = format_moment(entry.at)
    return values | instead


def hash_of(entry: Entry, **instead: Any) -> str:
    """Return the hash that *entry*'s fields call for."""
    return hashlib.sha256(canonical(payload(entry, **instead))).hexdigest()
