"""The draft under correction as plain JSON: the published form plus keys, and how pieces are found in it. No database.

Each aspect, finding and measure bears a ``key`` (``a1 f1 m1``) that stays while the piece does. A finding names its
aspect by key in ``aspect``; the published ``aspect_index`` is written anew after every correction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from zhenggai.docparse.document import Note
from zhenggai.docparse.draft import Draft as ReadDraft
from zhenggai.docparse.draft import draft_to_json, notes_to_json
from zhenggai.intake.errors import BadCorrection, NoSuchPiece

Json = dict[str, Any]
FACTS = ("unit", "inspecting_body", "inspection_start", "inspection_end", "feedback_date", "document_date", "as_of")
COUNTS = ("aspects", "findings", "completed", "phased", "ongoing", "not_completed", "measures", "rate_percent")
RESPONSIBILITY = ("leader", "department", "person", "unit", "support", "supervisor")
STATUSES = ("completed", "phased", "ongoing", "not_completed")
EDITED = ("family", *FACTS, "counts", "aspects", "findings", "keys")
"""What corrections change; anomalies and spans of facts stay as read."""
LONGEST_TITLE, LONGEST_NO = 500, 20


def draft_of(read: ReadDraft, notes: Iterable[Note] = ()) -> Json:
    """Return what the reader understood, and noticed about the file, in the form that is corrected."""
    draft = draft_to_json(read)
    draft["notes"] = notes_to_json(notes)
    draft["fact_spans"] = {name: list(span) for name, span in read.fact_spans.items()}
    draft["keys"] = {"a": 0, "f": 0, "m": 0}
    aspects: list[Json] = draft["aspects"]
    for aspect in aspects:
        aspect["key"] = new_key(draft, "a")
    for finding in draft["findings"]:
        finding["key"] = new_key(draft, "f")
        finding.setdefault("title", "")  # the published form leaves out what is empty; a person has to fill it in
        index = finding.get("aspect_index")
        finding["aspect"] = aspects[index]["key"] if index is not None and index < len(aspects) else ""
        for measure in finding["measures"]:
            measure["key"] = new_key(draft, "m")
    return draft


def edited_part(draft: Json) -> Json:
    """Return what an undo has to bring back."""
    return {name: draft[name] for name in EDITED if name in draft}


def with_edited_part(draft: Json, part: Json) -> Json:
    """Return the draft with that part put back."""
    return {name: value for name, value in draft.items() if name not in EDITED} | part


def new_key(draft: Json, kind: str) -> str:
    """Return a key that no piece of the draft has had."""
    draft["keys"][kind] += 1
    return f"{kind}{draft['keys'][kind]}"


def renumber(draft: Json) -> None:
    """Write ``aspect_index`` anew, and set the findings in the order of their aspects."""
    places = {aspect["key"]: index for index, aspect in enumerate(draft["aspects"])}
    last = len(places)
    draft["findings"].sort(key=lambda finding: places.get(finding["aspect"], last))
    for finding in draft["findings"]:
        index = places.get(finding["aspect"])
        if index is None:
            finding["aspect"] = ""
            finding.pop("aspect_index", None)
        else:
            finding["aspect_index"] = index


def finding_of(draft: Json, key: str) -> Json:
    """Return the finding with that key.

    Raises:
        NoSuchPiece: there is none.
    """
    return _piece(draft["findings"], key)


def aspect_of(draft: Json, key: str) -> Json:
    """Return the aspect with that key.

    Raises:
        NoSuchPiece: there is none.
    """
    return _piece(draft["aspects"], key)


def _piece(pieces: list[Json], key: str) -> Json:
    for piece in pieces:
        if piece["key"] == key:
            return piece
    raise NoSuchPiece(key=key)


def measure_of(draft: Json, key: str) -> tuple[Json, Json]:
    """Return the finding that holds the measure with that key, and the measure.

    Raises:
        NoSuchPiece: there is none.
    """
    for finding in draft["findings"]:
        for measure in finding["measures"]:
            if measure["key"] == key:
                return finding, measure
    raise NoSuchPiece(key=key)


def findings_in(draft: Json, aspect_key: str) -> list[Json]:
    """Return the findings of an aspect in order; of none for an empty key."""
    return [finding for finding in draft["findings"] if finding["aspect"] == aspect_key]


def place_finding(draft: Json, finding: Json, aspect_key: str, position: int) -> None:
    """Put a finding, not in the draft or taken out of it, at a position (from 0) of an aspect."""
    if aspect_key:
        aspect_of(draft, aspect_key)
    finding["aspect"] = aspect_key
    beside = findings_in(draft, aspect_key)
    findings: list[Json] = draft["findings"]
    if 0 <= position < len(beside):
        findings.insert(findings.index(beside[position]), finding)
    else:
        findings.append(finding)
    renumber(draft)


def require_text(key: str, text: str, longest: int = 0, *, what: str) -> str:
    """Return *text* trimmed.

    Raises:
        BadCorrection: nothing is left, or too much.
    """
    text = text.strip()
    if not text:
        raise BadCorrection(key=key, reason=_("%(what)s不能为空") % {"what": what})
    if longest and len(text) > longest:
        raise BadCorrection(key=key, reason=_("%(what)s超过 %(longest)s 个字") % {"what": what, "longest": longest})
    return text


def put_or_drop(piece: Json, name: str, value: str) -> None:
    """Write a text, or take it out when it is empty: absent means that the document does not say."""
    if value:
        piece[name] = value
    else:
        piece.pop(name, None)


def counted(draft: Json) -> dict[str, int]:
    """Return what the draft holds, under the names of declared counts."""
    findings: list[Json] = draft["findings"]
    found = {
        "aspects": len(draft["aspects"]),
        "findings": len(findings),
        "measures": sum(len(finding["measures"]) for finding in findings),
    }
    for status in STATUSES:
        found[status] = sum(finding.get("status") == status for finding in findings)
    return found


def problems_of(draft: Json) -> Iterable[str]:
    """Yield in whole phrases what keeps the draft from becoming the record."""
    if not draft["findings"]:
        yield _("草稿中没有任何问题")
    for number, finding in enumerate(draft["findings"], start=1):
        slots = {"no": finding.get("no") or number, "longest": LONGEST_TITLE}
        if not finding["title"].strip():
            yield _("第 %(no)s 个问题没有标题") % slots
        elif len(finding["title"]) > LONGEST_TITLE:
            yield _("第 %(no)s 个问题的标题超过 %(longest)s 个字") % slots
        if any(not measure["text"].strip() for measure in finding["measures"]):
            yield _("第 %(no)s 个问题有措施没有内容") % slots
    for number, aspect in enumerate(draft["aspects"], start=1):
        if not aspect["title"].strip():
            yield _("第 %(no)s 个方面没有标题") % {"no": number}
