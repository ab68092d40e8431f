"""The one place that answers who may do what, and how far it reaches.

A user and a permission come in, an answer or a :class:`Reach` comes out; the truth lives in the current posts and in
:mod:`zhenggai.people.roles`.  What was found is kept on the user object, which lives as long as the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhenggai.kit.errors import NotAllowed
from zhenggai.people.models import Deputy, Post, Unit, User
from zhenggai.people.roles import OFFICERS, ROLES, Scope

_KEPT_AS = "_zhenggai_access"


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever works at the server's own command line, or the system itself: may do everything, and is recorded so."""

    name: str = "系统运维（命令行）"
    """Name in the trail."""
    pk: None = None
    """Operators have no account."""


OPERATOR: Final = Operator()

Actor = User | Operator


@dataclass(frozen=True, slots=True)
class Reach:
    """What a permission reaches. Empty reaches nothing."""

    everything: bool = False
    """Every unit of this installation."""
    unit_paths: tuple[str, ...] = ()
    """Paths of units; each includes all units below."""
    department_ids: frozenset[int] = frozenset()
    """Departments whose work is reached, whether they lead or assist."""
    user_ids: frozenset[int] = frozenset()
    """The people whose own work is reached: oneself, and those one acts for."""
    filed_paths: tuple[str, ...] = ()
    """Paths of units of which only what was filed with the inspection office is reached."""

    def __bool__(self) -> bool:
        parts = (self.unit_paths, self.department_ids, self.user_ids, self.filed_paths)
        return self.everything or any(parts)

    def covers(self, unit: Unit) -> bool:
        """Return whether all of *unit* is reached."""
        return (
            self.everything
            or any(unit.path.startswith(path) for path in self.unit_paths)
            or (unit.pk is not None and unit.pk in self.department_ids)
        )

    def units(self, field_path: str = "path") -> Q:
        """Return the condition that a unit's path, found at *field_path*, lies in the reached bodies."""
        if self.everything:
            return Q()
        condition = Q(pk__in=())
        for path in self.unit_paths:
            condition |= Q(**{f"{field_path}__startswith": path})
        return condition


NOWHERE: Final = Reach()
EVERYWHERE: Final = Reach(everything=True)


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A current post, as access looks at it."""

    post_id: int
    """Id of the post."""
    role: str
    """Role code."""
    title: str
    """What people call it."""
    unit_id: int
    """Unit in which it is held."""
    unit_name: str
    """Its name."""
    body_path: str
    """Path of the body the unit belongs to."""
    charge_paths: tuple[str, ...] = ()
    """Paths of the bodies it is in charge of."""
    charge_departments: frozenset[int] = frozenset()
    """Departments it is in charge of."""
    holder_id: int = 0
    """Who holds it: the person, or someone they act for."""


@dataclass(frozen=True, slots=True)
class Access:
    """All that one person may do."""

    posts: tuple[HeldPost, ...] = ()
    """Current posts."""
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    """Permission → reach; a permission not listed is not held."""
    principals: frozenset[int] = frozenset()
    """Ids of the people whom the person acts for today."""

    @property
    def roles(self) -> frozenset[str]:
        """Codes of the roles held."""
        return frozenset(post.role for post in self.posts)

    @property
    def permissions(self) -> frozenset[str]:
        """Codes of the permissions held."""
        return frozenset(self.reaches)


def access_of(user: User) -> Access:
    """Return all that *user* may do now; one or two queries for the first call, none for the next ones."""
    kept: Access | None = user.__dict__.get(_KEPT_AS)
    if kept is None:
        kept = user.__dict__[_KEPT_AS] = _read_access(user)
    return kept


def forget_access(user: User) -> None:
    """Drop what is kept on *user*, after its posts changed."""
    user.__dict__.pop(_KEPT_AS, None)


def may(actor: Actor, permission: str, unit: Unit | None = None) -> bool:
    """Return whether *actor* holds *permission*, and for *unit* if one is given."""
    reached = reach(actor, permission)
    return bool(reached) if unit is None else reached.covers(unit)


def require(actor: Actor, permission: str, unit: Unit | None = None) -> None:
    """Go on only when *actor* holds *permission*, and for *unit* if one is given.

    Raises:
        NotAllowed: it is not held.
    """
    if not may(actor, permission, unit):
        raise NotAllowed(permission=str(permission))


def reach(actor: Actor, permission: str) -> Reach:
    """Return what *permission* reaches for *actor*, for building querysets."""
    if isinstance(actor, Operator):
        return EVERYWHERE
    return access_of(actor).reaches.get(str(permission), NOWHERE)


def current_posts(today: date | None = None) -> QuerySet[Post]:
    """Return the posts that are held today by active people in open units."""
    today = today or timezone.localdate()
    return Post.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=today),
        started_on__lte=today,
        user__is_active=True,
        unit__closed_on__isnull=True,
    )


def current_deputies(today: date | None = None) -> QuerySet[Deputy]:
    """Return the appointments by which someone acts for another today."""
    today = today or timezone.localdate()
    return Deputy.objects.filter(ended_at__isnull=True, started_on__lte=today, ended_on__gte=today)


def _read_access(user: User) -> Access:
    if not user.is_active or user.pk is None:
        return Access()
    acted_for = current_deputies().filter(deputy=user, principal__is_active=True).values("principal_id")
    rows = list(
        current_posts()
        .filter(Q(user=user) | Q(user_id__in=acted_for) & ~Q(role__in=OFFICERS))
        .order_by("unit__order", "id")
        .values_list(
            "id", "role", "title", "unit_id", "unit__name", "unit__path", "unit__kind",
            "charges__id", "charges__path", "charges__kind", "charges__closed_on", "user_id",
        )
    )  # fmt: skip
    rows.sort(key=lambda row: row[11] != user.pk)  # one's own posts first; the sort keeps their order
    bodies = _body_paths({(row[5], row[6]) for row in rows})
    posts = tuple(_held_posts(rows, bodies))
    reaches: dict[str, Reach] = {}
    for post in posts:
        role = ROLES.get(post.role)
        for permission, scope in role.grants.items() if role else ():
            key = str(permission)
            reaches[key] = _joined(reaches.get(key, NOWHERE), _reach_of(scope, post))
    return Access(posts, reaches, frozenset(post.holder_id for post in posts) - {user.pk})


def _body_paths(units: set[tuple[str, str]]) -> dict[str, str]:
    """Map each unit's path to the path of its body; asks the database only when a post is held in a department."""
    departments = [path for path, kind in units if kind == Unit.Kind.DEPARTMENT]
    kinds: dict[str, str] = {}
    if departments:
        above = {ancestor for path in departments for ancestor in ancestor_paths(path)}
        kinds = dict(Unit.objects.filter(path__in=above).values_list("path", "kind"))
    found = {path: path for path, _kind in units}
    for path in departments:
        bodies = [above for above in ancestor_paths(path) if kinds.get(above, "") not in ("", Unit.Kind.DEPARTMENT)]
        found[path] = bodies[-1] if bodies else path
    return found


def ancestor_paths(path: str) -> list[str]:
    """Return the paths above *path*, from the root down, without itself."""
    parts = path.rstrip(".").split(".")
    return [".".join(parts[:length]) + "." for length in range(1, len(parts))]


def _held_posts(rows: Iterable[tuple[Any, ...]], bodies: Mapping[str, str]) -> Iterable[HeldPost]:
    by_post: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_post.setdefault(row[0], []).append(row)
    for lines in by_post.values():
        post_id, role, title, unit_id, unit_name, path, _kind = lines[0][:7]
        charges = [line[7:11] for line in lines if line[7] is not None and line[10] is None]
        yield HeldPost(
            post_id,
            role,
            title,
            unit_id,
            unit_name,
            bodies[path],
            tuple(sorted(charge[1] for charge in charges if charge[2] != Unit.Kind.DEPARTMENT)),
            frozenset(charge[0] for charge in charges if charge[2] == Unit.Kind.DEPARTMENT),
            lines[0][11],
        )


def _reach_of(scope: Scope, post: HeldPost) -> Reach:
    mine = frozenset({post.holder_id})
    match scope:
        case Scope.ALL:
            return EVERYWHERE
        case Scope.UNIT:
            return Reach(unit_paths=(post.body_path,))
        case Scope.CHARGE:
            return Reach(unit_paths=post.charge_paths, department_ids=post.charge_departments, user_ids=mine)
        case Scope.DEPARTMENT:
            return Reach(department_ids=frozenset({post.unit_id}), user_ids=mine)
        case Scope.OWN:
            return Reach(user_ids=mine)
        case Scope.FILED:
            return Reach(filed_paths=post.charge_paths)


def _joined(one: Reach, other: Reach) -> Reach:
    return Reach(
        one.everything or other.everything,
        _widest({*one.unit_paths, *other.unit_paths}),
        one.department_ids | other.department_ids,
        one.user_ids | other.user_ids,
        _widest({*one.filed_paths, *other.filed_paths}),
    )


def _widest(paths: set[str]) -> tuple[str, ...]:
    return tuple(path for path in sorted(paths) if not any(path != wide and path.startswith(wide) for wide in paths))
