"""A process that works on the record until it is killed, and says after each act that it was done.

``python -m tests.workflow.killed SEED`` in a data folder and database that :mod:`tests.workflow.test_kills` made.
"""

from __future__ import annotations

import io
import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import django


def say(code: str, key: object) -> None:
    """Tell the client that an act was done: one line, out of this process at once."""
    os.write(1, f"{code} {key}\n".encode())


def work(seed: int) -> None:
    """Do random acts for ever."""
    from zhenggai.findings.models import Finding
    from zhenggai.kit.errors import UserError
    from zhenggai.people.models import User

    draw = random.Random(seed)
    owner, office = User.objects.get(name="姚望"), User.objects.get(name="金鸣")
    say("ready", os.getpid())
    number = 0
    while True:
        number += 1
        finding = draw.choice(list(Finding.objects.filter(owner=owner).order_by("pk")))
        for act in acts(finding, owner, office, f"{seed}-{number}", draw):
            try:
                say(*act())
            except UserError as error:
                say("refused", error.code)


def acts(
    finding: Any, owner: Any, office: Any, mark: str, draw: random.Random
) -> Iterator[Callable[[], tuple[str, Any]]]:
    """Yield one or two acts that fit the stage of the finding; each returns what to say once it was done."""
    from tests.factories.intake import NOTICE
    from zhenggai.findings.models import Stage
    from zhenggai.intake.actions import upload_document
    from zhenggai.people.models import User
    from zhenggai.workflow import actions
    from zhenggai.workflow.queries import loop_of

    def evidence() -> tuple[str, Any]:
        source = io.BytesIO(f"清查表 {mark} ".encode() * 40_000)
        return "evidence", actions.add_evidence(
            finding, actor=owner, source=source, file_name="表.txt", measures=finding.measures.all()
        ).pk

    def upload() -> tuple[str, Any]:
        source = io.BytesIO(f"{NOTICE}{mark}".encode())
        return "import", upload_document(actor=office, unit=finding.round.unit, source=source, name=f"{mark}.txt").pk

    def submit() -> tuple[str, Any]:
        return "submission", actions.submit(finding, actor=owner, outcome="completed", statement=mark).pk

    def complete() -> tuple[str, Any]:
        return "completion", actions.complete_measure(finding.measures.first(), actor=owner).pk

    def decide() -> tuple[str, Any]:
        step = loop_of(office, finding).waits_at
        assert step is not None and step.people
        person = User.objects.get(pk=step.people[0].pk)
        confirm = list(finding.criteria.values_list("pk", flat=True))
        submission = actions.pass_level(
            finding, actor=person, level=step.level.code, text=mark, minutes_no="1号", confirm=confirm
        )
        return "opinion", submission.opinions.latest("pk").pk

    def revoke() -> tuple[str, Any]:
        close_out = finding.close_outs.get(revoked_at=None)
        supervisor = User.objects.get(name="霍正平")
        actions.revoke_close_out(close_out, actor=supervisor, motive=mark, due_on=date(2035, 1, 1))
        return "revoked", close_out.pk

    match Stage(finding.stage):
        case Stage.CLOSED:
            yield revoke
        case Stage.IN_REVIEW:
            yield decide
        case _ if finding.measures.filter(completions__withdrawn_at=None, completions__isnull=False).exists():
            yield draw.choice([submit, submit, evidence, upload])
        case _:
            yield evidence
            yield complete


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.workflow.killed_settings")
    django.setup()
    work(int(sys.argv[1]))
