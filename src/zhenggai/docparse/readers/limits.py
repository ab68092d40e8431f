"""How much one file may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass

MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one reading. What goes beyond is refused with an error that names the bound."""

    max_bytes: int = 100 * MEBI
    """Size of the file, checked before it is read."""
    max_entries: int = 10_000
    """Members of a zip container."""
    max_unpacked: int = 600 * MEBI
    """All members of a zip container unpacked."""
    max_part: int = 128 * MEBI
    """One XML part unpacked."""
    max_ratio: int = 400
    """Unpacked size over packed size of a container or member larger than 32 MiB; Excel's own grids reach 100."""
    max_characters: int = 20_000_000
    """Characters of ``Document.text``."""
    max_cells: int = 600_000
    """Filled cells of all tables together."""
    max_area: int = 20_000_000
    """Cells of the rectangle that holds one worksheet's filled cells."""
    max_pages: int = 3_000
    """Pages of a PDF."""
    max_table_depth: int = 40
    """Tables within tables."""
    convert_seconds: float = 90.0
    """Wall clock for LibreOffice."""
    wall_seconds: float = 120.0
    """Wall clock for a reading in a separate process."""
    cpu_seconds: int = 100
    """Processor time for a reading in a separate process."""
    memory_bytes: int = 2048 * MEBI
    """Address space for a reading in a separate process."""


DEFAULT = Limits()


def human_size(size: int) -> str:
    """Return *size* bytes in words, e.g. ``300.0 MB``."""
    return f"{size / MEBI:.1f} MB" if size >= MEBI else f"{size / 1024:.1f} KB"
