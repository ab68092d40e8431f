"""The words of a message that goes out: notifications come in, subject and text go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import Notification

MOST_LISTED = 100
"""How many things a message lists; the rest is counted."""
MOST_IN_CHAT = 20


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to send."""

    subject: str
    """One line."""
    text: str
    """The rest, plain."""


def build_mail(name: str, told: Sequence[Notification], site: str) -> Message:
    """Return the one mail that tells a person all of *told*, each with the address of its page.

    Args:
        name: the person's name.
        told: what to tell, oldest first.
        site: address of the platform without a stroke at its end; empty when nobody stated it.
    """
    lines = [_("%(name)s：") % {"name": name}, ""]
    lines += [line for note in told[:MOST_LISTED] for line in _entry(note, site)]
    if len(told) > MOST_LISTED:
        lines += [_("另有 %(count)s 条，请登录平台查看。") % {"count": len(told) - MOST_LISTED}, ""]
    lines.append(_("本邮件由整改管理平台自动发送，请勿回复。在“提醒设置”中可以改变收到什么、何时收到。"))
    if site:
        lines.append(f"{site}/me/notifications/")
    return Message(_subject(told), "\n".join(lines))


def build_chat(told: Sequence[Notification], site: str, *, titles: bool, names: bool) -> Message:
    """Return the one chat message for *told*.

    Args:
        told: what to tell, oldest first.
        site: address of the platform; empty when nobody stated it.
        titles: whether titles may leave for a chat service; otherwise only counts do.
        names: whether to say whom it concerns, for a group.
    """
    lines = []
    if names:
        lines += [
            _("%(name)s：%(count)s 条") % {"name": name, "count": count}
            for name, count in Counter(note.user.name for note in told).most_common(MOST_IN_CHAT)
        ]
    elif titles:
        lines += [f"· {note.title}" for note in told[:MOST_IN_CHAT]]
        if len(told) > MOST_IN_CHAT:
            lines.append(_("另有 %(count)s 条，请登录平台查看。") % {"count": len(told) - MOST_IN_CHAT})
    lines.append(f"{site}/notifications/" if site else _("请登录整改管理平台办理。"))
    return Message(_counted(told) if names or not titles else _subject(told), "\n".join(lines))


def _entry(note: Notification, site: str) -> list[str]:
    lines = [f"■ {note.title}"]
    if note.body:
        lines.append(f"  {note.body}")
    for item in note.items[:MOST_LISTED]:
        lines.append(f"  · {item['title']}（{item['note']}）" if item.get("note") else f"  · {item['title']}")
        if site:
            lines.append(f"    {site}{item['path']}")
    if site and not note.items:
        lines.append(f"  {site}{note.path}")
    return [*lines, ""]


def _subject(told: Sequence[Notification]) -> str:
    if len(told) == 1:
        return _("整改提醒：%(title)s") % {"title": told[0].title}
    return _counted(told)


def _counted(told: Sequence[Notification]) -> str:
    kinds = Counter(note.kind for note in told)
    parts = "、".join(
        _("%(kind)s %(count)s 条") % {"kind": Kind(kind).label if kind in Kind.values else kind, "count": count}
        for kind, count in kinds.most_common()
    )
    return _("整改提醒 %(count)s 条：%(parts)s") % {"count": len(told), "parts": parts}
