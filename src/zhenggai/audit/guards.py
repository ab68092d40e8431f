"""Triggers that make the database itself refuse to change, remove or misplace entries, on SQLite and PostgreSQL."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = {
    "audit_entry_no_update": """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END""",
    "audit_entry_no_delete": """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END""",
    # INSERT OR REPLACE would remove the older row without firing the trigger above.
    "audit_entry_in_order": """CREATE TRIGGER audit_entry_in_order BEFORE INSERT ON audit_entry
        WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit_entry)
        BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END""",
}

_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$"""
_POSTGRES = {
    "audit_entry_no_change": """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()""",
    "audit_entry_no_truncate": """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers on *connection*'s database."""
    remove(connection)
    statements = list(_SQLITE.values())
    if connection.vendor == "postgresql":
        statements = [_POSTGRES_FUNCTION, *_POSTGRES.values()]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, so that a test database can be emptied or a migration undone."""
    on_table = " ON audit_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _POSTGRES if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """Return the names of the triggers that are missing from *connection*'s database."""
    wanted = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {str(row[0]) for row in cursor.fetchall()}
    return frozenset(wanted) - there
