"""What ledgers keep: rows in versions, snapshots with corrections, and who may read what is closed to others.

A ledger itself is no row here: it is declared in a pack and known by its code (:mod:`zhenggai.ledgers.declared`).
Only ``ledgers/actions`` writes; a version is never changed, but for the moment at which the next one took its place.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.files.models import StoredFile
from zhenggai.people.models import Unit, User

CODE_LENGTH = 48
KEY_LENGTH = 300


class LedgerState(models.Model):
    """What is known of a ledger's rows as a whole.

    Every act that writes rows of the ledger locks this first, so that the ids of versions follow the order of commits:
    a reader who knows all versions up to an id has missed none.
    """

    ledger = models.CharField(max_length=CODE_LENGTH, unique=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    """Of the fields that the rows conform to; empty before the first row."""
    fields = models.JSONField(default=dict, blank=True)
    """Those fields: code → what matters for rows, see :func:`zhenggai.ledgers.declared.shape_of`."""
    conformed_at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list, blank=True)
    """Values that could not be converted when the declaration changed: row, field, value and reason."""


class Batch(models.Model):
    """Many versions written by one act, to be taken back together: a bulk change, an import, a migration."""

    class Kind(models.TextChoices):
        BULK = "bulk", _("批量修改")
        IMPORT = "import", _("导入")
        MIGRATION = "migration", _("格式转换")
        UNDO = "undo", _("撤销")
        DRAW = "draw", _("抽取")

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_batches")
    """Whose rows; empty when those of several bodies."""
    kind = models.CharField(max_length=20, choices=Kind.choices)
    label = models.CharField(max_length=200)
    """What was done, in words: the file's name, the fields changed."""
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_batches")
    """Empty when the system or the operator did."""
    made_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    """How many versions it wrote."""
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="undone_batches")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["ledger", "-id"], name="batch_of_ledger")]

    def __str__(self) -> str:
        return self.label


class Row(models.Model):
    """One row of a ledger that is kept by hand. What it says stands in its versions."""

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ledger_rows")
    """The body that keeps it."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rows_about")
    """The unit it is about; the body where the ledger has no such field."""
    key = models.CharField(max_length=KEY_LENGTH, blank=True)
    """The key fields as text; empty where the ledger declares none."""
    title = models.CharField(max_length=KEY_LENGTH, blank=True)
    """What stands for it in links."""
    search = models.TextField(blank=True)
    """The normal form of its words, personal data left out."""
    search_personal = models.TextField(blank=True)
    """The normal form of its personal data."""
    revision = models.PositiveIntegerField(default=1)
    """Of the version that holds; a form carries it, so that two people cannot overwrite each other unnoticed."""
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ledger", "body", "id"], name="row_of_ledger"),
            models.Index(fields=["ledger", "key"], name="row_by_key"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["ledger", "body", "key"],
                condition=models.Q(withdrawn_at__isnull=True) & ~models.Q(key=""),
                name="row_key_once_in_ledger",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key or str(self.pk)


class Origin(models.TextChoices):
    """By what way a version came."""

    FORM = "form", _("填写")
    BULK = "bulk", _("批量修改")
    IMPORT = "import", _("导入")
    MIGRATION = "migration", _("格式转换")
    UNDO = "undo", _("撤销")
    SYSTEM = "system", _("系统登记")
    DRAW = "draw", _("抽取")


class RowVersion(models.Model):
    """What a row said from one moment to another. Withdrawing is a version too."""

    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="versions")
    ledger = models.CharField(max_length=CODE_LENGTH)
    """The row's, so that all versions of a ledger are found by index."""
    revision = models.PositiveIntegerField()
    data = models.JSONField()
    """Field code → stored value, see :mod:`zhenggai.ledgers.values`; empty fields are left out."""
    withdrawn = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    """When the next version took its place; empty for the one that holds."""
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="row_versions")
    """Empty when the system or the operator did."""
    origin = models.CharField(max_length=20, choices=Origin.choices)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="versions")
    act = models.UUIDField()
    """The act that wrote it; tells a version from one of the same id that was undone with its transaction."""
    fingerprint = models.CharField(max_length=64, blank=True)
    """Of the declaration it was entered under."""
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["row", "revision"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ledger", "id"], name="version_of_ledger"),
            models.Index(fields=["ledger", "valid_from"], name="version_by_moment"),
            models.Index(fields=["batch", "id"], name="version_of_batch"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["row", "revision"], name="row_revision_once"),
            models.UniqueConstraint(
                fields=["row"], condition=models.Q(valid_to__isnull=True), name="one_version_holds"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="version_ends_after_it_began",
            ),
        ]


class UniqueValue(models.Model):
    """A value that no other row of the body may have in that field: the database's own hold on ``unique``."""

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=CODE_LENGTH)
    value = models.CharField(max_length=KEY_LENGTH)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="unique_values")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ledger", "body", "field", "value"], name="value_once_in_ledger"),
        ]


class Snapshot(models.Model):
    """All rows of a ledger that was imported whole, as one file below ``ZHENGGAI_HOME``."""

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ledger_snapshots")
    path = models.CharField(max_length=300)
    """Of the Parquet file, below the data folder."""
    rows = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    taken_on = models.DateField()
    """The day whose state it shows."""
    created_at = models.DateTimeField()
    """When it came in; it holds from then until the next one or until it is undone."""
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_snapshots")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="snapshots")
    fingerprint = models.CharField(max_length=64, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ledger", "body", "-id"], name="snapshot_of_ledger"),
        ]


class Overlay(models.Model):
    """A correction of a snapshot's row, in versions like a row's."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="overlays")
    row_id = models.CharField(max_length=KEY_LENGTH)
    """The snapshot's row, as the file names it."""
    revision = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    """Field code → stored value; ``null`` empties a field. Fields not named are as in the file."""
    withdrawn = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="overlays")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["snapshot", "row_id", "revision"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["snapshot", "row_id", "revision"], name="overlay_revision_once"),
            models.UniqueConstraint(
                fields=["snapshot", "row_id"], condition=models.Q(valid_to__isnull=True), name="one_overlay_holds"
            ),
        ]


class Attachment(models.Model):
    """A file put beside a row."""

    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="ledger_attachments")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    attached_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ledger_attachments")
    attached_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]


class SavedView(models.Model):
    """A named set of filters, order and columns of a ledger that a person keeps."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ledger_views")
    ledger = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    """The query string of the list page."""

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "ledger", "name"], name="ledger_view_name_once"),
        ]


class LedgerReader(models.Model):
    """Somebody named for a ledger that is closed to all others."""

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ledger_readers")
    """Whose rows of the ledger, and those of the units below."""
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="read_ledgers")
    may_keep = models.BooleanField(default=False)
    """Whether the person also enters and changes rows."""
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="named_readers")
    """Empty when the operator did."""
    granted_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["ledger", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["ledger", "body", "user"], condition=models.Q(ended_at__isnull=True), name="reader_named_once"
            ),
        ]


class Export(models.Model):
    """Rows that somebody takes out as a file, written in the background when they are many."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        WORKING = "working", _("正在导出")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    class Form(models.TextChoices):
        XLSX = "xlsx", _("Excel 工作簿")
        CSV = "csv", _("文本表格")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ledger_exports")
    ledger = models.CharField(max_length=CODE_LENGTH)
    query = models.CharField(max_length=4000, blank=True)
    """The query string of the list page, with its columns."""
    form = models.CharField(max_length=8, choices=Form.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    """How many it holds."""
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_exports")
    error = models.JSONField(default=dict, blank=True)
    """Why it failed, in words."""
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]


class LedgerImport(models.Model):
    """A file on its way into a ledger, step by step; see :mod:`zhenggai.ledgers.importing`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待读取")
        STAGED = "staged", _("待对应")
        CHECKING = "checking", _("正在核对")
        CHECKED = "checked", _("待写入")
        WRITING = "writing", _("正在写入")
        DONE = "done", _("已写入")
        FAILED = "failed", _("读取失败")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已放弃")

    class Known(models.TextChoices):
        UPDATE = "update", _("更新已有记录")
        SKIP = "skip", _("跳过已有记录")
        REFUSE = "refuse", _("视为问题")

    class Blanks(models.TextChoices):
        LEAVE = "leave", _("空白格保留原值")
        CLEAR = "clear", _("空白格清空原值")

    class OnProblem(models.TextChoices):
        STOP = "stop", _("有问题就不写入")
        SKIP = "skip", _("跳过有问题的行")

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ledger_imports")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="ledger_imports")
    name = models.CharField(max_length=200)
    """Of the file, as it came."""
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_imports")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=1)
    """Which run of the worker is meant."""
    step = models.CharField(max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    step_at = models.DateTimeField(null=True, blank=True)
    error = models.JSONField(default=dict, blank=True)
    """Why the last step failed: code, what, where, todo."""
    tables = models.JSONField(default=list, blank=True)
    """Tables of the file: name, file, rows, columns, heads, note."""
    table = models.PositiveIntegerField(default=0)
    head_rows = models.JSONField(default=list, blank=True)
    after = models.PositiveIntegerField(default=0)
    """Last row of the heads; data begins below."""
    labels = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    """Column → field code."""
    known = models.CharField(max_length=20, choices=Known.choices, default=Known.UPDATE)
    blanks = models.CharField(max_length=20, choices=Blanks.choices, default=Blanks.LEAVE)
    on_problem = models.CharField(max_length=20, choices=OnProblem.choices, default=OnProblem.STOP)
    taken_on = models.DateField()
    """The day whose state a whole ledger shows."""
    tally = models.JSONField(default=dict, blank=True)
    """What trying or writing found: rows, added, changed, same, passed_over, bad, problems, fields."""
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ledger", "body", "-id"], name="import_into_ledger"),
        ]

    def __str__(self) -> str:
        return self.name


class Draw(models.Model):
    """A declared draw: the seed and the list it draws from, recorded first; then what was drawn and who is asked to look.

    What it was planned with is never changed, so that anybody can draw again.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("未执行")
        DONE = "done", _("已执行")

    ledger = models.CharField(max_length=CODE_LENGTH)
    """The ledger that takes what is drawn."""
    source = models.CharField(max_length=CODE_LENGTH)
    """The ledger whose rows are drawn."""
    label = models.CharField(max_length=200)
    declaration = models.JSONField()
    """The draw as declared then, with the share and the least number chosen."""
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ledger_draws")
    """Whose rows the drawn ones become."""
    bodies = models.JSONField()
    """Ids of the bodies whose rows could be drawn and whose pool was asked."""
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)
    """Fields that whoever planned it filled in for all rows."""
    seed = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=40)
    as_of = models.DateTimeField()
    """The moment whose state of the ledgers is drawn from."""
    frame_size = models.PositiveIntegerField()
    frame_print = models.CharField(max_length=64)
    """SHA-256 of the rows that could be drawn, as :mod:`zhenggai.ledgers.drawing` writes them."""
    pool_size = models.PositiveIntegerField(default=0)
    pool_print = models.CharField(max_length=64, blank=True)
    """The same of the people who could be asked and of who is related to whom."""
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="planned_draws")
    """Empty when the operator did."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    drawn = models.JSONField(default=list, blank=True)
    """What was drawn, in order: key, reviewer, who stood aside, why."""
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="draw")
    drawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="carried_out_draws"
    )
    drawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["ledger", "-id"], name="draw_into_ledger")]

    def __str__(self) -> str:
        return self.label
