"""What the queries of this room answer with.

The draft as a tree to check, and proposals for matching it to the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure of the draft."""

    key: str
    """Stable inside the draft, ``m12``."""
    text: str
    """The measure in full."""
    leader: str
    """责任领导 as written."""
    department: str
    """责任部门 as written."""
    person: str
    """责任人 as written."""
    deadline: str
    """As written or as ISO date."""
    span: Span | None
    """Where it stands in the source; None when a person added it."""


@dataclass(frozen=True, slots=True)
class ResponsibilityView:
    """Who answers for a finding, as written; empty where the document does not say."""

    leader: str
    """责任领导."""
    department: str
    """责任部门."""
    person: str
    """责任人."""
    unit: str
    """责任单位."""
    support: str
    """配合部门."""
    supervisor: str
    """督办."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding of the draft."""

    key: str
    """Stable inside the draft, ``f3``."""
    no: str
    """The number a reader sees."""
    title: str
    """Title; empty must be mended before confirming."""
    description: str
    """Detail of the problem."""
    aspect_key: str
    """Aspect it belongs to; empty for none."""
    parent_no: str
    """Number of the heading between."""
    parent_title: str
    """That heading."""
    status: str
    """``completed phased ongoing not_completed`` or empty."""
    status_text: str
    """Words the status was read from."""
    deadline: str
    """As written or as ISO date."""
    target: str
    """完成标准."""
    responsibility: ResponsibilityView
    """Who answers for it."""
    measures: tuple[MeasureView, ...]
    """Measures in order."""
    progress: tuple[str, ...]
    """Statements of progress."""
    span: Span | None
    """Where it stands in the source; None when a person added it."""
    anomalies: tuple[int, ...]
    """Indices of the anomalies whose place lies inside the span."""


@dataclass(frozen=True, slots=True)
class AspectView:
    """One aspect of the draft, or the group of findings without one (``key`` empty)."""

    key: str
    """Stable inside the draft, ``a1``."""
    no: str
    """Number, ``一``."""
    title: str
    """Title."""
    span: Span | None
    """Where the heading stands."""
    findings: tuple[FindingView, ...]
    """Its findings in order."""


@dataclass(frozen=True, slots=True)
class AnomalyView:
    """Damage or contradiction in the source."""

    index: int
    """Place in the list."""
    kind: str
    """Stable identifier."""
    text: str
    """The words concerned."""
    hint: str
    """What to check."""
    span: Span
    """Where."""
    line: int
    """Line of the source text, from 1."""


@dataclass(frozen=True, slots=True)
class NoteView:
    """What the reader noticed about the file itself: macros, hidden sheets, pages that are damaged …"""

    kind: str
    """Stable identifier."""
    text: str
    """What was noticed."""
    hint: str
    """What to check or do; empty when there is nothing to do."""


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact or declared count of the draft."""

    name: str
    """``unit inspecting_body … counts.findings``."""
    label: str
    """What people read."""
    value: str
    """The value as text, empty when the document does not say."""
    counted: int | None
    """For declared counts: what the draft holds now; None for facts."""

    @property
    def differs(self) -> bool:
        """True when a declared count and the draft do not agree."""
        return bool(self.value) and self.counted is not None and float(self.value) != self.counted


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One correction already made."""

    version: int
    """Draft version after it."""
    label: str
    """What was done, in words."""
    by: str
    """Who."""
    at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as the check page shows it."""

    version: int
    """``draft_version`` to send back with each correction."""
    family: str
    """Kind of paper."""
    facts: tuple[FactView, ...]
    """Facts and declared counts."""
    aspects: tuple[AspectView, ...]
    """Aspects in order; findings without aspect stand in a last group whose key is empty."""
    anomalies: tuple[AnomalyView, ...]
    """Anomalies in order of place."""
    notes: tuple[NoteView, ...]
    """What the reader noticed about the file; what asks for something comes first."""
    finding_count: int
    """Findings in the draft."""
    measure_count: int
    """Measures in the draft."""
    changes: tuple[ChangeView, ...]
    """Corrections in force, latest first."""
    undo_label: str
    """What an undo would take back; empty when there is nothing."""
    redo_label: str
    """What a redo would bring again; empty when there is nothing."""
    problems: tuple[str, ...]
    """What must be mended before confirming, in whole sentences; empty when ready."""


class MatchKind(StrEnum):
    """What becomes of a finding when the import is confirmed."""

    UPDATE = "update"
    NEW = "new"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of a matched finding that the document would change."""

    field: str
    """Stable name."""
    label: str
    """What people read."""
    before: str
    """On the record."""
    after: str
    """After confirming; what the document says when the ledger keeps its own wording."""
    written: bool = True
    """False when the ledger keeps its own wording."""


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal for one finding of the draft, or for one of the record that the draft does not mention."""

    kind: MatchKind
    """What would happen."""
    key: str
    """Finding of the draft; empty when missing."""
    title: str
    """Title in the draft; empty when missing."""
    finding_id: int | None
    """Finding of the record; None when new or skipped."""
    finding_title: str
    """Its title."""
    finding_no: str
    """Its number."""
    score: int
    """Likeness from 0 to 100; 100 when a person linked it."""
    chosen: bool
    """True when a person decided."""
    differences: tuple[FieldDifference, ...]
    """What would change."""


@dataclass(frozen=True, slots=True)
class ConfirmResult:
    """What confirming an import wrote."""

    round_id: int
    """The round it now belongs to."""
    source_id: int
    """The kept source."""
    created: int
    """New findings."""
    updated: int
    """Findings changed."""
    unchanged: int
    """Findings that already said the same."""
    skipped: int
    """Findings left out by decision."""
    measures: int
    """Measures written."""
    unmatched: tuple[str, ...]
    """Names of people and departments that nobody in the record answers to, each once."""
