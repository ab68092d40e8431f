"""Reading strangers' files in a process of its own, with bounds on memory, processor time and the clock.

The child gets a path and limits, nothing of the parent's environment, and answers with plain values only: an unpickler
that knows no classes but those of documents and drafts takes them in.  Whatever happens to the child arrives as a typed
error.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhenggai.docparse import document as document_module
from zhenggai.docparse import draft as draft_module
from zhenggai.docparse.child import begin, finish, run_child
from zhenggai.docparse.document import Document
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.errors import (
    ReadingCrashed,
    ReadingOutOfMemory,
    UnreadableFile,
    clean_name,
    error_from,
)
from zhenggai.docparse.readers.limits import DEFAULT, Limits
from zhenggai.docparse.reading import load, read_document
from zhenggai.docparse.understand import understand

_ALLOWED = {
    (module.__name__, name): getattr(module, name)
    for module, names in (
        (document_module, ("Block", "Cell", "Document", "Note", "Place", "Table")),
        (
            draft_module,
            ("Anomaly", "Decision", "Draft", "DraftAspect", "DraftFinding", "DraftMeasure", "DraftResponsibility"),
        ),
    )
    for name in names
}


def read_document_isolated(path: Path | str, limits: Limits = DEFAULT, *, name: str = "") -> Document:
    """Return what the file at *path* says, read in a separate process.

    Args:
        path: the file.
        limits: bounds, of which ``memory_bytes``, ``cpu_seconds`` and ``wall_seconds`` hold for the process.
        name: the name people know the file by; the path's own by default.

    Raises:
        UnreadableFile: as :func:`zhenggai.docparse.reading.read_document` does, and ``ReadingTimedOut``,
            ``ReadingOutOfMemory`` or ``ReadingCrashed`` for what befell the process.
    """
    document, _ = _ask(Path(path), limits, name, wants_draft=False, explain=False)
    return document


def read_draft_isolated(
    path: Path | str, limits: Limits = DEFAULT, *, name: str = "", explain: bool = False
) -> tuple[Document, Draft]:
    """Return what the file at *path* says and what it means, both found in a separate process.

    Raises:
        UnreadableFile: as :func:`read_document_isolated`.
    """
    document, draft = _ask(Path(path), limits, name, wants_draft=True, explain=explain)
    if draft is None:
        raise ReadingCrashed(name=name or Path(path).name, reason="没有返回草稿")
    return document, draft


def _ask(path: Path, limits: Limits, name: str, *, wants_draft: bool, explain: bool) -> tuple[Document, Draft | None]:
    shown = clean_name(name or path.name)
    load(
        path, shown, limits, most=1
    )  # refuses what is missing, no file, empty or too large before a process is started
    request = {
        "path": str(path.resolve()), "name": shown, "limits": asdict(limits), "draft": wants_draft, "explain": explain,
    }  # fmt: skip
    payload = run_child(__name__, request, limits, shown)
    try:
        kind, *values = _Unpickler(io.BytesIO(payload)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, IndexError) as error:
        raise ReadingCrashed(name=shown, reason="返回的结果不完整") from error
    if kind == "error":
        code, slots = values
        raise error_from(str(code), {str(key): value for key, value in slots.items()})
    document, draft = values
    if not isinstance(document, Document):
        raise ReadingCrashed(name=shown, reason="返回的结果不完整")
    return document, draft


class _Unpickler(pickle.Unpickler):
    """Takes in documents and drafts and nothing else: the child read hostile bytes and is not trusted."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not expected here") from None


def serve() -> None:
    """Answer one request: JSON on standard input, a pickled tuple on standard output. Runs in the child only."""
    request, limits, out = begin()
    try:
        document = read_document(Path(request["path"]), name=request["name"], limits=limits)
        draft = understand(document, explain=request["explain"]) if request["draft"] else None
        answer: tuple[Any, ...] = ("result", document, draft)
    except UnreadableFile as error:
        answer = ("error", error.code, {key: str(value) for key, value in error.slots.items()})
    except MemoryError:
        answer = ("error", ReadingOutOfMemory.code, {"name": request["name"]})
    try:
        payload = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        payload = pickle.dumps(("error", ReadingOutOfMemory.code, {"name": request["name"]}))
    finish(out, payload)
