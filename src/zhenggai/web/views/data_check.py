"""数据核对: the figures of any text or file held against each other; nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from zhenggai.docparse.errors import TooLarge
from zhenggai.docparse.isolated import read_document_isolated
from zhenggai.figures import KINDS, Claim, Report, Verdict, check
from zhenggai.kit.errors import Explanation
from zhenggai.kit.text import printable
from zhenggai.render.comments import Note, annotate_docx, annotate_text
from zhenggai.web.errors import MissingField, is_htmx, wants_json
from zhenggai.web.pages import download, fragment, page
from zhenggai.web.reading import attempt

MOST_BYTES = 10 * 1024 * 1024
MOST_SIGNS = 400_000
LIVE_SIGNS = 20_000
"""Up to how many signs a text is checked while it is being typed: about a second of arithmetic."""
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ORDER = (Verdict.CONTRADICTORY, Verdict.TRUNCATED, Verdict.UNCHECKABLE, Verdict.CONSISTENT)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text."""

    text: str
    """Its characters."""
    quantity: bool = False
    """Whether it is a figure."""
    verdict: str = ""
    """What arithmetic says of it."""
    claim: int = 0
    """Number of the claim it belongs to; 0 for none."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A text, checked."""

    name: str
    """Name of the file; empty for a pasted text."""
    lines: list[list[Piece]]
    """Its lines, cut where figures stand."""
    claims: list[tuple[int, Claim, str]]
    """Number, claim and relation in words, the wrong ones first."""
    counts: dict[str, int]
    """Verdict → how many."""
    quantities: int
    """How many figures were read."""


def data_check(request: HttpRequest) -> HttpResponse:
    """Take a text or a file and say which figures in it do not hold; while somebody types, only what is found."""
    if request.method != "POST":
        return _whole(request)
    if is_htmx(request):
        return _while_typing(request)
    given = request.POST.get("text", "")
    read, error, status = attempt(request, lambda: _read(request))
    if read is None:
        return _whole(request, text=given, error=error, status=status)
    name, text, _content = read
    report = check(text)
    if wants_json(request):
        return JsonResponse(report.as_dict())
    return _whole(request, it=_checked(name, text, report), text="" if name else text)


def _whole(
    request: HttpRequest,
    *,
    it: Checked | None = None,
    text: str = "",
    error: Explanation | None = None,
    status: int = 200,
) -> HttpResponse:
    return page(request, "tools/figures.html", status, it=it, text=text, error=error, long=0, live=False)


def _while_typing(request: HttpRequest) -> HttpResponse:
    it, error, status, long = None, None, 200, 0
    text = request.POST.get("text", "")
    if len(text) > LIVE_SIGNS:
        long = LIVE_SIGNS
    elif text.strip():
        read, error, status = attempt(request, lambda: _read_text(request))
        it = _checked("", read, check(read)) if read is not None else None
    return fragment(request, "tools/_figures.html", status, it=it, error=error, long=long, live=True)


def annotated(request: HttpRequest) -> HttpResponse:
    """Hand out a Word copy with a comment at each place that does not hold."""
    name, text, content = _read(request)
    notes = _notes(text, check(text))
    if content is not None and name.lower().endswith(".docx"):
        written, _placed = annotate_docx(content, notes, author=_("数据核对"), name=name)
    else:
        written, _placed = annotate_text(text, notes, author=_("数据核对"))
    stem = name.rpartition(".")[0] or _("核对文本")
    return download(written, f"{stem}（{_('数据核对批注')}）.docx", DOCX)


def _read(request: HttpRequest) -> tuple[str, str, bytes | None]:
    """Return name, text and bytes of what was handed in.

    Raises:
        MissingField: neither a text nor a file.
        BadFile: it cannot be read.
    """
    upload = request.FILES.get("file")
    return ("", _read_text(request), None) if upload is None else _read_file(upload)


def _read_text(request: HttpRequest) -> str:
    text = printable(request.POST.get("text", ""))
    if not text.strip():
        raise MissingField(label=_("文本或文件"))
    if len(text) > MOST_SIGNS:
        raise TooLarge(name=_("文本"), size=_("%(n)s 字") % {"n": len(text)}, limit=_("%(n)s 字") % {"n": MOST_SIGNS})
    return text


def _read_file(upload: UploadedFile[bytes]) -> tuple[str, str, bytes]:
    name, size = upload.name or "", upload.size or 0
    if size > MOST_BYTES:
        raise TooLarge(name=name, size=f"{size / 1024 / 1024:.1f} MB", limit="10.0 MB")
    content = upload.read()
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=Path(name).suffix[:8]) as kept:
        kept.write(content)
        kept.flush()
        document = read_document_isolated(kept.name, name=name)
    return name, document.text[:MOST_SIGNS], content


def _checked(name: str, text: str, report: Report) -> Checked:
    ordered = sorted(enumerate(report.claims), key=lambda each: (ORDER.index(each[1].verdict), each[0]))
    numbered = [(number, claim) for number, (_place, claim) in enumerate(ordered, start=1)]
    counts = {verdict.value: len(report.of(verdict)) for verdict in ORDER}
    claims = [(number, claim, KINDS.get(claim.kind, claim.kind)) for number, claim in numbered]
    return Checked(name, _lines(text, report, numbered), claims, counts, len(report.quantities))


def _lines(text: str, report: Report, numbered: list[tuple[int, Claim]]) -> list[list[Piece]]:
    marks: list[tuple[int, int, str, int]] = [(*each.span, "", 0) for each in report.quantities]
    for number, claim in numbered:
        for span in claim.operands or (claim.span,):
            marks.append((*span, claim.verdict.value, number))
    borders = {0, len(text), *(place for mark in marks for place in mark[:2])}
    borders |= {place for place, sign in enumerate(text) if sign == "\n"}
    borders |= {place + 1 for place, sign in enumerate(text) if sign == "\n"}
    ordered = sorted(borders)
    opened = sorted(marks)
    lines: list[list[Piece]] = [[]]
    live: list[tuple[int, int, str, int]] = []
    first = 0
    for start, end in pairwise(ordered):
        while first < len(opened) and opened[first][0] <= start:
            live.append(opened[first])
            first += 1
        live = [mark for mark in live if mark[1] > start]
        if text[start:end] == "\n":
            lines.append([])
            continue
        over = [mark for mark in live if mark[0] <= start and end <= mark[1]]
        judged = sorted((mark for mark in over if mark[2]), key=lambda mark: (ORDER.index(Verdict(mark[2])), mark[3]))
        best = judged[0] if judged else None
        lines[-1].append(
            Piece(text[start:end], any(not mark[2] for mark in over), best[2] if best else "", best[3] if best else 0)
        )
    return [line for line in lines if any(piece.text.strip() for piece in line)]


def _notes(text: str, report: Report) -> list[Note]:
    words = {Verdict.CONTRADICTORY: _("数字矛盾"), Verdict.TRUNCATED: _("截断取数")}
    found = []
    for claim in report.claims:
        if claim.verdict not in words:
            continue
        start, end = claim.operands[-1] if claim.operands else claim.span
        line = text[text.rfind("\n", 0, start) + 1 :].split("\n", 1)[0]
        told = _("%(kind)s：%(reason)s") % {"kind": words[claim.verdict], "reason": claim.reason}
        found.append(Note(text[start:end].split("\n")[0], told, line))
    return found
