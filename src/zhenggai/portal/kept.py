"""Finished pages, kept by each process for as long as they say the same: a publication never changes.

What a page says is named by its key; who builds the key puts into it everything that could change the page.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
MOST_BYTES = 24 * 1024 * 1024
"""What one process keeps at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished page."""

    body: bytes
    """Its bytes."""
    packed: bytes
    """The same, gzipped."""
    etag: str
    """Its hash, quoted as the header wants it."""

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.body) + len(self.packed)


class Pages:
    """The pages looked at last."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        """Keep nothing yet, and never more than *most* bytes."""
        self._most, self._size = most, 0
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, build: Callable[[], str]) -> Kept:
        """Return the page *key*, built when it is not kept."""
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
                return found
        made = finish(build())
        with self._lock:
            if key not in self._pages and made.size <= self._most // 4:
                self._pages[key] = made
                self._size += made.size
                while self._size > self._most:
                    _oldest, dropped = self._pages.popitem(last=False)
                    self._size -= dropped.size
        return made

    def clear(self) -> None:
        """Forget all pages."""
        with self._lock:
            self._pages.clear()
            self._size = 0


def finish(text: str) -> Kept:
    """Return *text* ready to be sent."""
    body = text.encode("utf-8", "replace")
    return Kept(body, gzip.compress(body, 5, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:32]}"')


PAGES = Pages()
"""Those of this process."""
SEARCHES = Pages(MOST_BYTES // 6)
"""What was searched for, kept apart so that odd searches push no page out."""


class Remembered(Generic[T]):
    """Something that every page asks and that changes seldom, asked again after a moment."""

    def __init__(self, ask: Callable[[], T], seconds: float = 2.0) -> None:
        """Remember nothing yet."""
        self._ask, self.seconds = ask, seconds
        self._known: tuple[float, T] | None = None

    def __call__(self) -> T:
        """Return what was told a moment ago, or ask."""
        known, now = self._known, time.monotonic()
        if known is not None and now - known[0] < self.seconds:
            return known[1]
        told = self._ask()
        self._known = (now, told)
        return told

    def forget(self) -> None:
        """Ask at the next call."""
        self._known = None
