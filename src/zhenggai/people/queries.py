"""Reading units, people and posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, Reach, current_posts, may, reach, require
from zhenggai.people.actions.sessions import name_key_of
from zhenggai.people.models import Deputy, Post, SignedInSession, SignInFailures, Unit, User
from zhenggai.people.roles import OFFICERS, PERMISSION_LABELS, SCOPE_LABELS, MatrixRow, Permission, matrix


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit in the tree, with those below it."""

    unit: Unit
    """The unit."""
    depth: int
    """0 for what stands at the top of what the reader may see."""
    people_count: int
    """Active people with a current post right here."""
    children: tuple[UnitNode, ...]
    """Units below, in order."""


def visible_units(actor: Actor, permission: Permission = Permission.VIEW_PEOPLE) -> QuerySet[Unit]:
    """Return the open units that *permission* reaches for *actor*, in tree order."""
    reached = reach(actor, permission)
    return Unit.objects.filter(_unit_condition(reached), closed_on__isnull=True).order_by("path")


def units_tree(actor: Actor) -> tuple[UnitNode, ...]:
    """Return the open units the actor may see as a tree, siblings in their order; two queries.

    Raises:
        NotAllowed: the actor may not view people.
    """
    require(actor, Permission.VIEW_PEOPLE)
    units = list(visible_units(actor).order_by("order", "id"))
    counts: dict[int, set[int]] = {}
    for unit_id, user_id in (
        current_posts().filter(unit__in=[unit.pk for unit in units]).values_list("unit_id", "user_id")
    ):
        counts.setdefault(unit_id, set()).add(user_id)
    known = {unit.pk for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)

    def nodes(parent: int | None, depth: int) -> tuple[UnitNode, ...]:
        return tuple(
            UnitNode(unit, depth, len(counts.get(unit.pk, ())), nodes(unit.pk, depth + 1))
            for unit in below.get(parent, [])
        )

    return nodes(None, 0)


def flat(tree: Iterable[UnitNode]) -> Iterable[UnitNode]:
    """Yield the nodes of *tree* in reading order."""
    for node in tree:
        yield node
        yield from flat(node.children)


def access_unit(actor: Actor, unit_id: int, permission: Permission = Permission.VIEW_PEOPLE) -> Unit:
    """Return a unit that *permission* reaches.

    Raises:
        NotFound: there is none, or it is not reached.
    """
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or not may(actor, permission, unit):
        raise NotFound
    return unit


def access_user(actor: Actor, user_id: int, permission: Permission = Permission.VIEW_PEOPLE) -> User:
    """Return a person whom *permission* reaches through any of their posts that has not ended; oneself always.

    Raises:
        NotFound: there is none, or they are not reached.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    reached = reach(actor, permission)
    if user.pk == actor.pk or reached.everything:
        return user
    if not reached or not _standing_posts(reached).filter(user=user).exists():
        raise NotFound
    return user


def access_post(actor: Actor, post_id: int, permission: Permission = Permission.VIEW_PEOPLE) -> Post:
    """Return a post in a unit that *permission* reaches, with its person, unit and charges.

    Raises:
        NotFound: there is none, or it is not reached.
    """
    post = Post.objects.select_related("user", "unit").prefetch_related("charges").filter(pk=post_id).first()
    if post is None or not may(actor, permission, post.unit):
        raise NotFound
    return post


def access_session(actor: Actor, session_id: int) -> SignedInSession:
    """Return an open session: one's own, or anyone's for who manages people.

    Raises:
        NotFound: there is none, or it is someone else's.
    """
    row = SignedInSession.objects.select_related("user").filter(pk=session_id).first()
    if row is None or (row.user_id != actor.pk and not may(actor, Permission.MANAGE_PEOPLE)):
        raise NotFound
    return row


def people_in(actor: Actor, unit: Unit) -> list[Post]:
    """Return the current posts held right in *unit*, with their people and charges; two queries.

    Raises:
        NotFound: the unit is not reached.
    """
    if not may(actor, Permission.VIEW_PEOPLE, unit):
        raise NotFound
    return list(current_posts().filter(unit=unit).select_related("user", "unit").prefetch_related("charges"))


def visible_people(actor: Actor, permission: Permission = Permission.VIEW_PEOPLE) -> QuerySet[User]:
    """Return the people within reach of a permission of the actor's, with their current posts as ``current``.

    They are those with a post within reach that has not ended, so that people who went to another unit are no longer
    seen by their former one.  Who manages accounts or grants posts sees those without any post too.
    """
    reached = reach(actor, permission)
    posts = current_posts().select_related("unit").order_by("unit__path", "id")
    people = User.objects.prefetch_related(Prefetch("posts", queryset=posts, to_attr="current"))
    if reached.everything:
        return people
    return people.filter(posts__in=_standing_posts(reached)).distinct()


def bodies_for(actor: Actor, permission: Permission) -> list[Unit]:
    """Return the open organisations and grass-roots units that *permission* reaches, in tree order."""
    kinds = (Unit.Kind.ORGANISATION, Unit.Kind.GRASSROOTS)
    return list(visible_units(actor, permission).filter(kind__in=kinds))


def own_body(user: User) -> Unit | None:
    """Return the body of the person's first current post: the unit a page starts with."""
    post = current_posts().filter(user=user).select_related("unit").order_by("unit__order", "id").first()
    if post is None:
        return None
    unit: Unit | None = post.unit
    while unit is not None and unit.kind == Unit.Kind.DEPARTMENT and unit.parent is not None:
        unit = unit.parent
    return unit


def deputies_of(user: User) -> list[Deputy]:
    """Return the appointments, standing or to come, by which others act for the person; soonest first."""
    return list(_standing_deputies().filter(principal=user).order_by("started_on", "id"))


def deputy_for(user: User) -> list[Deputy]:
    """Return the appointments, standing or to come, by which the person acts for others; soonest first."""
    return list(_standing_deputies().filter(deputy=user).order_by("started_on", "id"))


def access_deputy(actor: Actor, deputy_id: int) -> Deputy:
    """Return an appointment that concerns the actor, or any for who grants posts.

    Raises:
        NotFound: there is none, or it is others' matter.
    """
    found = Deputy.objects.select_related("principal", "deputy").filter(pk=deputy_id).first()
    if found is None:
        raise NotFound
    if actor.pk not in (found.principal_id, found.deputy_id) and not may(actor, Permission.ASSIGN_POSTS):
        raise NotFound
    return found


def possible_deputies(principal: User) -> list[User]:
    """Return the active people who may act for *principal*: same organisation, no officers; by name."""
    roots = {path.partition(".")[0] + "." for path in _paths_of(principal)}
    if not roots:
        return []
    here = Q()
    for root in roots:
        here |= Q(unit__path__startswith=root)
    posts = current_posts().filter(here).exclude(role__in=OFFICERS).order_by()
    officers = Post.objects.filter(role__in=OFFICERS, ended_on__isnull=True).order_by().values("user")
    people = User.objects.filter(pk__in=posts.values("user"), is_active=True).exclude(pk__in=officers)
    return list(people.exclude(pk=principal.pk).order_by("name", "id"))


def names_of(user_ids: Iterable[int]) -> list[str]:
    """Return the names of people; no query for nobody."""
    keys = list(user_ids)
    return list(User.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True)) if keys else []


def open_sessions(user: User) -> list[SignedInSession]:
    """Return the person's open sessions, last used first."""
    return list(SignedInSession.objects.filter(user=user))


def locked_user_ids(users: Iterable[User]) -> frozenset[int]:
    """Return the ids of those whose name is locked now after failed sign-ins; one query."""
    keys = {name_key_of(user): user.pk for user in users}
    locked = SignInFailures.objects.filter(key__in=keys, blocked_until__gt=timezone.now()).values_list("key", flat=True)
    return frozenset(keys[key] for key in locked)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The permission matrix as a page shows it."""

    permissions: tuple[tuple[str, str], ...]
    """Code and words of each permission, in column order."""
    rows: tuple[MatrixRow, ...]
    """One row per role; see :class:`zhenggai.people.roles.MatrixRow`."""
    scopes: dict[str, str]
    """Words for each scope."""


def matrix_for_display() -> Matrix:
    """Return the matrix of roles and permissions with its words in the current language."""
    return Matrix(
        tuple((str(code), str(label)) for code, label in PERMISSION_LABELS.items()),
        matrix(),
        {str(code): str(label) for code, label in SCOPE_LABELS.items()},
    )


def _standing_deputies() -> QuerySet[Deputy]:
    rows = Deputy.objects.filter(ended_at__isnull=True, ended_on__gte=timezone.localdate())
    return rows.select_related("principal", "deputy", "appointed_by")


def _paths_of(user: User) -> list[str]:
    return list(current_posts().filter(user=user).order_by().values_list("unit__path", flat=True))


def _standing_posts(reached: Reach) -> QuerySet[Post]:
    """Return the posts within reach that have not ended, also those of closed accounts and those that begin later."""
    not_ended = Q(ended_on__isnull=True) | Q(ended_on__gt=timezone.localdate())
    return Post.objects.filter(not_ended, reached.units("unit__path"))


def _unit_condition(reached: Reach) -> Q:
    condition = reached.units()
    return condition if not reached.department_ids else condition | Q(pk__in=reached.department_ids)
