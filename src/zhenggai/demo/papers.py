"""Imports the sample plan and then the sample notice, by the same acts as the pages: upload, read, confirm."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from importlib.resources.abc import Traversable

from zhenggai.demo import NOTICE, PLAN
from zhenggai.findings.actions import assign_findings
from zhenggai.findings.models import Finding, Status
from zhenggai.intake.actions import confirm_import, upload_document
from zhenggai.intake.models import Import
from zhenggai.intake.tasks import read_upload
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.people.models import Unit, User

# In the order of events: who answers for each problem, then what was done about it.
PAPERS: tuple[tuple[str, Traversable], ...] = (
    ("巡察反馈意见整改工作方案.docx", PLAN),
    ("巡察整改进展情况通报.html", NOTICE),
)
CLERK = "office"
PHASED = 16


class PaperNotRead(ZhenggaiError):
    """A sample paper, which always reads, did not."""

    code = "demo.PaperNotRead"
    what = "示例文件“%(name)s”没有读成：“%(reason)s”。"
    where = "文件：%(name)s"
    todo = "请确认安装完整（重新运行 make setup），仍不行时把这段话告诉开发者。"


def load_papers(body: Unit, say: Callable[[str], None]) -> None:
    """Import the sample papers that are not in the record yet.

    Raises:
        PaperNotRead: one could not be read.
    """
    clerk = User.objects.get(username=CLERK)
    for name, paper in PAPERS:
        content = paper.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        known = Import.objects.filter(file__sha256=sha256, unit=body).exclude(state=Import.State.DISCARDED)
        if known.filter(state=Import.State.CONFIRMED).exists():
            say(f"文件：{name} 已经入账。")
            continue
        document = known.filter(state=Import.State.READ).first() or _read(clerk, body, content, name)
        result = confirm_import(document, actor=clerk, version=document.draft_version)
        say(f"文件：{name} 已读取入账，新增问题 {result.created} 个，更新 {result.updated} 个。")


def state_statuses(body: Unit, say: Callable[[str], None]) -> None:
    """State, as the office that knows, which 24 problems are done and which 16 only for now.

    The notice declares the two counts and names no problem, so reading alone leaves all of them unstated.
    """
    findings = list(Finding.objects.filter(round__unit=body, withdrawn_at__isnull=True).order_by("round", "order"))
    if not findings or any(finding.status != Status.UNKNOWN for finding in findings):
        return
    clerk = User.objects.get(username=CLERK)
    # What is to be kept up for good, and what was due last, is done only for now.
    latest_first = sorted(findings, key=lambda finding: (finding.due_on is not None, -_day(finding)))
    phased = {finding.pk for finding in latest_first[:PHASED]}
    completed = [finding.pk for finding in findings if finding.pk not in phased]
    assign_findings(phased, {"status": Status.PHASED}, actor=clerk)
    assign_findings(completed, {"status": Status.COMPLETED}, actor=clerk)
    say(f"状态：已完成 {len(completed)} 个，阶段性完成 {len(phased)} 个。")


def _day(finding: Finding) -> int:
    return finding.due_on.toordinal() if finding.due_on else 0


def _read(clerk: User, body: Unit, content: bytes, name: str) -> Import:
    document = upload_document(actor=clerk, unit=body, source=io.BytesIO(content), name=name)
    # Read here and now: no worker runs yet. The queued task will find the work done.
    read_upload.call(document.pk, document.attempt)
    document.refresh_from_db()
    if document.state != Import.State.READ:
        raise PaperNotRead(name=name, reason=str(document.error.get("what", document.state)))
    return document
