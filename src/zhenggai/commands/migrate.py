"""``zhenggai migrate``: bring the database to the form this version needs."""

from __future__ import annotations

import argparse

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhenggai.commands.errors import PendingMigrations
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import seed_calendar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--check", action="store_true", help="只查看有无待执行的变更；有则以 1 退出")


def run(arguments: argparse.Namespace) -> int:
    """Apply what is pending, naming each step."""
    waiting = pending()
    if not waiting:
        print("数据库已是最新。")
        if not arguments.check:
            _conform()
        return 0
    if arguments.check:
        print("\n".join(waiting))
        return 1
    apply()
    _conform()
    return 0


def _conform() -> None:
    # With ledgers come the packs, the rules and the readers of documents: most commands only ask whether all is current.
    from zhenggai.commands import ledgers

    ledgers.conform()


def pending() -> list[str]:
    """Return the names of the migrations that wait."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def require_current() -> None:
    """Go on only when the database has the form this version needs.

    Raises:
        PendingMigrations: it has not.
    """
    if waiting := pending():
        raise PendingMigrations(count=len(waiting))


def is_empty() -> bool:
    """Return whether the database holds nothing at all yet."""
    return not connection.introspection.table_names()


def apply() -> None:
    """Apply what is pending."""
    steps = pending()
    print(f"正在更新数据库（{len(steps)} 步）……", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    seed_calendar(actor=OPERATOR)
    print("数据库已更新。", flush=True)
