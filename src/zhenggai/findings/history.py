"""What happened to a finding, told from the trail in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.audit.models import Entry
from zhenggai.audit.queries import label_of
from zhenggai.findings import codes
from zhenggai.findings.fields import FINDING_FIELDS, MEASURE_FIELDS, in_words
from zhenggai.findings.models import Finding
from zhenggai.findings.shapes import FieldChange, HistoryItem

FINDING = "finding"
"""``object_type`` of entries about a finding."""

_SENTENCES = {
    codes.CREATED: _("%(who)s 新增了该问题"),
    codes.UPDATED: _("%(who)s 修改了%(what)s"),
    codes.ASSIGNED: _("%(who)s 调整了%(what)s"),
    codes.IMPORTED: _("%(who)s 由文件“%(source)s”入账"),
    codes.MERGED: _("%(who)s 由文件“%(source)s”更新了%(what)s"),
    codes.WORKBOOK_CREATED: _("%(who)s 由表格新增了该问题"),
    codes.WORKBOOK_UPDATED: _("%(who)s 由表格更新了%(what)s"),
    codes.WITHDRAWN: _("%(who)s 撤下了该问题，原因：%(reason)s"),
    codes.RESTORED: _("%(who)s 恢复了该问题"),
    codes.MEASURE_ADDED: _("%(who)s 新增了措施“%(measure)s”"),
    codes.MEASURE_UPDATED: _("%(who)s 修改了措施“%(measure)s”的%(what)s"),
    codes.MEASURE_WITHDRAWN: _("%(who)s 撤下了措施“%(measure)s”"),
    codes.MEASURE_RESTORED: _("%(who)s 恢复了措施“%(measure)s”"),
    codes.FILE_ATTACHED: _("%(who)s 添加了附件“%(name)s”"),
    codes.ATTACHMENT_WITHDRAWN: _("%(who)s 撤下了附件“%(name)s”"),
}
_MEASURE_CODES = {codes.MEASURE_ADDED, codes.MEASURE_UPDATED}
_OF_OTHER_ROOMS = _("%(who)s %(act)s")
"""Of acts that rooms above this one keep in the trail of a finding; the words are those of their ``AUDIT_CODES``."""
_DETAILS = ("statement", "opinion", "motive", "why", "reason", "text", "criterion", "evidence", "measure", "close_out")
"""What such an act says in words, the most telling first."""
_EXTRA_LABELS = {"measures": _("措施"), "progress_entries": _("整改进展")}


def finding_history(finding: Finding, limit: int = 200) -> tuple[HistoryItem, ...]:
    """Return the acts on a finding, latest first, in one query."""
    entries = Entry.objects.filter(object_type=FINDING, object_id=str(finding.pk)).order_by("-sequence")[:limit]
    return tuple(tell(entry) for entry in entries)


def tell(entry: Entry) -> HistoryItem:
    """Return an entry about a finding in words."""
    changes = tuple(_changes(entry))
    who = entry.actor_name or _now("系统")
    what = "、".join(dict.fromkeys(change.label for change in changes)) or _now("内容")
    pattern = _SENTENCES.get(entry.code, _OF_OTHER_ROOMS)
    known = entry.code in _SENTENCES
    detail = "" if known else next((str(entry.data[name]) for name in _DETAILS if entry.data.get(name)), "")
    slots = {key: str(entry.data.get(key, "")) for key in ("source", "reason", "measure", "name")}
    return HistoryItem(
        sequence=entry.sequence,
        at=entry.at,
        actor_name=who,
        code=entry.code,
        sentence=str(pattern) % (slots | {"who": who, "what": what, "act": label_of(entry.code)}),
        changes=changes,
        detail=detail,
        object_id=entry.object_id,
        object_label=entry.object_label,
    )


def _changes(entry: Entry) -> Iterable[FieldChange]:
    table = MEASURE_FIELDS if entry.code in _MEASURE_CODES else FINDING_FIELDS
    given = entry.data.get("changes")
    places = {name: place for place, name in enumerate(table)}
    # PostgreSQL does not keep the order of keys; people read fields in the order of the form.
    pairs = sorted(given.items(), key=lambda item: places.get(item[0], len(places))) if isinstance(given, dict) else ()
    for name, pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        field = table.get(name)
        label = field.label if field else _EXTRA_LABELS.get(name, name)
        yield FieldChange(name, str(label), in_words(field, pair[0]), in_words(field, pair[1]))
