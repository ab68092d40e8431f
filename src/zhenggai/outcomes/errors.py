"""What can go wrong with outcomes, in words."""

from __future__ import annotations

from zhenggai.kit.errors import Conflict


class AlreadyMember(Conflict):
    """The person belongs to the group already."""

    code = "outcomes.AlreadyMember"
    what = "%(name)s已在“%(group)s”中，不能重复加入。"
    where = "小组“%(group)s”"
    todo = "如需调整职务，请先让其退出再加入。"


class NotMember(Conflict):
    """The person does not belong to the group any more."""

    code = "outcomes.NotMember"
    what = "%(name)s已不在“%(group)s”中，操作没有生效。"
    where = "小组“%(group)s”"
    todo = "请刷新页面查看当前成员。"


class DecisionClosed(Conflict):
    """The decision is not being followed up any more."""

    code = "outcomes.DecisionClosed"
    what = "该议定事项已办结（%(state)s），不能再填报落实情况。"
    where = "议定事项“%(title)s”"
    todo = "确需补充的，请先由整改办把状态改回“落实中”。"
