"""What can go wrong with the rules and the work calendar, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput


class BadPolicy(BadInput):
    """A set of rules says something that cannot be."""

    code = "policy.BadPolicy"
    what = "规则参数“%(place)s”无法使用：%(reason)s。"
    where = "规则参数 %(place)s"
    todo = "请改正该参数后重新保存，原有规则仍然有效。"


class BadCalendarDay(BadInput):
    """A line of the work calendar cannot be taken."""

    code = "policy.BadCalendarDay"
    what = "工作日历中的“%(value)s”无法使用：%(reason)s。"
    where = "工作日历 %(value)s"
    todo = "请写成 2027-02-17 的样子，并选择上班或放假。"
