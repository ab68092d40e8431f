"""Acts on what stands beside the record: attached files and saved views."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.audit.actions import record
from zhenggai.docparse.errors import clean_name
from zhenggai.files.actions import store_file
from zhenggai.findings import codes
from zhenggai.findings.access import access_finding, access_saved_view
from zhenggai.findings.changes import lock_finding, tell_trail
from zhenggai.findings.errors import BadValue, IsWithdrawn
from zhenggai.findings.fields import clean_text
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Attachment, Finding, SavedView
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor
from zhenggai.people.models import User

ATTACH = "findings.attach"
MOST_VIEWS = 50


def attach_file(finding: Finding, *, actor: User, source: BinaryIO, name: str, note: str = "") -> Attachment:
    """Put a file beside a finding.

    Args:
        finding: which one.
        actor: who attaches it.
        source: readable binary stream.
        name: file name as it came.
        note: what it shows.

    Raises:
        NotFound, NotAllowed, IsWithdrawn: the finding is out of reach or off the ledger.
        BadFile: the file cannot be taken; see :func:`~zhenggai.files.actions.store_file`.
    """
    shown = access_finding(actor, finding.pk, ATTACH)  # before a single byte is read
    if shown.withdrawn_at is not None:
        raise IsWithdrawn(title=shown.title)
    stored = store_file(actor=actor, source=source, name=name)
    with transaction.atomic():
        found = lock_finding(finding.pk, actor=actor, permissions=[ATTACH])
        attachment = Attachment.objects.create(
            finding=found,
            file=stored,
            name=clean_name(name) or stored.name,
            note=clean_text(note)[:300],
            attached_by=actor,
        )
        tell_trail(actor, codes.FILE_ATTACHED, found, name=attachment.name, sha256=stored.sha256, note=attachment.note)
    return attachment


def withdraw_attachment(attachment: Attachment, *, actor: Actor) -> Attachment:
    """Take an attached file away from its finding; the bytes and the entry in the trail stay.

    Raises:
        NotFound: it is out of reach, or was withdrawn already.
        NotAllowed, IsWithdrawn: the finding may not be changed.
    """
    with transaction.atomic():
        found = lock_finding(attachment.finding_id, actor=actor, permissions=[ATTACH])
        mine = found.attachments.select_for_update().filter(pk=attachment.pk, withdrawn_at__isnull=True).first()
        if mine is None:
            raise NotFound
        mine.withdrawn_at = timezone.now()
        mine.save(update_fields=["withdrawn_at"])
        tell_trail(actor, codes.ATTACHMENT_WITHDRAWN, found, name=mine.name)
    return mine


def save_view(*, actor: User, name: str, query: str) -> SavedView:
    """Keep a set of filters, order and columns under a name; the same name replaces what it held.

    Args:
        actor: whose view it is.
        name: what the person calls it.
        query: query string of the list page.

    Raises:
        BadValue: the name is empty, too long, or there are too many views.
    """
    label = _("视图名称")
    name = clean_text(name)
    if not name or len(name) > 60:
        raise BadValue(label=label, value=name[:20], reason=_now("应为 1 至 60 个字"))
    text = LedgerQuery.parse_string(query).without_place().to_string()
    if len(text) > 1000:
        raise BadValue(label=label, value=name, reason=_now("筛选条件过多，无法保存"))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        mine = SavedView.objects.filter(user=actor)
        if mine.count() >= MOST_VIEWS and not mine.filter(name=name).exists():
            reason = _now("每人最多保存 %(most)s 个视图") % {"most": MOST_VIEWS}
            raise BadValue(label=label, value=name, reason=reason)
        view, _created = SavedView.objects.update_or_create(user=actor, name=name, defaults={"query": text})
        _record_view(actor, codes.VIEW_SAVED, view)
    return view


def delete_view(view: SavedView, *, actor: User) -> None:
    """Forget a saved view.

    Raises:
        NotFound: it is someone else's.
    """
    with transaction.atomic():
        mine = access_saved_view(actor, view.pk)
        _record_view(actor, codes.VIEW_DELETED, mine)
        mine.delete()


def _record_view(actor: User, code: str, view: SavedView) -> None:
    data = {"query": view.query}
    record(actor=actor, code=code, object_type="saved_view", object_id=view.pk, object_label=view.name, data=data)
