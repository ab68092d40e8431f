"""The kinds of what people are told, for ever; by them each person chooses what reaches them where."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Kinds of notifications."""

    TO_REVIEW = "to_review", _("有事项待我审核")
    RETURNED = "returned", _("退回补正")
    DECIDED = "decided", _("审核结果与销号")
    ASSIGNED = "assigned", _("分派给我的任务")
    REMINDER = "reminder", _("到期与超期提醒")
    EXTENSION = "extension", _("延期申请")
    PLAN = "plan", _("整改方案")
    NOTICE = "notice", _("通报审批与发布")
    LETTER = "letter", _("督办函件")
    CHECK = "check", _("回头看与抽查")
    REFERRAL = "referral", _("交办与共性问题")
    ALERT = "alert", _("台账预警与反弹")
    ANSWER = "answer", _("公众意见")
    HAND_OVER = "hand_over", _("代理与移交")
    TEST = "test", _("测试消息")


CHOOSABLE: tuple[Kind, ...] = tuple(kind for kind in Kind if kind is not Kind.TEST)
"""Kinds about which a person chooses; a test message goes where it was asked to go."""
