"""Declared knowledge, almost no code: time limits, levels, names and schemes that differ by place and year.

``common/`` holds what any public body needs.  Nothing here is imported for its behaviour: files are read by
:func:`read_shipped`, and the rooms that use them check what they say.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml


def read_shipped(name: str) -> Any:
    """Return what the shipped YAML file *name*, e.g. ``common/policy.yaml``, says, as plain values."""
    return yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))
