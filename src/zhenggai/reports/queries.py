"""Reading templates and papers under way."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zhenggai.files.queries import open_file
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, reach
from zhenggai.people.models import Unit
from zhenggai.people.queries import bodies_for
from zhenggai.people.roles import Permission
from zhenggai.reports.models import Making, Template

MANAGE = Permission.MANAGE_TEMPLATES


def managed_bodies(actor: Actor) -> list[Unit]:
    """Return the bodies whose templates the actor keeps."""
    return bodies_for(actor, MANAGE)


def access_body(actor: Actor, key: int | None) -> Unit:
    """Return one of the bodies whose templates the actor keeps; the first without a key.

    Raises:
        NotFound: there is none, or it is out of reach.
    """
    for unit in managed_bodies(actor):
        if key in (None, unit.pk):
            return unit
    raise NotFound


def visible_templates(actor: Actor) -> QuerySet[Template]:
    """Return the templates of the bodies the actor keeps them for."""
    reached = reach(actor, MANAGE)
    return Template.objects.filter(unit__in=Unit.objects.filter(reached.units()).order_by().values("pk"))


def access_template(actor: Actor, key: int) -> Template:
    """Return one template.

    Raises:
        NotFound: there is none, or it is out of reach.
    """
    found = visible_templates(actor).select_related("unit", "file", "by").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def template_in_use(unit: Unit, paper: str) -> Template | None:
    """Return the template *unit* makes a paper by; None where it is the shipped one."""
    return Template.objects.filter(unit=unit, paper=paper, in_use=True).select_related("file").first()


def template_content(template: Template) -> bytes:
    """Return the bytes of *template*."""
    with open_file(template.file) as source:
        return source.read()


@dataclass(frozen=True, slots=True)
class TemplateState:
    """The templates of one paper of a body."""

    in_use: Template | None
    """Its own that is in force; None for the shipped one."""
    versions: tuple[Template, ...]
    """All it ever had, newest first."""


def template_states(unit: Unit) -> dict[str, TemplateState]:
    """Return the templates of *unit* by code of paper; one query."""
    found: dict[str, list[Template]] = {}
    for template in Template.objects.filter(unit=unit).select_related("by").order_by("paper", "-no"):
        found.setdefault(template.paper, []).append(template)
    return {
        code: TemplateState(next((each for each in versions if each.in_use), None), tuple(versions))
        for code, versions in found.items()
    }


def my_makings(actor: Actor) -> QuerySet[Making]:
    """Return the papers the actor had made in the background, newest first."""
    return Making.objects.filter(user_id=actor.pk or 0).select_related("file").order_by("-pk")


def access_making(actor: Actor, key: int) -> Making:
    """Return one of the actor's own papers under way.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = my_makings(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
