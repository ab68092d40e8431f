"""Who sees and handles which notices, and single ones given out only through it."""

from __future__ import annotations

from django.db.models import QuerySet

from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notices.models import Binding, Notice, NoticeVersion, Publication
from zhenggai.people.access import Actor, may, reach
from zhenggai.people.models import Unit
from zhenggai.people.roles import Permission

VIEW = str(Permission.VIEW_NOTICES)


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    """Return the notices the actor may see, newest first."""
    reached = reach(actor, VIEW)
    if not reached:
        return Notice.objects.none()
    if reached.everything:
        return Notice.objects.all()
    return Notice.objects.filter(unit__in=Unit.objects.filter(reached.units()).order_by().values("pk"))


def access_notice(actor: Actor, key: int, permission: str = VIEW) -> Notice:
    """Return one notice with its round and unit at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    related = ("round__unit", "unit", "created_by", "corrects")
    found = visible_notices(actor).select_related(*related).filter(pk=key).first()
    if found is None:
        raise NotFound
    if permission != VIEW and not may(actor, permission, found.unit):
        raise NotAllowed(permission=permission)
    return found


def access_version(actor: Actor, notice: Notice, no: int) -> NoticeVersion:
    """Return one version of a notice that the caller has access to.

    Raises:
        NotFound: there is none.
    """
    found = NoticeVersion.objects.select_related("by").filter(notice=notice, no=no).first()
    if found is None or not visible_notices(actor).filter(pk=notice.pk).exists():
        raise NotFound
    return found


def access_binding(actor: Actor, key: int, permission: str = VIEW) -> Binding:
    """Return one binding with its notice at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    found = Binding.objects.select_related("vouched_by", "by", "file").filter(pk=key).first()
    if found is None:
        raise NotFound
    found.notice = access_notice(actor, found.notice_id, permission)
    return found


def visible_publications(actor: Actor) -> QuerySet[Publication]:
    """Return what was published of the bodies the actor may see, newest first."""
    reached = reach(actor, VIEW)
    if not reached:
        return Publication.objects.none()
    if reached.everything:
        return Publication.objects.all()
    return Publication.objects.filter(unit__in=Unit.objects.filter(reached.units()).order_by().values("pk"))


def access_publication(actor: Actor, key: int) -> Publication:
    """Return one publication, for the staff.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    related = ("unit", "round", "notice", "published_by", "docx", "pdf", "replaces")
    found = visible_publications(actor).select_related(*related).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
