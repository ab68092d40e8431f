"""What is stored is for ever: renaming a stored name is a decision, seen in the diff of ``declared_ids.json``.

``UPDATE_SNAPSHOTS=1 .venv/bin/pytest tests/house`` writes the file again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.apps import apps

from tests.house.source import all_errors
from zhenggai.audit.queries import BreakKind, audit_codes
from zhenggai.people.roles import ROLES, Permission, Scope

SNAPSHOT = Path(__file__).parent / "declared_ids.json"


def declared() -> dict[str, object]:
    choices = {
        f"{model._meta.label}.{field.name}": sorted(str(value) for value, _label in field.choices)
        for model in apps.get_models()
        if model.__module__.startswith("zhenggai.")
        for field in model._meta.get_fields()
        if getattr(field, "choices", None)
    }
    return {
        "audit_codes": sorted(audit_codes()),
        "breaks_of_the_trail": sorted(kind.value for kind in BreakKind),
        "choices": choices,
        "error_codes": sorted({cls.code for cls in all_errors()}),
        "permissions": sorted(permission.value for permission in Permission),
        "roles": {
            code: sorted(f"{p.value}: {s.value}" for p, s in role.grants.items()) for code, role in ROLES.items()
        },
        "scopes": sorted(scope.value for scope in Scope),
        "tables": sorted(m._meta.db_table for m in apps.get_models() if m.__module__.startswith("zhenggai.")),
    }


def test_declared_ids_are_those_of_the_snapshot() -> None:
    found = json.loads(json.dumps(declared()))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(SNAPSHOT.read_text(encoding="utf-8"))
