"""Acts on the tree of units."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.audit.actions import record
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, current_posts, require
from zhenggai.people.errors import BadName, PostEnded, UnitDoesNotFit, UnitInUse
from zhenggai.people.models import Unit
from zhenggai.people.roles import Permission

LONGEST_NAME = 120

# What may stand below what; None is the root.
_PARENTS: dict[str, frozenset[str | None]] = {
    Unit.Kind.ORGANISATION: frozenset({None, Unit.Kind.ORGANISATION}),
    Unit.Kind.EXTERNAL: frozenset({None, Unit.Kind.EXTERNAL}),
    Unit.Kind.GRASSROOTS: frozenset({Unit.Kind.ORGANISATION}),
    Unit.Kind.DEPARTMENT: frozenset(
        {Unit.Kind.ORGANISATION, Unit.Kind.GRASSROOTS, Unit.Kind.DEPARTMENT, Unit.Kind.EXTERNAL}
    ),
}


def clean_name(value: str, longest: int = LONGEST_NAME) -> str:
    """Return *value* as a name: one line, no invisible characters, trimmed.

    Raises:
        BadName: nothing is left, or too much.
    """
    name = "".join(c for c in " ".join(value.split()) if unicodedata.category(c)[0] != "C")
    if not name:
        raise BadName(value=name, reason=_("没有填写"), longest=longest)
    if len(name) > longest:
        raise BadName(value=name[:20] + "…", reason=_("过长"), longest=longest)
    return name


@transaction.atomic
def create_unit(
    *,
    actor: Actor,
    kind: str,
    name: str,
    parent: Unit | None = None,
    short_name: str = "",
    aliases: Sequence[str] = (),
) -> Unit:
    """Add a unit below *parent*, last among its siblings.

    Raises:
        NotAllowed: the actor does not manage units.
        BadName: the name is empty, too long, or taken below *parent*.
        UnitDoesNotFit: a unit of *kind* cannot stand there.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    parent = None if parent is None else locked_unit(parent)
    unit = Unit(
        kind=kind,
        name=clean_name(name),
        short_name=clean_name(short_name, 40) if short_name.strip() else "",
        aliases=[clean_name(alias) for alias in aliases if alias.strip()],
        parent=parent,
    )
    _check_fit(unit, parent)
    _check_free(unit, parent)
    siblings = Unit.objects.filter(parent=parent)
    unit.order = (siblings.aggregate(last=Max("order"))["last"] or 0) + 1
    # The path holds the id, which is known only afterwards.
    unit.path = f"new:{timezone.now().timestamp()}"
    unit.save()
    unit.path = _path_below(parent, unit)
    unit.save(update_fields=["path"])
    record(
        actor=actor,
        code="people.unit_created",
        object_type="unit",
        object_id=unit.pk,
        object_label=unit.name,
        data={"kind": unit.kind, "parent": parent.name if parent else None},
    )
    return unit


@transaction.atomic
def rename_unit(
    unit: Unit, *, actor: Actor, name: str, short_name: str = "", aliases: Sequence[str] | None = None
) -> Unit:
    """Give *unit* another name; the old one stays findable among its aliases.

    Raises:
        NotAllowed: the actor does not manage units.
        BadName: the name is empty, too long, or taken.
        PostEnded: the unit is closed.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    unit = locked_unit(unit)
    before = {"name": unit.name, "short_name": unit.short_name, "aliases": unit.aliases}
    new = clean_name(name)
    kept = list(unit.aliases) if aliases is None else [clean_name(alias) for alias in aliases if alias.strip()]
    if new != unit.name and unit.name not in kept:
        kept.append(unit.name)
    unit.name, unit.aliases = new, [alias for alias in kept if alias != new]
    unit.short_name = clean_name(short_name, 40) if short_name.strip() else ""
    _check_free(unit, unit.parent)
    unit.save(update_fields=["name", "short_name", "aliases"])
    after = {"name": unit.name, "short_name": unit.short_name, "aliases": unit.aliases}
    record(
        actor=actor,
        code="people.unit_renamed",
        object_type="unit",
        object_id=unit.pk,
        object_label=unit.name,
        data={"before": before, "after": after},
    )
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, actor: Actor, parent: Unit | None) -> Unit:
    """Put *unit*, with all below it, under another parent.

    Raises:
        NotAllowed: the actor does not manage units.
        UnitDoesNotFit: it cannot stand there, or would stand below itself.
        BadName: its name is taken there.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    unit = locked_unit(unit)
    parent = None if parent is None else locked_unit(parent)
    if parent is not None and parent.path.startswith(unit.path):
        raise UnitDoesNotFit(kind=unit.get_kind_display(), parent=parent.name, unit=unit.name)
    _check_fit(unit, parent)
    _check_free(unit, parent)
    old_parent, old_path = unit.parent, unit.path
    unit.parent, new_path = parent, _path_below(parent, unit)
    unit.order = (Unit.objects.filter(parent=parent).exclude(pk=unit.pk).aggregate(last=Max("order"))["last"] or 0) + 1
    unit.save(update_fields=["parent", "order"])
    Unit.objects.filter(path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1))
    )
    unit.refresh_from_db()
    record(
        actor=actor,
        code="people.unit_moved",
        object_type="unit",
        object_id=unit.pk,
        object_label=unit.name,
        data={"before": old_parent.name if old_parent else None, "after": parent.name if parent else None},
    )
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, actor: Actor) -> Unit:
    """Close *unit* as of today; what refers to it stays.

    Raises:
        NotAllowed: the actor does not manage units.
        UnitInUse: it has open units below or current posts.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    unit = locked_unit(unit)
    children = unit.children.filter(closed_on__isnull=True).count()
    posts = current_posts().filter(unit=unit).count()
    if children or posts:
        raise UnitInUse(unit=unit.name, children=children, posts=posts)
    unit.closed_on = timezone.localdate()
    unit.save(update_fields=["closed_on"])
    record(actor=actor, code="people.unit_closed", object_type="unit", object_id=unit.pk, object_label=unit.name)
    return unit


def locked_unit(unit: Unit) -> Unit:
    """Return *unit* as it stands now, locked and open.

    Raises:
        NotFound: there is none.
        PostEnded: it is closed.
    """
    fresh = Unit.objects.select_for_update(no_key=True).filter(pk=unit.pk).first()
    if fresh is None:
        raise NotFound
    if fresh.closed_on is not None:
        raise PostEnded(label=fresh.name)
    return fresh


def _check_fit(unit: Unit, parent: Unit | None) -> None:
    allowed = _PARENTS.get(unit.kind, frozenset())
    if (parent.kind if parent else None) not in allowed:
        raise UnitDoesNotFit(kind=unit.get_kind_display(), parent=parent.name if parent else _("顶层"), unit=unit.name)


def _check_free(unit: Unit, parent: Unit | None) -> None:
    # The database's own constraint does not see roots, whose parent is empty.
    if Unit.objects.filter(parent=parent, name=unit.name).exclude(pk=unit.pk).exists():
        raise BadName(value=unit.name, reason=_("与同级单位重名"), longest=LONGEST_NAME)


def _path_below(parent: Unit | None, unit: Unit) -> str:
    return f"{parent.path if parent else ''}{unit.pk:06d}."
