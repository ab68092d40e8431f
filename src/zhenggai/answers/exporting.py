"""The answers as a workbook: safe cells, nobody's contact data, told to the trail."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenggai.answers import codes
from zhenggai.answers.access import HANDLE
from zhenggai.answers.queries import Query, matching
from zhenggai.audit.actions import record
from zhenggai.people.access import Actor, require
from zhenggai.render.xlsx import Column, Sheet, render_workbook

MOST_ROWS = 20_000


def export_answers(query: Query, *, actor: Actor) -> bytes:
    """Return the answers that the query finds as a workbook.

    Raises:
        NotAllowed: the actor handles no body's answers.
    """
    require(actor, HANDLE)
    columns = (
        Column(_("编号"), 18),
        Column(pgettext("public notice", "通报"), 40, wrap=True),
        Column(_("类型"), 10),
        Column(_("涉及的问题"), 24, wrap=True),
        Column(_("内容"), 60, wrap=True),
        Column(_("收到日期"), 12),
        Column(_("告知期限"), 12),
        Column(_("答复期限"), 12),
        Column(_("状态"), 12),
        Column(_("承办部门"), 18),
        Column(_("承办人"), 12),
    )
    with transaction.atomic():
        rows = [
            (
                found.petition.no if found.petition else "",
                found.publication.title,
                found.get_kind_display(),
                found.about,
                found.body,
                timezone.localtime(found.received_at).date(),
                found.tell_by,
                found.answer_by,
                found.get_state_display(),
                str(found.department or ""),
                found.handler.name if found.handler else "",
            )
            for found in matching(actor, query, timezone.localdate())[:MOST_ROWS]
        ]
        record(actor=actor, code=codes.EXPORTED, object_type="answer", data={"rows": len(rows), "state": query.state})
    return render_workbook([Sheet(_("公众意见"), columns, rows)], title=_("公众意见"))
