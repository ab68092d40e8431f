"""Where staged tables lie: ``ZHENGGAI_HOME/imports/<id>/``, derived from the kept file and dropped when an import is over."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings


def folder_of(key: int) -> Path:
    """Return the folder of an import."""
    return Path(settings.ZHENGGAI_HOME) / "imports" / str(key)


def problems_path(key: int) -> Path:
    """Return the file of the problems that trying an import found."""
    return folder_of(key) / "problems.jsonl"


def drop_staged(key: int) -> None:
    """Remove what was derived for an import."""
    shutil.rmtree(folder_of(key), ignore_errors=True)
