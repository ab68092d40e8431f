"""What happened to a row, version by version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhenggai.ledgers.declared import access_declared
from zhenggai.ledgers.forms import Form, plain_text
from zhenggai.ledgers.masks import STARS, mask
from zhenggai.ledgers.models import Origin, Row
from zhenggai.ledgers.shapes import FieldChange, Revision


def row_history(row: Row, *, masked: bool = True) -> list[Revision]:
    """Return the versions of a row that was accessed, the newest first, each with what it changed; three queries at most."""
    form = Form(access_declared(row.ledger))
    found: list[Revision] = []
    before: Mapping[str, Any] = {}
    for each in row.versions.select_related("actor").order_by("revision"):
        found.append(
            Revision(
                revision=each.revision, at=each.valid_from, until=each.valid_to, who=each.actor.name if each.actor else "",
                origin=str(Origin(each.origin).label), reason=each.reason, withdrawn=each.withdrawn,
                changes=tuple(differences(form, before, each.data, masked=masked)), batch_id=each.batch_id, data=each.data,
            )
        )  # fmt: skip
        before = each.data
    return found[::-1]


def differences(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any], *, masked: bool = True
) -> list[FieldChange]:
    """Return the fields in which two states of a row differ, in the order declared; fields no longer declared last."""
    changed = [code for code in form.kept if before.get(code) != after.get(code)]
    gone = [code for code in (*before, *after) if code not in form.fields and before.get(code) != after.get(code)]
    found = []
    for code in (*changed, *dict.fromkeys(gone)):
        field = form.fields.get(code)
        if field is None:
            # Whether it held personal data is no longer declared.
            texts = [plain_text(data.get(code)) for data in (before, after)]
            old, new = (STARS if text and masked else text for text in texts)
            found.append(FieldChange(code, code, old, new))
            continue
        old, new = (form.show(code, data, masked=False) for data in (before, after))
        if masked:
            old, new = mask(field, old), mask(field, new)
        found.append(FieldChange(code, field.label, old, new))
    return found
