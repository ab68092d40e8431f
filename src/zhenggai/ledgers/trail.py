"""How acts on ledgers tell the trail: personal data masked there too, since it outlives every permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhenggai.audit.actions import record
from zhenggai.ledgers import codes
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.history import differences
from zhenggai.ledgers.models import Batch, Row
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor


def tell_row(
    actor: Actor, code: str, row: Row, form: Form, *, before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None, reason: str = "", **more: Any,
) -> None:  # fmt: skip
    """Record an act on one row, with what it changed."""
    data: dict[str, Any] = {"ledger": row.ledger, "revision": row.revision, **more}
    if after is not None:
        changes = differences(form, before or {}, after)
        data["changes"] = {each.code: [each.before, each.after] for each in changes}
    if reason:
        data["reason"] = reason
    record(actor=actor, code=code, object_type="ledger_row", object_id=row.pk, object_label=row.title, data=data)


def tell_batch(actor: Actor, code: str, batch: Batch, **data: Any) -> None:
    """Record an act on many rows at once."""
    about = {"ledger": batch.ledger, "rows": batch.rows, **data}
    record(actor=actor, code=code, object_type="ledger_batch", object_id=batch.pk, object_label=batch.label, data=about)


def tell_export(actor: Actor, ledger: Ledger, query: RowQuery, form: str, rows: int) -> None:
    """Tell the trail what was taken out."""
    data = {"query": query.on_page(1).to_string()[:1000], "form": form, "rows": rows, "personal": query.personal}
    record(
        actor=actor,
        code=codes.ROWS_EXPORTED,
        object_type="ledger",
        object_id=ledger.ledger,
        object_label=ledger.label,
        data=data,
    )
