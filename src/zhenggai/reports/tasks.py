"""Papers that take a while, made in a worker process."""

from __future__ import annotations

import io
from urllib.parse import parse_qsl

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django_tasks import task

from zhenggai.files.actions import store_file
from zhenggai.gongwen import read_docx, to_pdf
from zhenggai.kit.errors import Explanation, ZhenggaiError
from zhenggai.reports.errors import PaperBroke
from zhenggai.reports.making import make_docx, tell_made
from zhenggai.reports.models import Making
from zhenggai.reports.papers import access_paper
from zhenggai.reports.scope import read_scope


@task()
def write_paper(making_id: int) -> str:
    """Make one paper; return the state it is left in. Access is asked again: it may have ended since."""
    making = Making.objects.select_related("user").get(pk=making_id)
    if making.state != Making.State.WAITING:
        return "superseded"
    try:
        paper = access_paper(making.paper)
        _say(making_id, _now("正在汇总台账"), 10, state=Making.State.WORKING)
        scope = read_scope(making.user, dict(parse_qsl(making.query)), asks=paper.asks, span=paper.span)
        content = make_docx(paper, scope)
        if making.form == Making.Form.PDF:
            _say(making_id, _now("正在排版"), 60)
            content = to_pdf(read_docx(content))
        _say(making_id, _now("正在保存"), 95)
        name = f"{paper.label}-{scope.round.name}-{scope.today:%Y%m%d}.{making.form}"
        stored = store_file(actor=making.user, source=io.BytesIO(content), name=name)
        with transaction.atomic():
            tell_made(paper, scope, making.form, actor=making.user)
            Making.objects.filter(pk=making_id).update(
                state=Making.State.DONE, percent=100, step="", file=stored, name=name[:200], finished_at=timezone.now()
            )
    except ZhenggaiError as error:
        _fail(making_id, error.describe())
        return "failed"
    except Exception:
        # Whatever else happens must not leave the page waiting for ever; the task framework logs the traceback.
        _fail(making_id, PaperBroke(paper=making.paper).describe())
        raise
    return "done"


def _say(making_id: int, step: str, percent: int, **more: str) -> None:
    Making.objects.filter(pk=making_id).update(step=step, percent=percent, **more)


def _fail(making_id: int, words: Explanation) -> None:
    Making.objects.filter(pk=making_id).update(
        state=Making.State.FAILED, error=words.as_dict(), finished_at=timezone.now()
    )
