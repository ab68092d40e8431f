"""Acts on papers and their templates."""

from __future__ import annotations

import io

from django.db import transaction
from django.db.models import Max

from zhenggai.audit.actions import record
from zhenggai.files.actions import store_file
from zhenggai.people.access import require
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import Permission
from zhenggai.reports import codes
from zhenggai.reports.errors import TemplateRefused
from zhenggai.reports.making import Trial, try_template
from zhenggai.reports.models import Making, Template
from zhenggai.reports.papers import Paper, access_paper
from zhenggai.reports.scope import Scope
from zhenggai.reports.tasks import write_paper

MANAGE, WRITE = Permission.MANAGE_TEMPLATES, Permission.WRITE_REPORTS


def upload_template(
    unit: Unit, paper: Paper, content: bytes, *, actor: User, name: str, note: str = ""
) -> tuple[Template, Trial]:
    """Make *content* the template of a paper of *unit*, after a look that trusts nothing in it.

    Raises:
        NotAllowed: the actor may not keep templates there.
        UnreadableFile: it is no Word file, or not a safe one.
        TemplateRefused: something in it may not be used.
        BadTemplate, TooMuchFilled: it cannot be filled.
    """
    require(actor, MANAGE, unit)
    trial = try_template(paper, content, name)
    if trial.issues:
        told = "；".join(f"{issue.place}：{issue.reason}" for issue in trial.issues[:3])
        raise TemplateRefused(count=len(trial.issues), places=told, issues=trial.issues)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        stored = store_file(actor=actor, source=io.BytesIO(content), name=name)
        held = Template.objects.filter(unit=unit, paper=paper.code)
        last = held.aggregate(last=Max("no"))["last"] or 0
        held.filter(in_use=True).update(in_use=False)
        made = Template.objects.create(
            unit=unit,
            paper=paper.code,
            no=last + 1,
            file=stored,
            name=stored.name if not name else name[:200],
            note=note[:300],
            by=actor,
        )
        _tell(actor, codes.TEMPLATE_UPLOADED, unit, paper, no=made.no, sha256=stored.sha256)
    return made, trial


def choose_template(template: Template, *, actor: User) -> Template:
    """Put an earlier version into force again.

    Raises:
        NotAllowed: the actor may not keep templates there.
    """
    require(actor, MANAGE, template.unit)
    paper = access_paper(template.paper)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=template.unit_id)
        Template.objects.filter(unit=template.unit, paper=template.paper, in_use=True).update(in_use=False)
        template.in_use = True
        template.save(update_fields=["in_use"])
        _tell(actor, codes.TEMPLATE_CHOSEN, template.unit, paper, no=template.no)
    return template


def restore_template(unit: Unit, paper: Paper, *, actor: User) -> int:
    """Go back to the shipped template; return how many were put out of force.

    Raises:
        NotAllowed: the actor may not keep templates there.
    """
    require(actor, MANAGE, unit)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        count = Template.objects.filter(unit=unit, paper=paper.code, in_use=True).update(in_use=False)
        if count:
            _tell(actor, codes.TEMPLATE_RESTORED, unit, paper)
    return count


def ask_paper(paper: Paper, scope: Scope, form: str, *, actor: User) -> Making:
    """Have a paper made in the background.

    Raises:
        NotAllowed: the actor may not write papers about the round.
    """
    require(actor, WRITE)
    with transaction.atomic():
        making = Making.objects.create(user=actor, paper=paper.code, query=scope.as_query(), form=form)
        transaction.on_commit(lambda: write_paper.enqueue(making.pk))
    return making


def _tell(actor: User, code: str, unit: Unit, paper: Paper, **data: object) -> None:
    record(
        actor=actor, code=code, object_type="unit", object_id=unit.pk, object_label=f"{unit.name} {paper.label}",
        data={"paper": paper.code, **data},
    )  # fmt: skip
