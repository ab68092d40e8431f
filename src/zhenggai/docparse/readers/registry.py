"""Which reader takes which kind of content.

Public surface: :data:`READERS`.  Our own readers are named in ``BUILT_IN`` and come through the same door as the
plug-ins that other packages register in the entry-point group ``zhenggai.readers``; all are imported only when a file
asks.  A plug-in that cannot be loaded or does not fit :class:`Reader` is refused; :meth:`Registry.refusals` names it
and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import entry_points

from zhenggai.docparse.readers.base import Reader

GROUP = "zhenggai.readers"
BUILT_IN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("zhenggai.docparse.readers.text:TextReader", ("txt",)),
    ("zhenggai.docparse.readers.delimited:DelimitedReader", ("csv",)),
    ("zhenggai.docparse.readers.web.reader:WebReader", ("html", "mht")),
    ("zhenggai.docparse.readers.word.reader:WordReader", ("docx",)),
    ("zhenggai.docparse.readers.sheets.reader:SheetReader", ("xlsx", "xlsb", "xls", "ods")),
    ("zhenggai.docparse.readers.pdf.reader:PdfReader", ("pdf",)),
    ("zhenggai.docparse.readers.convert:ConvertedReader", ("doc", "wps", "rtf", "odt", "wordml", "sheetml")),
)


class Registry:
    """Readers by the kind of content they take, loaded when first needed."""

    def __init__(self, built_in: Iterable[tuple[str, tuple[str, ...]]] = BUILT_IN, group: str = GROUP) -> None:
        """Name the *built_in* readers and the entry-point *group* of plug-ins."""
        self._built_in = {kind: target for target, kinds in built_in for kind in kinds}
        self._group = group
        self._plugins: dict[str, Reader] | None = None
        self._loaded: dict[str, Reader] = {}
        self._refusals: list[tuple[str, str]] = []

    def reader_for(self, kind: str) -> Reader | None:
        """Return the reader of *kind*: a plug-in where one asks for it, else our own, else None."""
        plugin = self.plugins().get(kind)
        if plugin is not None:
            return plugin
        target = self._built_in.get(kind)
        if target is None:
            return None
        if target not in self._loaded:
            module, _, name = target.partition(":")
            self._loaded[target] = getattr(import_module(module), name)()
        return self._loaded[target]

    def kinds(self) -> list[str]:
        """Return every kind that can be read."""
        return sorted({*self._built_in, *self.plugins()})

    def plugins(self) -> dict[str, Reader]:
        """Return the plug-ins that were accepted, by kind."""
        if self._plugins is None:
            self._plugins = {}
            for point in entry_points(group=self._group):
                try:
                    candidate = point.load()
                    self.register(candidate() if isinstance(candidate, type) else candidate, point.name)
                except Exception as error:  # noqa: BLE001 - a stranger's module may raise anything while loading
                    self._refusals.append((point.name, f"{type(error).__name__}: {error}"))
        return self._plugins

    def register(self, reader: object, name: str = "") -> bool:
        """Accept *reader* for its kinds, or refuse it and remember why; return whether it was accepted."""
        known = name or str(getattr(reader, "name", type(reader).__name__))
        reason = _misfit(reader)
        if reason or not isinstance(reader, Reader):
            self._refusals.append((known, reason))
            return False
        plugins = self.plugins()
        taken = [kind for kind in reader.kinds if kind in plugins]
        for kind in taken:
            self._refusals.append((known, f"kind {kind!r} is already taken by {plugins[kind].name!r}"))
        plugins.update((kind, reader) for kind in reader.kinds if kind not in taken)
        return len(taken) < len(reader.kinds)

    def refusals(self) -> list[tuple[str, str]]:
        """Return ``(name, reason)`` for every plug-in, or kind of one, that was refused."""
        self.plugins()
        return list(self._refusals)


def _misfit(reader: object) -> str:
    if not isinstance(getattr(reader, "name", None), str):
        return "no attribute name: str"
    kinds = getattr(reader, "kinds", None)
    if not isinstance(kinds, tuple) or not kinds or not all(isinstance(kind, str) for kind in kinds):
        return "no attribute kinds: tuple[str, ...]"
    return "" if callable(getattr(reader, "read", None)) else "no method read(source, limits)"


READERS = Registry()
