"""Addresses of rows, and how rows of ledgers lead to each other through references."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from zhenggai.ledgers import queries
from zhenggai.ledgers.models import Row
from zhenggai.ledgers.queries import Filter, Form, Line, Operator, RowQuery, RowView
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField
from zhenggai.people.models import User
from zhenggai.people.roles import Permission

MOST = 6
"""Rows of another ledger that are shown; the rest is a link."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Rows of another ledger that name this one."""

    ledger: Ledger
    """That ledger."""
    field: LedgerField
    """The field by which they name it."""
    lines: tuple[tuple[str, str], ...]
    """Address and title of the newest."""
    total: int
    """How many there are."""
    address: str
    """All of them as a list."""
    new: str
    """The form of one more, when the person may enter one."""


def row_address(ledger: Ledger, line: Line, string: str = "") -> str:
    """Return the address of a row's page, with the list it was opened from."""
    if line.pk is None or ledger.store != "rows":
        address = reverse("ledger-imported-row", kwargs={"code": ledger.ledger}) + f"?row={quote(line.row_id)}"
        return address + (f"&{string}" if string else "")
    address = reverse("ledger-row", kwargs={"code": ledger.ledger, "id": line.pk})
    return address + (f"?{string}" if string else "")


def links_to(actor: User, form: Form, shown: RowView) -> dict[str, str]:
    """Return the addresses of the rows that a row names, by the code of the field that names them."""
    found: dict[str, str] = {}
    for cell in shown.line.cells:
        field = form.fields[cell.code]
        if field.type != FieldType.REFERENCE or not cell.value:
            continue
        target = queries.current().ledgers.get(field.ledger or "")
        if target is None or not queries.reach_of(actor, target):
            continue
        if target.store == "rows":
            row = queries.visible_rows(actor, target).filter(key=cell.value, withdrawn_at=None).first()
            if row is not None:
                found[cell.code] = reverse("ledger-row", kwargs={"code": target.ledger, "id": row.pk})
        else:
            found[cell.code] = reverse("ledger", kwargs={"code": target.ledger}) + f"?q={quote(str(cell.value))}"
    return found


def links_from(actor: User, ledger: Ledger, row: Row | None) -> list[Incoming]:
    """Return the rows of the ledgers the person sees that name a row."""
    if row is None or not row.key:
        return []
    found = []
    for other in queries.visible_ledgers(actor):
        for field in other.fields:
            if field.type != FieldType.REFERENCE or field.ledger != ledger.ledger or field.personal:
                continue
            query = RowQuery(filters=(Filter(field.code, Operator.IN, (row.key,)),), page_size=MOST)
            page = queries.find_rows(actor, other, query)
            keeps = other.store == "rows" and bool(queries.reach_of(actor, other, Permission.KEEP_LEDGERS))
            new = reverse("ledger-new", kwargs={"code": other.ledger}) + f"?v.{field.code}={quote(row.key)}"
            if page.total or keeps:
                address = reverse("ledger", kwargs={"code": other.ledger})
                string = RowQuery(filters=query.filters).to_string()
                lines = tuple((row_address(other, line), line.title) for line in page.lines)
                found.append(Incoming(other, field, lines, page.total, f"{address}?{string}", new if keeps else ""))
    return found
