"""What people are told 通知: one row per person and matter, where each wants it, and how it went out.

Only ``notifications/actions/`` writes here, and ``notifications/delivering.py``, which sends.  A :class:`Notification` is kept whatever becomes of its way out; a
:class:`Delivery` gathers many of them for one mail or one chat message.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.people.models import Unit, User


class Notification(models.Model):
    """Something one person was told."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    """Code from ``notifications.kinds``: by it people choose what reaches them where."""
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=500, blank=True)
    path = models.CharField(max_length=300)
    """Address below the root of the page where something can be done about it."""
    items = models.JSONField(default=list, blank=True)
    """What a digest lists: ``title path note late`` of each thing, the pressing ones first."""
    key = models.CharField(max_length=120, blank=True)
    """What it is about; the same key is not told twice while unread."""
    actor_name = models.CharField(max_length=60, blank=True)
    """Who caused it; empty for the system."""
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    muted = models.BooleanField(default=False)
    """Whether the person had muted its kind: kept and listed on demand, but neither counted nor sent."""
    handed_on_at = models.DateTimeField(null=True, blank=True)
    """When it was put into the deliveries the person wants; empty while it waits for that."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "read_at", "-id"], name="notification_of_user"),
            # The bell of every page is answered from this index alone.
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True, muted=False), name="notification_unread"
            ),
            models.Index(fields=["id"], condition=models.Q(handed_on_at__isnull=True), name="notification_to_hand_on"),
        ]

    def __str__(self) -> str:
        return self.title


class Channel(models.TextChoices):
    """A way out of the platform; what is told on the pages themselves needs none."""

    EMAIL = "email", _("电子邮件")
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    WEBHOOK = "webhook", _("自建机器人（JSON）")


class Mode(models.TextChoices):
    """When a kind goes out by a channel."""

    NOW = "now", _("即时")
    DAILY = "daily", _("每日汇总")
    NEVER = "never", _("不发")


class Preference(models.Model):
    """What one person chose; without a row all is as :mod:`zhenggai.notifications.wishes` says."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="notification_choice")
    muted = models.JSONField(default=list, blank=True)
    """Kinds whose messages are hidden."""
    modes = models.JSONField(default=dict, blank=True)
    """``email`` or ``chat`` → kind → mode, where it differs from the default."""
    digest_hour = models.PositiveSmallIntegerField(default=8)
    """Hour of the day at which what is gathered for the day goes out."""


class Address(models.Model):
    """A chat robot to which messages go: a person's own, or that of a unit's group."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="chat_addresses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="chat_addresses")
    """The unit about whose people the group is told; instead of a person."""
    channel = models.CharField(max_length=20, choices=Channel.choices)
    name = models.CharField(max_length=60)
    """What people call it."""
    secret = models.CharField(max_length=600)
    """The whole address with its key, as the sending library takes it; never shown, logged or put in the trail."""
    hint = models.CharField(max_length=80)
    """What may be shown of it."""
    kinds = models.JSONField(default=list, blank=True)
    """Of a unit's group: the kinds it is told."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True, unit__isnull=False)
                | models.Q(user__isnull=False, unit__isnull=True),
                name="address_of_person_or_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One mail or chat message on its way: gathered, tried, tried again, and in the end sent or not."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("未送达")
        LOST = "lost", _("不知是否送达")
        DROPPED = "dropped", _("无需发送")

    channel = models.CharField(max_length=20, choices=Channel.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries")
    """The person it is for; empty when it is for a unit's group."""
    address = models.ForeignKey(Address, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries")
    """The robot; empty for mail."""
    target = models.CharField(max_length=60)
    """What is gathered together: ``email:12:daily``."""
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    """When to try, or to try next."""
    claimed_at = models.DateTimeField(null=True, blank=True)
    """When a process took it to send it; only one can."""
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    notifications = models.ManyToManyField(Notification, related_name="deliveries")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["target"], condition=models.Q(state="waiting", attempts=0), name="one_gathering_delivery"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=["waiting", "sending"]), name="delivery_under_way"
            ),
        ]

    def __str__(self) -> str:
        return self.target


class DailyRun(models.Model):
    """That a room did its work of a day; there is one row, so it does it once."""

    room = models.CharField(max_length=40)
    day = models.DateField()
    counts = models.JSONField(default=dict, blank=True)
    """What came of it, as the room counts."""
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "room"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["room", "day"], name="daily_run_once"),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.day:%Y-%m-%d}"
