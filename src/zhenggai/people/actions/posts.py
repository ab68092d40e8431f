"""Acts on posts: who holds which role where, and what leaders are in charge of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, Operator, current_posts, forget_access, require
from zhenggai.people.actions.accounts import check_not_last_officer, lock_officers, locked_user
from zhenggai.people.actions.units import locked_unit
from zhenggai.people.errors import (
    AlreadyHeld,
    NoCharges,
    NotOneself,
    OfficersKeptApart,
    PostEnded,
    RoleDoesNotFit,
    RoleUnknown,
)
from zhenggai.people.models import Post, Unit, User
from zhenggai.people.roles import OFFICERS, ROLES, Permission, Role


@transaction.atomic
def grant_post(
    user: User, *, actor: Actor, unit: Unit, role: str, title: str = "", started_on: date | None = None
) -> Post:
    """Give *user* the *role* in *unit*.

    Raises:
        NotAllowed: the actor does not grant posts.
        NotOneself: the actor grants to themselves.
        RoleUnknown: there is no such role.
        RoleDoesNotFit: it cannot be held in a unit of this kind.
        OfficersKeptApart: it would join an officer's role with any other.
        AlreadyHeld: the person holds it already.
        PostEnded: the account or unit is closed.
    """
    require(actor, Permission.ASSIGN_POSTS)
    declared = _declared(role)
    user, unit = locked_user(user), locked_unit(unit)
    if not user.is_active:
        raise PostEnded(label=user.name)
    if user.pk == actor.pk and not isinstance(actor, Operator):
        raise NotOneself(name=user.name)
    if unit.kind not in declared.unit_kinds:
        raise RoleDoesNotFit(role=declared.label, unit=unit.name)
    _check_officers_apart(user, declared)
    if Post.objects.filter(user=user, unit=unit, role=role, ended_on__isnull=True).exists():
        raise AlreadyHeld(name=user.name, unit=unit.name, role=declared.label)
    post = Post.objects.create(
        user=user, unit=unit, role=role, title=title.strip()[:60], started_on=started_on or timezone.localdate()
    )
    _record(actor, "people.post_granted", post, {"title": post.title, "started_on": post.started_on})
    return post


@transaction.atomic
def end_post(post: Post, *, actor: Actor) -> Post:
    """End *post* as of today.

    Raises:
        NotAllowed: the actor does not grant posts.
        LastOfficer: nobody else could do an officer's work.
        PostEnded: it has ended already.
    """
    require(actor, Permission.ASSIGN_POSTS)
    if post.role in OFFICERS:  # a post keeps its role
        lock_officers()
    post = _locked_post(post)
    if (
        post.role in OFFICERS
        and not current_posts().filter(user=post.user, role=post.role).exclude(pk=post.pk).exists()
    ):
        check_not_last_officer(post.user, post.role)
    post.ended_on = timezone.localdate()
    post.save(update_fields=["ended_on"])
    forget_access(post.user)
    _record(actor, "people.post_ended", post, {"ended_on": post.ended_on})
    return post


@transaction.atomic
def set_charges(post: Post, *, actor: Actor, units: Iterable[Unit]) -> Post:
    """Say what the holder of *post* is in charge of, instead of what was said before.

    Raises:
        NotAllowed: the actor does not grant posts.
        NoCharges: posts of this role have no charges.
        PostEnded: the post has ended or a unit is closed.
    """
    require(actor, Permission.ASSIGN_POSTS)
    post = _locked_post(post)
    if not ROLES[post.role].has_charges:
        raise NoCharges(role=ROLES[post.role].label, name=post.user.name)
    before = sorted(post.charges.values_list("name", flat=True))
    chosen = [locked_unit(unit) for unit in units]
    post.charges.set(chosen)
    forget_access(post.user)
    _record(actor, "people.charges_set", post, {"before": before, "after": sorted(unit.name for unit in chosen)})
    return post


def _declared(role: str) -> Role:
    declared = ROLES.get(role)
    if declared is None:
        raise RoleUnknown(role=role)
    return declared


def _check_officers_apart(user: User, wanted: Role) -> None:
    # Posts that begin later count too; asleep ones of a closed account cannot occur here.
    held = Post.objects.filter(user=user, ended_on__isnull=True).exclude(role=wanted.code)
    for role in held.values_list("role", flat=True):
        if wanted.officer or role in OFFICERS:
            raise OfficersKeptApart(name=user.name, held=ROLES[role].label, role=wanted.label)


def _locked_post(post: Post) -> Post:
    fresh = Post.objects.select_for_update(of=("self",)).select_related("user", "unit").filter(pk=post.pk).first()
    if fresh is None:
        raise NotFound
    if not current_posts().filter(pk=fresh.pk).exists() and fresh.ended_on is not None:
        raise PostEnded(label=ROLES[fresh.role].label)
    return fresh


def _record(actor: Actor, code: str, post: Post, data: dict[str, object]) -> None:
    record(
        actor=actor,
        code=code,
        object_type="post",
        object_id=post.pk,
        object_label=post.user.name,
        data={"role": post.role, "unit": post.unit.name, "user": post.user.username, **data},
    )
