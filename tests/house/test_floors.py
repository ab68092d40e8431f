"""Imports and foreign keys go downstairs only; the database has the form that the models say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.house.source import FLOORS, PACKAGE, ROOT

_FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def test_imports_go_downstairs_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_stands_on_a_floor() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == set(_FLOOR_OF)


def test_foreign_keys_point_downstairs_only() -> None:
    upstairs = []
    for model in apps.get_models(include_auto_created=True):
        room = model._meta.app_label
        if room not in _FLOOR_OF:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if field.auto_created or target is None or not isinstance(target, type):
                continue
            there = target._meta.app_label
            if there != room and (there not in _FLOOR_OF or _FLOOR_OF[there] <= _FLOOR_OF[room]):
                upstairs.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert upstairs == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_django_finds_nothing_to_complain_of() -> None:
    call_command("check", fail_level="WARNING")
