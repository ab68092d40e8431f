"""What the queries of this room answer with: frozen records that a page, a command or a workbook can show as they are.

Labels of statuses and kinds are lazy translations; codes are what the tables hold.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from zhenggai.findings.deadlines import is_understood
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Attachment, Finding, InspectionRound, Measure, ProgressEntry, Stage, Status
from zhenggai.findings.standing import Standing
from zhenggai.people.models import Unit

LATE_SHOWN = 20
"""Most late findings named on the overview."""
DUE_SOON_DAYS = 7
"""A finding that is due within so many days is shown as due soon."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of a text, marked or not."""

    text: str
    """The piece as it stands in the text."""
    marked: bool
    """True for what was searched for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose from: a value for a form or filter, and its words."""

    value: str
    """What the form sends."""
    label: str
    """What people read."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One finding as a row of the ledger."""

    id: int
    """Key of the finding."""
    stable_id: uuid.UUID
    """Key that stands in workbooks."""
    version: int
    """Version to send back with a change."""
    no: str
    """The number readers know it by."""
    title: str
    """Title without marks."""
    title_parts: tuple[TextPart, ...]
    """Title with the searched words marked."""
    snippet: tuple[TextPart, ...]
    """Passage with the searched words when the title does not hold them all; empty otherwise."""
    kind: str
    """Code of :class:`Finding.Kind`."""
    status: str
    """Code of :class:`Status`."""
    round_id: int
    """Key of the round."""
    round_name: str
    """Name of the round."""
    unit_id: int
    """Key of the unit that has the problem."""
    unit_name: str
    """Its short name."""
    aspect_id: int | None
    """Key of the aspect."""
    aspect_no: str
    """Number of the aspect, ``一``."""
    aspect_title: str
    """Title of the aspect."""
    parent_title: str
    """Heading between aspect and finding."""
    leader_id: int | None
    """Key of the leader 责任领导."""
    leader_name: str
    """The leader's name, or what the document says when nobody is matched."""
    department_id: int | None
    """Key of the leading department."""
    department_name: str
    """Its short name, or what the document says."""
    assist_names: str
    """Assisting departments, joined by ``、``."""
    owner_id: int | None
    """Key of the owner 责任人."""
    owner_name: str
    """The owner's name, or what the document says."""
    due_on: date | None
    """Deadline."""
    due_text: str
    """The deadline as written."""
    days_left: int | None
    """Days until the deadline, negative when past; None without a date or when completed."""
    measure_count: int
    """Measures on the record."""
    measures_completed: int
    """Those of them that are completed."""
    attachment_count: int
    """Attached files."""
    changed_at: datetime
    """Moment of the last change."""
    withdrawn_at: datetime | None
    """Set when taken off the ledger."""
    stage: str = Stage.REGISTERED
    """Code of :class:`~zhenggai.findings.models.Stage`."""
    standing: str = ""
    """Code of :class:`~zhenggai.findings.standing.Standing`, as of today."""

    @property
    def due_understood(self) -> bool:
        """False when words stand for the deadline that name neither a day nor anything known."""
        return is_understood(self.due_on, self.due_text)

    @property
    def overdue(self) -> bool:
        """True when the due date is past and the finding is not completed."""
        return self.days_left is not None and self.days_left < 0

    @property
    def due_soon(self) -> bool:
        """True when it is due within :data:`DUE_SOON_DAYS` days and not completed."""
        return self.days_left is not None and 0 <= self.days_left <= DUE_SOON_DAYS

    @property
    def shown_state(self) -> str:
        """Code of what the row shows: the standing where the loop runs, else what documents and the office say."""
        return self.status if self.stage == Stage.REGISTERED else str(self.standing)

    @property
    def shown_label(self) -> str:
        """The same in words."""
        return self.status_label if self.stage == Stage.REGISTERED else str(Standing(self.standing).label)

    @property
    def status_label(self) -> str:
        """Status in words."""
        return str(Status(self.status).label)

    @property
    def kind_label(self) -> str:
        """Kind in words."""
        return str(Finding.Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page of the ledger."""

    query: LedgerQuery
    """The question it answers."""
    rows: tuple[LedgerRow, ...]
    """Rows in the asked order."""
    total: int
    """Findings that match, on all pages."""
    first: int
    """Place of the first row among them, from 1; 0 on an empty page."""
    next_cursor: str
    """``after`` of the next page; empty on the last."""
    previous_cursor: str
    """``before`` of the previous page; empty on the first."""

    @property
    def last(self) -> int:
        """Place of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value a filter can take."""

    value: str
    """What the filter sends; ``0`` stands for “not given”."""
    label: str
    """What people read."""
    count: int
    """Findings with it under all the other filters."""
    chosen: bool
    """True when the query asks for it."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values."""

    name: str
    """Name of the parameter: ``status aspect department leader owner unit kind due``."""
    label: str
    """What people read."""
    options: tuple[FacetOption, ...]
    """Values in a sensible order; those with no findings are left out unless chosen."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a finding stands in a filtered list."""

    previous_id: int | None
    """Finding before it."""
    next_id: int | None
    """Finding behind it."""
    place: int
    """Its place from 1; 0 when the list does not hold it."""
    total: int
    """Length of the list."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in words."""

    field: str
    """Stable name of the field."""
    label: str
    """What people call it."""
    before: str
    """Words before; empty for nothing."""
    after: str
    """Words after."""

    @property
    def clears(self) -> bool:
        """True when something stood there and nothing does after."""
        return bool(self.before) and not self.after


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One act in the life of a finding."""

    sequence: int
    """Number of the entry in the trail."""
    at: datetime
    """When."""
    actor_name: str
    """Who."""
    code: str
    """Audit code."""
    sentence: str
    """What was done, as a whole sentence."""
    changes: tuple[FieldChange, ...]
    """Fields that changed."""
    object_id: str
    """Key of the finding or round concerned."""
    object_label: str
    """Its title at that time."""
    detail: str = ""
    """What was said with it: an opinion, a reason, the name of a piece of evidence."""


@dataclass(frozen=True, slots=True)
class PassagePart:
    """A piece of a source passage."""

    text: str
    """The words."""
    measure_id: int | None
    """Measure that was read from it."""
    start: int
    """Offset in the source text."""
    progress_id: int | None = None
    """Statement of progress that was read from it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The place of a source document that a finding was read from."""

    source_id: int
    """Key of the source."""
    source_name: str
    """Name of the document."""
    file_id: int
    """Key of the stored file."""
    start: int
    """Offset of the passage in the source text."""
    end: int
    """Offset behind it."""
    before: str
    """A little of what stands before."""
    parts: tuple[PassagePart, ...]
    """The passage, cut where measures begin and end."""
    after: str
    """A little of what stands behind."""


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Everything the page of one finding shows."""

    finding: Finding
    """The finding, with round, aspect, unit, leader, department, owner and source at hand."""
    last_day: date | None
    """The last day within the deadline: the next working day where it falls on a day off and runs on."""
    days_left: int | None
    """As in :class:`LedgerRow`."""
    assist_departments: tuple[Unit, ...]
    """Departments that assist."""
    measures: tuple[Measure, ...]
    """Measures in order, with leader, department and owner at hand; withdrawn ones left out."""
    progress_entries: tuple[ProgressEntry, ...]
    """Statements of progress, with their source at hand."""
    attachments: tuple[Attachment, ...]
    """Files beside it, with file and person at hand; withdrawn ones left out."""
    passages: tuple[Passage, ...]
    """Where it was read from: one passage for each document that speaks of it, the first document first."""
    history: tuple[HistoryItem, ...]
    """Acts, latest first."""
    missing: tuple[str, ...]
    """What is not settled yet, in words: 责任领导, 责任部门, 整改时限 …"""
    may_edit: bool
    """True when the viewer may change text and status."""
    may_assign: bool
    """True when the viewer may set who answers and until when."""
    may_attach: bool
    """True when the viewer may put files beside it."""

    @property
    def passage(self) -> Passage | None:
        """Where it was first read from; None when it was entered by hand."""
        return self.passages[0] if self.passages else None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings, by status, or by standing where the loop runs."""

    key: str
    """What is counted: an id, a status code or empty for “not given”."""
    label: str
    """What people read."""
    total: int
    """All of them."""
    by_status: dict[str, int]
    """Code → count, every status present; every standing where the loop runs."""
    overdue: int
    """Due date past and not completed."""

    @property
    def completed_percent(self) -> int:
        """Share of completed ones in whole percent, rounded down so that 100 means all."""
        return self.by_status[Status.COMPLETED] * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class MonthTally:
    """Deadlines of one month."""

    month: date
    """First day of the month."""
    completed: int
    """Completed findings that were due in it."""
    missed: int
    """Not completed, due date past."""
    ahead: int
    """Not completed, due date still to come."""


@dataclass(frozen=True, slots=True)
class DeclaredCount:
    """A count that the last document declares, beside what the record holds."""

    key: str
    """``findings aspects measures completed phased ongoing not_completed``."""
    label: str
    """What people read."""
    declared: int | float
    """What the document says."""
    counted: int
    """What the record holds."""

    @property
    def agrees(self) -> bool:
        """True when both are the same."""
        return self.declared == self.counted


@dataclass(frozen=True, slots=True)
class LateItem:
    """A finding whose due date is past, and who answers for it."""

    id: int
    """Key of the finding."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    status: str
    """Code of :class:`Status`."""
    leader_name: str
    """The leader's name, or what the document says when nobody is matched."""
    department_name: str
    """Short name of the leading department, or what the document says."""
    owner_name: str
    """The owner's name, or what the document says."""
    due_on: date
    """Deadline."""
    days_late: int
    """Days since."""

    @property
    def status_label(self) -> str:
        """Status in words."""
        return str(Status(self.status).label)


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of one round, or of everything the viewer may see."""

    round: InspectionRound | None
    """The round; None for all of them."""
    as_of: date
    """The day the deadlines were compared with."""
    by_standing: bool
    """True where the loop runs: tallies are by standing, otherwise by status."""
    totals: Tally
    """All findings."""
    due_soon: int
    """Due within :data:`DUE_SOON_DAYS` days and not completed."""
    undated: int
    """Not completed and without a due date."""
    unassigned: int
    """Without a leading department."""
    measure_total: int
    """Measures on the record."""
    measures_by_status: dict[str, int]
    """Status code → number of measures."""
    by_aspect: tuple[Tally, ...]
    """Aspects in order; findings without one last."""
    by_department: tuple[Tally, ...]
    """Leading departments by their order in the tree; findings without one last."""
    deadlines: tuple[MonthTally, ...]
    """Months in order, gaps filled."""
    declared: tuple[DeclaredCount, ...]
    """Declared counts beside those of the whole round, whoever looks; empty without a round."""
    whole_total: int
    """Findings of the whole round, of which ``totals.total`` are the viewer's to see; the same without a round."""
    late: tuple[LateItem, ...]
    """The findings that are late, the longest overdue first, at most :data:`LATE_SHOWN`; ``totals.overdue`` counts all."""
    latest: tuple[HistoryItem, ...]
    """The latest acts on the findings the viewer may see, latest first."""

    @property
    def is_partial(self) -> bool:
        """True when the viewer sees only part of the round."""
        return self.totals.total != self.whole_total


@dataclass(frozen=True, slots=True)
class AssignmentChoices:
    """Who and what a finding can be given to."""

    leaders: tuple[Choice, ...]
    """Who leads by post; everybody when nobody does."""
    owners: tuple[Choice, ...]
    """People."""
    departments: tuple[Choice, ...]
    """Departments and grass-roots units."""
    statuses: tuple[Choice, ...]
    """Statuses."""
