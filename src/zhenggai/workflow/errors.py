"""What can go wrong in the loop, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now

from zhenggai.kit.errors import BadInput, Conflict


class MoveNotAllowed(Conflict):
    """The finding does not stand where the move may start."""

    code = "workflow.MoveNotAllowed"
    what = "“%(title)s”现为“%(stage)s”，不能“%(move)s”。"
    where = "问题“%(title)s”"
    todo = "请刷新页面，按当前环节办理。最近一次办理：%(last)s。"

    def __init__(self, **slots: Any) -> None:
        """Keep *slots*; ``last`` says who acted last and how, where the raiser knows the record."""
        super().__init__(**{"last": _now("见办理记录"), **slots})


class MovedMeanwhile(Conflict):
    """Someone else decided first."""

    code = "workflow.MovedMeanwhile"
    what = "“%(title)s”已由%(who)s处理：%(what)s。您的操作没有生效。"
    where = "问题“%(title)s”"
    todo = "请刷新页面查看最新办理情况。"


class NotYourLevel(Conflict):
    """The person does not decide at the level the finding waits at."""

    code = "workflow.NotYourLevel"
    what = "“%(title)s”正在“%(level)s”，不由您审核。"
    where = "问题“%(title)s”"
    todo = "请等待相应人员审核；如由您代理，请先办理代理登记。"


class OwnWork(Conflict):
    """Doer and verifier would be the same person."""

    code = "workflow.OwnWork"
    what = "“%(title)s”的整改由%(who)s办理，同一人不能又做又审。"
    where = "问题“%(title)s”"
    todo = "请由未参与办理的人员审核。"


class AlreadyDecided(Conflict):
    """The person decided on the same submission at another level."""

    code = "workflow.AlreadyDecided"
    what = "您已在“%(level)s”对本次提交发表过意见，不能再审一级。"
    where = "问题“%(title)s”"
    todo = "请由他人在本级审核。"


class TextMissing(BadInput):
    """Something has to be said in words."""

    code = "workflow.TextMissing"
    what = "请填写“%(label)s”。"
    where = "字段“%(label)s”"
    todo = "写明后重新提交，其他内容没有丢失。"


class BadDay(BadInput):
    """A day cannot be taken."""

    code = "workflow.BadDay"
    what = "“%(label)s”不能填“%(value)s”：%(reason)s。"
    where = "字段“%(label)s”"
    todo = "请改正日期后重新提交。"


class BadCondition(BadInput):
    """A condition on a ledger cannot be looked at."""

    code = "workflow.BadCondition"
    what = "台账条件“%(label)s”不能这样设：%(reason)s。"
    where = "字段“%(label)s”"
    todo = "请重新选择台账、规则或指标后提交。"


class CannotClose(Conflict):
    """The criteria do not hold 不达标不销号."""

    code = "workflow.CannotClose"
    what = "“%(title)s”还不能销号，还差：%(missing)s。"
    where = "问题“%(title)s”"
    todo = "补齐所列各项后再提交或审核。"


class CosignMissing(Conflict):
    """Assisting departments have not countersigned."""

    code = "workflow.CosignMissing"
    what = "“%(title)s”还差会签：%(departments)s。"
    where = "问题“%(title)s”"
    todo = "请先由上述配合部门会签。"


class PlanIncomplete(Conflict):
    """The plan lacks what the completeness gate asks for."""

    code = "workflow.PlanIncomplete"
    what = "整改方案还不完整，共 %(count)s 处：%(missing)s。"
    where = "整改方案"
    todo = "请在清单中逐项补齐后再提交。"


class PlanNotOpen(Conflict):
    """The plan is not in a state that permits this."""

    code = "workflow.PlanNotOpen"
    what = "整改方案现为“%(state)s”，不能“%(move)s”。"
    where = "整改方案"
    todo = "请刷新页面查看当前版本。"


class PlanOutdated(Conflict):
    """The record was changed after the plan was handed in, so that something else would start than was approved."""

    code = "workflow.PlanOutdated"
    what = "整改方案提交后，台账又有 %(count)s 处改动：%(changed)s。"
    where = "整改方案"
    todo = "请退回方案，由整改办重新提交后再批准。"


class LevelInUse(Conflict):
    """Something waits at a level that the new rules do not have."""

    code = "workflow.LevelInUse"
    what = "有 %(count)s 个问题正在“%(levels)s”，所选规则没有这一级，换用后将无人能审。"
    where = "轮次“%(round)s”的规则参数"
    todo = "请先审完或退回这些问题，或在新规则中保留这一级。"


class ExtensionNotOpen(Conflict):
    """An extension cannot be asked for, or decided, as things stand."""

    code = "workflow.ExtensionNotOpen"
    what = "“%(title)s”不能这样办理延期：%(reason)s。"
    where = "问题“%(title)s”"
    todo = "请刷新页面查看延期申请的当前状态。"


class EvidenceMissing(Conflict):
    """The evidence was withdrawn or does not belong here."""

    code = "workflow.EvidenceMissing"
    what = "佐证材料“%(name)s”不能这样使用：%(reason)s。"
    where = "佐证材料“%(name)s”"
    todo = "请刷新页面后重新选择。"


class EvidenceOfOthers(Conflict):
    """Evidence is taken away by whoever handed it in, or above them, not by anybody who works on the finding."""

    code = "workflow.EvidenceOfOthers"
    what = "佐证材料“%(name)s”由%(who)s提交，不能由您撤下或取消引用。"
    where = "佐证材料“%(name)s”"
    todo = "请提交人或其部门负责人处理，或在进展中说明该材料的问题。"


class NobodyToDecide(Conflict):
    """There is no level at which anybody could decide."""

    code = "workflow.NobodyToDecide"
    what = "“%(title)s”在“%(level)s”没有可以审核的人员。"
    where = "问题“%(title)s”"
    todo = "请安全管理员补充岗位，或办理代理登记后再提交。"


class HasDuties(Conflict):
    """The person still answers for open findings."""

    code = "workflow.HasDuties"
    what = "%(name)s名下还有 %(count)s 项未办结事项，停用前须先移交。"
    where = "人员“%(name)s”"
    todo = "请先把这些事项移交给接手人，再停用账号。"


class NoSuccessor(BadInput):
    """Someone cannot take over what another answers for."""

    code = "workflow.NoSuccessor"
    what = "不能移交给“%(name)s”：%(reason)s。"
    where = "接手人"
    todo = "请另选接手人；全部事项都没有改动。"


class NothingToHandOver(Conflict):
    """The person holds nothing in the chosen groups."""

    code = "workflow.NothingToHandOver"
    what = "%(name)s名下没有可以移交的事项，或没有选择接手人。"
    where = "移交"
    todo = "请刷新页面，为要移交的事项选择接手人。"
