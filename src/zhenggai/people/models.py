"""Units as a tree, the people in them, and the posts that give people their roles.

A person may do only what a current :class:`Post` gives: role × unit. What a role may do is data, in
:mod:`zhenggai.people.roles`.  Units are never deleted, only closed; people are never deleted, only deactivated.
"""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """A public body, one of its departments, a grass-roots unit, or an outside supervisor."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("单位")
        DEPARTMENT = "department", _("内设机构")
        GRASSROOTS = "grassroots", _("基层单位")
        EXTERNAL = "external", _("外部监督单位")

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    """Other names under which documents speak of the unit."""
    path = models.CharField(max_length=255, unique=True)
    """Ids from the root, zero-padded, each followed by a stop: ``000001.000007.``; a prefix is an ancestor."""
    order = models.PositiveIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_below_parent"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class UserManager(BaseUserManager["User"]):
    """Finds people by the name they sign in with, in whatever case it is typed."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person who signs in as *username*."""
        return self.get(username=normal_username(username or ""))


def normal_username(typed: str) -> str:
    """Return a sign-in name in the one form in which it is stored and compared."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


class User(AbstractBaseUser):
    """A person who may sign in."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    preferences = models.JSONField(default=dict, blank=True)
    """What the person chose: columns, font size, folded navigation."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar[list[str]] = ["username"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person's role in a unit for a time. Roles are codes of :mod:`zhenggai.people.roles`."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)
    title = models.CharField(max_length=60, blank=True)
    """What people call it: 党组书记、检察长."""
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    charges = models.ManyToManyField(Unit, blank=True, related_name="leaders_in_charge")
    """Departments and units a leader is in charge of 分管."""

    class Meta:
        ordering: ClassVar[list[str]] = ["unit__order", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], condition=models.Q(ended_on__isnull=True), name="one_current_post"
            ),
        ]


class Deputy(models.Model):
    """Someone who acts for another for a time 代理: with all that person's posts, and named beside them in each act."""

    principal = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputies")
    """Who is absent."""
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputy_for")
    """Who acts for them."""
    started_on = models.DateField()
    ended_on = models.DateField()
    """The last day."""
    reason = models.CharField(max_length=200, blank=True)
    appointed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="appointed_deputies"
    )
    """Empty when the operator at the server did."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """Set when it was called off before its last day."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_on", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["deputy", "ended_on"], name="deputy_now"),
        ]


class SignInFailures(models.Model):
    """Failed sign-ins of one name or from one network address, counted alike whether or not the name exists."""

    key = models.CharField(max_length=80, unique=True)
    """``name:`` and the SHA-256 of the name as typed (people type passwords there), or ``address:`` and the address."""
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    """Start of the period in which failures are counted together."""
    blocked_until = models.DateTimeField(null=True, blank=True)


class SignedInSession(models.Model):
    """A session that is open, so that their number can be limited and each can be ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="signed_in_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    """What the browser calls itself."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-last_seen_at", "-id"]
