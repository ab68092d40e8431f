"""What can go wrong with what was handed over, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict


class AlreadyDone(Conflict):
    """It was dealt with already."""

    code = "referrals.AlreadyDone"
    what = "“%(title)s”已于 %(day)s 办结，不能再次填报。"
    where = "登记“%(title)s”"
    todo = "确需更正的，请由登记人员修改该条登记。"


class NoReaderLeft(BadInput):
    """Nobody would be left who may read the clue."""

    code = "referrals.NoReaderLeft"
    what = "线索至少要有一名具备线索办理权限的知悉人。"
    where = "字段“知悉人”"
    todo = "请至少指定一人后重新提交。"


class HasReaders(Conflict):
    """The clue is not ownerless."""

    code = "referrals.HasReaders"
    what = "该线索仍有知悉人，不能接管。"
    where = "问题线索"
    todo = "如需知悉，请由现有知悉人指定。"


class NoUnitsChosen(BadInput):
    """No unit was chosen that does not have the problem yet."""

    code = "referrals.NoUnitsChosen"
    what = "没有选中需要分发的单位。"
    where = "共性问题“%(title)s”"
    todo = "请勾选尚未分发的单位后重新提交。"


class RoundMissing(Conflict):
    """The common problem belongs to no round."""

    code = "referrals.RoundMissing"
    what = "“%(title)s”没有指明巡察轮次，各单位的问题无处入账。"
    where = "共性问题“%(title)s”"
    todo = "请先修改该共性问题，选择巡察轮次。"
