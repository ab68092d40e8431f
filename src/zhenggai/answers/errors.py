"""What can go wrong with what the public answers, in words for the public and for those who deal with it."""

from __future__ import annotations

from zhenggai.kit.errors import BadFile, BadInput, Conflict, UserError, ZhenggaiError


class TooMany(UserError):
    """More was sent than is taken in that time, from there or altogether."""

    code = "answers.TooMany"
    status = 429
    what = "短时间内提交过多，这次没有保存。"
    todo = "请在%(minutes)s分钟后再试，或按通报中的联系方式反映。"


class NotOpen(Conflict):
    """Answers to the notice are not taken, or no more."""

    code = "answers.NotOpen"
    what = "这份通报现在不收集在线意见。"
    todo = "请按通报中的联系方式反映。"


class FormUsed(Conflict):
    """The form was sent before, with other words."""

    code = "answers.FormUsed"
    what = "这张表单已经提交过，这次没有保存。"
    todo = "请重新打开表单填写；补充内容请用查询码。"


class FormInvalid(BadInput):
    """The form is not one we gave out, is too old, or was filled in by a machine."""

    code = "answers.FormInvalid"
    what = "表单已失效，内容没有保存。"
    todo = "请核对内容后再提交一次。"


class TooFast(BadInput):
    """The form came back faster than anybody writes."""

    code = "answers.TooFast"
    what = "提交过快，内容没有保存。"
    todo = "请核对内容，几秒后再提交。"


class WrongSum(BadInput):
    """The question that is asked while many answers come was not answered rightly."""

    code = "answers.WrongSum"
    what = "验证问题的回答不对，内容没有保存。"
    where = "%(label)s"
    todo = "请再算一次，用数字填写。"


class BadAnswer(BadInput):
    """A field cannot be taken as it is."""

    code = "answers.BadAnswer"
    what = "“%(label)s”%(reason)s。"
    where = "%(label)s"
    todo = "请改正后再提交。"


class FileNotTaken(BadFile):
    """A file of a kind, size or number that the public side does not take."""

    code = "answers.FileNotTaken"
    what = "附件“%(name)s”%(reason)s，内容没有保存。"
    where = "附件"
    todo = "可以提交图片、PDF、Word、Excel 和文本，最多 %(count)s 个，每个不超过 %(size)s MB。"


class NoSuchReceipt(BadInput):
    """No answer has this receipt code."""

    code = "answers.NoSuchReceipt"
    status = 404
    what = "没有找到这个查询码对应的意见。"
    where = "查询码"
    todo = "请对照抄下的查询码逐个字符核对；字母不分大小写。"


class Ended(Conflict):
    """The answer was dealt with to the end."""

    code = "answers.Ended"
    what = "这条意见已经办结，不能再次办理或补充。"
    todo = "如有新的情况，请重新提交意见。"


class AnswerChanged(Conflict):
    """Somebody else dealt with the answer meanwhile."""

    code = "answers.AnswerChanged"
    what = "这条意见刚刚由他人办理，您的操作没有写入。"
    todo = "请查看最新情况后再办理。"


class NotGrouped(Conflict):
    """The answer is not dealt with together with another one."""

    code = "answers.NotGrouped"
    what = "这条意见没有并案，不需要分开。"
    todo = "请刷新页面查看最新情况。"


class ContactLocked(ZhenggaiError):
    """The key that the contact data was sealed with is not there."""

    code = "answers.ContactLocked"
    what = "联系方式无法解密：数据目录中没有当时的密钥。"
    where = "数据目录下的 contact_keys"
    todo = "请系统管理员把备份时另存的 contact_keys 放回数据目录。"
