"""What can go wrong with the rules and the work calendar, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict


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


class BadDecree(BadInput):
    """The arrangement of a year's holidays cannot be read, or contradicts itself."""

    code = "policy.BadDecree"
    what = "节假日安排中的“%(place)s”无法使用：%(reason)s。"
    where = "节假日安排 %(place)s"
    todo = "请粘贴公布的原文，或按“元旦：1月1日至3日放假，共3天。1月4日上班。”的样子填写。"


class NothingToUndo(Conflict):
    """A change of the work calendar cannot be undone any more."""

    code = "policy.NothingToUndo"
    what = "%(year)s 年工作日历的这次修改不能撤销，它已经撤销或者之后又有修改。"
    todo = "请刷新页面；只能从最近一次修改开始逐次撤销。"
