"""The project's own source, as the tests of the house look at it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import zhenggai
from zhenggai.kit.errors import ZhenggaiError

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zhenggai"

# From the top floor down, as in .importlinter; rooms on one floor may not know each other.
FLOORS = (
    ("project",),
    ("web",),
    ("commands",),
    ("demo",),
    ("desk", "portal"),
    ("answers",),
    ("notices",),
    ("reports",),
    ("watch",),
    ("oversight", "outcomes", "referrals"),
    ("intake", "workflow", "registers"),
    ("findings",),
    ("ledgers",),
    ("policy", "notifications"),
    ("files", "people"),
    ("audit",),
    ("packs", "gongwen"),
    ("docparse", "figures", "render", "likeness", "rulesql"),
    ("kit",),
)


@cache
def committed_files() -> tuple[Path, ...]:
    """Return the files that a clone has or, without git, those of the source folders."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return tuple(ROOT / name for name in names if (ROOT / name).is_file())
    folders = ("src", "tests", "docs", "scripts", "benchmarks")
    return tuple(path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())


def modules() -> Iterator[Path]:
    """Yield every module of the package except migrations."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def module_name(path: Path) -> str:
    """Return the dotted name of the module at *path*."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def all_errors() -> tuple[type[ZhenggaiError], ...]:
    """Return every error class of the package, after importing all of it."""
    for module in pkgutil.walk_packages(zhenggai.__path__, "zhenggai."):
        if ".migrations" not in module.name and not module.name.endswith(("__main__", ".wsgi")):
            importlib.import_module(module.name)
    found: list[type[ZhenggaiError]] = []
    waiting = [ZhenggaiError]
    while waiting:
        cls = waiting.pop()
        # Tests may declare errors of their own.
        if cls not in found and cls.__module__.startswith("zhenggai."):
            found.append(cls)
        waiting.extend(cls.__subclasses__())
    return tuple(sorted(found, key=lambda cls: (cls.code, cls.__name__)))
