"""Who sees and keeps what: a permission's reach turned into ledgers and rows once, and single things given out only through it.

An open ledger is reached by posts (:mod:`zhenggai.people.roles`); one whose secrecy is ``named`` only by those named for it,
whatever post others hold.  A row is seen by those who reach the body that keeps it or the unit it is about, and kept by those
who reach the body.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers.declared import current
from zhenggai.ledgers.models import Attachment, Batch, Draw, LedgerReader, Row, SavedView, Snapshot
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import EVERYWHERE, NOWHERE, Actor, Operator, Reach, may, reach
from zhenggai.people.models import Unit
from zhenggai.people.roles import Permission

VIEW, KEEP = Permission.VIEW_LEDGERS, Permission.KEEP_LEDGERS
IMPORT, PERSONAL, DECLARE = Permission.IMPORT_LEDGERS, Permission.READ_PERSONAL, Permission.DECLARE_LEDGERS
NAMERS = Permission.ASSIGN_POSTS
_KEEPING = frozenset({KEEP, IMPORT})


def is_named(ledger: Ledger) -> bool:
    """Return whether only people named for it may read a ledger."""
    return ledger.secrecy == "named"


def reach_of(actor: Actor, ledger: Ledger, permission: Permission = VIEW) -> Reach:
    """Return what *permission* reaches in a ledger."""
    if isinstance(actor, Operator):
        return EVERYWHERE
    if not is_named(ledger):
        return reach(actor, permission)
    named = current_readers().filter(ledger=ledger.ledger, user=actor)
    if permission in _KEEPING:
        named = named.filter(may_keep=True)
    elif permission not in (VIEW, PERSONAL):
        return NOWHERE
    return Reach(unit_paths=tuple(named.order_by().values_list("body__path", flat=True)))


def current_readers() -> QuerySet[LedgerReader]:
    """Return who is named for ledgers now."""
    return LedgerReader.objects.filter(ended_at__isnull=True, user__is_active=True)


def visible_ledgers(actor: Actor) -> list[Ledger]:
    """Return the ledgers the actor may open, in the order declared; at most two queries."""
    everything = list(current().ledgers.values())
    if isinstance(actor, Operator):
        return everything
    named = set(current_readers().filter(user=actor).order_by().values_list("ledger", flat=True))
    open_ones = bool(reach(actor, VIEW))
    return [each for each in everything if (each.ledger in named if is_named(each) else open_ones)]


def access_ledger(actor: Actor, code: str, permission: Permission = VIEW) -> Ledger:
    """Return one ledger.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    found = current().ledgers.get(code)
    if found is None or not reach_of(actor, found):
        raise NotFound
    if permission != VIEW and not reach_of(actor, found, permission):
        raise NotAllowed(permission=permission)
    return found


def keeping_bodies(actor: Actor, ledger: Ledger, permission: Permission = KEEP) -> QuerySet[Unit]:
    """Return the open bodies for which the actor may enter rows, in tree order."""
    bodies = Unit.objects.filter(kind__in=(Unit.Kind.ORGANISATION, Unit.Kind.GRASSROOTS), closed_on__isnull=True)
    return bodies.filter(_units(reach_of(actor, ledger, permission))).order_by("path")


def _units(reached: Reach, path: str = "path") -> Q:
    return reached.units(path)


def require_body(actor: Actor, ledger: Ledger, body: Unit, permission: Permission = KEEP) -> None:
    """Go on only when *permission* reaches *body* in a ledger.

    Raises:
        NotAllowed: it does not.
    """
    if body.kind == Unit.Kind.DEPARTMENT or not reach_of(actor, ledger, permission).covers(body):
        raise NotAllowed(permission=permission)


def reached_unit_ids(reached: Reach) -> tuple[int, ...] | None:
    """Return the ids of all units reached, or ``None`` for all there are; one query."""
    if reached.everything:
        return None
    if not reached:
        return ()
    return tuple(Unit.objects.filter(reached.units()).order_by().values_list("pk", flat=True))


def visible_rows(actor: Actor, ledger: Ledger, permission: Permission = VIEW) -> QuerySet[Row]:
    """Return the rows that *permission* reaches, withdrawn ones too, in no order."""
    reached = reach_of(actor, ledger, permission)
    rows = Row.objects.filter(ledger=ledger.ledger).order_by()
    if reached.everything:
        return rows
    condition = reached.units("body__path")
    return rows.filter(condition | reached.units("unit__path") if permission in (VIEW, PERSONAL) else condition)


def access_row(actor: Actor, code: str, key: int, permission: Permission = VIEW) -> Row:
    """Return one row, also a withdrawn one, with body and unit at hand.

    Raises:
        NotFound: there is none in this ledger, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    ledger = access_ledger(actor, code)
    found = visible_rows(actor, ledger, permission).select_related("body", "unit").filter(pk=key).first()
    if found is None:
        if permission != VIEW and visible_rows(actor, ledger).filter(pk=key).exists():
            raise NotAllowed(permission=permission)
        raise NotFound
    return found


def access_attachment(actor: Actor, key: int, permission: Permission = VIEW) -> Attachment:
    """Return one attachment that was not withdrawn, with its file and row at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    found = Attachment.objects.select_related("file", "row", "attached_by")
    one = found.filter(pk=key, withdrawn_at__isnull=True).first()
    if one is None:
        raise NotFound
    access_row(actor, one.row.ledger, one.row_id, permission)
    return one


def visible_batches(actor: Actor, ledger: Ledger) -> QuerySet[Batch]:
    """Return the batches of bodies whose rows the actor keeps, newest first."""
    reached = reach_of(actor, ledger, KEEP)
    batches = Batch.objects.filter(ledger=ledger.ledger).select_related("actor", "body")
    if reached.everything:
        return batches
    return batches.filter(reached.units("body__path"), body__isnull=False) if reached else batches.none()


def access_batch(actor: Actor, code: str, key: int) -> Batch:
    """Return one batch whose rows the actor keeps.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    found = visible_batches(actor, access_ledger(actor, code)).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def visible_draws(actor: Actor, ledger: Ledger) -> QuerySet[Draw]:
    """Return the draws into a ledger for reached bodies, newest first."""
    reached = reach_of(actor, ledger)
    draws = Draw.objects.filter(ledger=ledger.ledger).select_related("body", "batch", "planned_by", "drawn_by")
    if reached.everything:
        return draws
    return draws.filter(reached.units("body__path")) if reached else draws.none()


def access_draw(actor: Actor, code: str, key: int) -> Draw:
    """Return one draw into a ledger.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    found = visible_draws(actor, access_ledger(actor, code)).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def visible_snapshots(actor: Actor, ledger: Ledger) -> QuerySet[Snapshot]:
    """Return the snapshots of reached bodies that were not undone, newest first."""
    reached = reach_of(actor, ledger)
    snapshots = Snapshot.objects.filter(ledger=ledger.ledger, undone_at__isnull=True).select_related("body")
    if reached.everything:
        return snapshots
    return snapshots.filter(reached.units("body__path")) if reached else snapshots.none()


def saved_views(actor: Actor, ledger: str) -> QuerySet[SavedView]:
    """Return the actor's own saved views of a ledger."""
    if isinstance(actor, Operator):
        return SavedView.objects.none()
    return SavedView.objects.filter(user=actor, ledger=ledger)


def access_saved_view(actor: Actor, key: int) -> SavedView:
    """Return one of the actor's own saved views.

    Raises:
        NotFound: there is none, or it is someone else's.
    """
    found = None if isinstance(actor, Operator) else SavedView.objects.filter(user=actor, pk=key).first()
    if found is None:
        raise NotFound
    return found


def visible_readers(actor: Actor, ledger: Ledger) -> QuerySet[LedgerReader]:
    """Return who is named for a ledger: all of it for those who name people, else what concerns the actor's own bodies."""
    readers = current_readers().filter(ledger=ledger.ledger).select_related("user", "body", "granted_by")
    if may(actor, NAMERS):
        return readers
    return readers.filter(reach_of(actor, ledger).units("body__path")) if reach_of(actor, ledger) else readers.none()


def access_reader(actor: Actor, key: int) -> LedgerReader:
    """Return one naming, for those who name people.

    Raises:
        NotFound: there is none, or the actor does not name people.
    """
    found = current_readers().select_related("user", "body").filter(pk=key).first() if may(actor, NAMERS) else None
    if found is None:
        raise NotFound
    return found


def covers_any(reached: Reach, units: Iterable[Unit]) -> bool:
    """Return whether one of *units* lies within a reach."""
    return any(reached.covers(unit) for unit in units)
