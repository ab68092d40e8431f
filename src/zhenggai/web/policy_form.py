"""The form of a set of rules: plain values ↔ what the form shows and sends.

What the office sees as fields and rows is the same mapping that :func:`zhenggai.policy.profile.parse_policy` checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.policy.profile import shipped_policy

NUMBERS: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    ("plan_due_months", _("整改方案报送"), _("反馈后几个月内")),
    ("period_months", _("集中整改期"), _("个月")),
    ("final_report_days", _("整改情况报告"), _("期满后几天内")),
    ("immediate_fix_days", _("立行立改期限"), _("天")),
    ("report_every_days", _("持续整改报告周期"), _("天一次")),
    ("review_days", _("每级审核时限"), _("个工作日")),
    ("near_days", _("临期提示"), _("到期前几天")),
    ("max_extensions", _("最多延期"), _("次")),
    ("min_evidence_per_measure", _("每项措施佐证"), _("至少几份")),
    ("condition_days", _("台账条件核验有效"), _("天内")),
    ("answer_tell_days", _("公众意见告知收到"), _("天内")),
    ("answer_months", _("公众意见答复"), _("个月内")),
    ("answer_contact_days", _("公众联系方式删除"), _("办结后几天")),
    ("answer_hourly", _("同一地址每小时意见"), _("最多几件")),
    ("answer_daily", _("同一地址每天意见"), _("最多几件")),
    ("answer_hourly_all", _("全部地址每小时意见"), _("最多几件")),
    ("answer_words", _("公众意见字数"), _("最多几字")),
    ("answer_files", _("公众意见附件"), _("最多几个")),
    ("answer_file_mb", _("每个附件大小"), _("最大几 MB")),
)
FLAGS: tuple[tuple[str, str | Promise], ...] = (
    ("roll_over_holidays", _("期限最后一日逢放假顺延到第一个工作日")),
    ("extension_counts_as_late", _("延期后完成的，仍按原时限计为逾期")),
    ("reopening_restarts_clock", _("重新整改时重新给定时限（否则沿用原时限）")),
    ("filing", _("销号后向巡察办报备")),
    ("answer_tell_workdays", _("告知公众意见收到的天数按工作日计算")),
)
DAY_LISTS: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    ("look_back_after_days", _("回头看"), _("销号后第几天，用逗号分开")),
)
LETTERS: tuple[tuple[str, str | Promise], ...] = (
    ("reminder", _("提醒函")),
    ("supervision_order", _("督办单")),
    ("circular", _("通报")),
    ("talk_record", _("约谈记录")),
)
RELATIONS: tuple[tuple[str, str | Promise], ...] = (
    ("department", _("责任部门的负责人")),
    ("leader", _("责任领导或分管领导")),
    ("body", _("本单位担任该角色的人")),
)
CRITERIA: tuple[tuple[str, str | Promise], ...] = (
    ("measures_done", _("措施全部完成")),
    ("evidence", _("佐证齐备")),
    ("confirmation", _("审核人确认")),
    ("document", _("对应一份文件")),
)
_SPARE_ROWS = 1
_NAMES = (*(each[0] for each in NUMBERS), *(each[0] for each in FLAGS))
_LATER = ("condition_days", *(name for name in _NAMES if name.startswith("answer_")))
"""What sets of rules saved before these parameters came do not hold."""


def form_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows for *values*: day lists as text, the ladder by letter, spare rows behind the others."""
    shown = {**{name: getattr(shipped_policy(), name) for name in _LATER}, **values}
    reminders = dict(values.get("reminders", {}))
    shown["look_back_after_days"] = _joined(values.get("look_back_after_days", ()))
    shown["reminders_before"] = _joined(reminders.get("before", ()))
    shown["reminders_after"] = _joined(reminders.get("after", ()))
    shown["reminders_on_day"] = reminders.get("on_day", True)
    shown["escalation"] = {step["letter"]: step["days"] for step in values.get("escalation", ())}
    blank = {"code": "", "label": "", "roles": [], "relation": "body"}
    shown["levels"] = [*values.get("levels", ()), *[blank] * _SPARE_ROWS]
    shown["criteria"] = [*values.get("criteria", ()), *[{"kind": "confirmation", "text": ""}] * _SPARE_ROWS]
    return shown


def read_form(form: QueryDict, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain values from what the form sent; what it does not hold stays as *before*.

    Text where a number belongs is handed on as it is, so that the check of the rules names it.
    """
    values = dict(before)
    values["name"] = form.get("name", "").strip()
    values |= {name: _number(form.get(name, "")) for name, _label, _unit in NUMBERS}
    values |= {name: name in form for name, _label in FLAGS}
    values["look_back_after_days"] = _numbers(form.get("look_back_after_days", ""))
    values["reminders"] = {
        "before": _numbers(form.get("reminders_before", "")),
        "on_day": "reminders_on_day" in form,
        "after": _numbers(form.get("reminders_after", "")),
    }
    values["escalation"] = [
        {"days": _number(form.get(f"escalation_{letter}", "")), "letter": letter}
        for letter, _label in LETTERS
        if form.get(f"escalation_{letter}", "").strip()
    ]
    values["levels"] = [level for number in range(_count(form, "levels")) if (level := _level(form, number))]
    values["criteria"] = [
        {"kind": form.get(f"criteria_{number}_kind", ""), "text": text}
        for number in range(_count(form, "criteria"))
        if (text := form.get(f"criteria_{number}_text", "").strip())
    ]
    return values


def _level(form: QueryDict, number: int) -> dict[str, Any]:
    label = form.get(f"levels_{number}_label", "").strip()
    if not label:
        return {}
    return {
        "code": form.get(f"levels_{number}_code", "").strip() or f"level_{number + 1}",
        "label": label,
        "roles": form.getlist(f"levels_{number}_roles"),
        "relation": form.get(f"levels_{number}_relation", ""),
        **{name: True for name in ("cosign", "skippable", "minutes") if f"levels_{number}_{name}" in form},
    }


def _count(form: QueryDict, name: str) -> int:
    told = form.get(f"{name}_count", "")
    return min(int(told), 30) if told.isascii() and told.isdecimal() else 0


def _number(text: str) -> Any:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else text


def _numbers(text: str) -> list[Any]:
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return [_number(part) for part in parts if part.strip()]


def _joined(days: Any) -> str:
    return "、".join(str(day) for day in days)
