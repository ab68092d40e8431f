"""The act that sets what the notices of a body take as given."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.audit.actions import record
from zhenggai.notices import codes
from zhenggai.notices.actions.core import clean
from zhenggai.notices.actions.writing import check_style
from zhenggai.notices.errors import BadValue, SettingsChanged
from zhenggai.notices.models import NoticeSettings
from zhenggai.notices.transitions import WRITE
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit

TEXTS = {
    "organ": _("被巡察党组织"),
    "signature": _("落款"),
    "phone": _("电话"),
    "address": _("邮政信箱"),
    "postcode": _("邮政编码"),
    "email": _("电子邮箱"),
}
_MOST_DAYS = 3660


def save_settings(unit: Unit, values: Mapping[str, object], *, actor: Actor, version: int) -> NoticeSettings:
    """Set what the notices of a body take as given; notices that are written already stay as they are.

    Args:
        unit: the body.
        values: names of :data:`TEXTS`, ``style``, ``answer_days``, ``bind_all``.
        actor: who sets it.
        version: the version the person saw; 0 before anything was set.

    Raises:
        NotAllowed: the actor writes no notices of the body.
        SettingsChanged: somebody else set something since.
        NoSuchStyle, BadValue: a value cannot be taken.
    """
    require(actor, WRITE, unit)
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
        found = NoticeSettings.objects.filter(unit=unit).first() or NoticeSettings(unit=unit, version=0)
        if found.version != version:
            raise SettingsChanged(unit=unit.name)
        changes = {name: value for name, value in _read(values).items() if getattr(found, name) != value}
        for name, value in changes.items():
            setattr(found, name, value)
        found.version += 1
        found.save()
        record(
            actor=actor,
            code=codes.SETTINGS_CHANGED,
            object_type="notice_settings",
            object_id=found.pk,
            object_label=unit.name,
            data={"changes": changes, "version": found.version},
        )
    return found


def _read(values: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, label in TEXTS.items():
        if name in values:
            longest = getattr(NoticeSettings._meta.get_field(name), "max_length", 0) or 0
            text = clean(str(values[name] or "")).replace("\n", " ")
            if len(text) > longest:
                raise BadValue(label=label, value=text[:20] + "…", reason=_now("文字太长"))
            found[name] = text
    if "style" in values:
        check_style(str(values["style"]))
        found["style"] = values["style"]
    if "answer_days" in values:
        found["answer_days"] = _days(values["answer_days"])
    if "bind_all" in values:
        found["bind_all"] = bool(values["bind_all"])
    return found


def _days(value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_DAYS:
        raise BadValue(label=_now("收集意见天数"), value=text[:10], reason=_now("应为 1 至 3660 的整数"))
    return int(text)
