"""Reading an uploaded document in a worker process, which hands the bytes to a child with limits of its own."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from zhenggai.docparse.isolated import read_draft_isolated
from zhenggai.files.queries import path_of
from zhenggai.intake.drafts import Json, draft_of
from zhenggai.intake.errors import ReadingBroke
from zhenggai.intake.models import Import
from zhenggai.intake.rounds import find_round
from zhenggai.kit.errors import Explanation, ZhenggaiError

_READ, _UNDERSTOOD, _FAILED = _("正在读取和理解文件"), _("正在比对台账"), _("读取失败")
_OPEN = (Import.State.WAITING, Import.State.READING)


@task()
def read_upload(document_id: int, attempt: int) -> str:
    """Read one uploaded document; return the state it is left in.

    Args:
        document_id: key of the import.
        attempt: which reading is meant; another one may have been started meanwhile.
    """
    if not _step(document_id, attempt, _READ, 20, Import.State.READING):
        return "superseded"
    document = Import.objects.select_related("file", "unit").get(pk=document_id)
    try:
        read, draft = read_draft_isolated(path_of(document.file), name=document.name)
        _step(document_id, attempt, _UNDERSTOOD, 85, Import.State.READING)
        corrected = draft_of(draft, read.notes)
        round_id = document.round_id or getattr(find_round(document.unit, corrected), "pk", None)
        kept = _keep(document_id, attempt, read.text, corrected, round_id)
    except ZhenggaiError as error:
        _fail(document_id, attempt, error.describe())
        return "failed"
    except Exception as error:
        # Whatever else happens must not leave the page waiting for ever; the task framework logs the traceback.
        _fail(document_id, attempt, ReadingBroke(name=document.name, reason=type(error).__name__).describe())
        raise
    return "read" if kept else "superseded"


def _keep(document_id: int, attempt: int, text: str, draft: Json, round_id: int | None) -> bool:
    """Keep what was read; return whether this reading is still the one that is meant."""
    with transaction.atomic():
        kept = _lock(document_id, attempt)
        if kept is None:
            return False
        kept.text, kept.draft, kept.draft_version = text, draft, 1
        kept.round_id = kept.round_id or round_id  # somebody may have chosen one meanwhile
        kept.state, kept.step, kept.percent, kept.error = Import.State.READ, "", 100, {}
        kept.step_at = kept.finished_at = timezone.now()
        kept.save(
            update_fields=[
                "text", "draft", "draft_version", "round", "state", "step", "percent", "error", "step_at", "finished_at"
            ]
        )  # fmt: skip
    return True


def _lock(document_id: int, attempt: int) -> Import | None:
    """Return the import locked, when this reading is still the one that is meant."""
    return Import.objects.select_for_update().filter(pk=document_id, attempt=attempt, state__in=_OPEN).first()


def _step(document_id: int, attempt: int, words: str | Promise, percent: int, state: str) -> bool:
    """Say what is being done now; return whether this reading is still the one that is meant."""
    found = Import.objects.filter(pk=document_id, attempt=attempt, state__in=_OPEN)
    return bool(found.update(state=state, step=str(words), percent=percent, step_at=timezone.now()))


def _fail(document_id: int, attempt: int, words: Explanation) -> None:
    with transaction.atomic():
        document = _lock(document_id, attempt)
        if document is None:
            return
        document.state, document.step, document.error = Import.State.FAILED, str(_FAILED), words.as_dict()
        document.finished_at = timezone.now()
        document.save(update_fields=["state", "step", "error", "finished_at"])
