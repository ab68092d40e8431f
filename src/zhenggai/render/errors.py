"""What can go wrong with templates of office papers, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadFile, DeclarationError, ZhenggaiError


class BadTemplate(DeclarationError):
    """A template cannot be opened, or asks for something that is not there."""

    code = "render.BadTemplate"
    what = "模板“%(name)s”无法使用：%(reason)s。"
    where = "模板“%(name)s”"
    todo = "请改正该模板；移走数据目录 templates 中的同名文件即恢复随软件提供的模板。"


class CannotPrint(ZhenggaiError):
    """A paper could not be set in type."""

    code = "render.CannotPrint"
    what = "无法生成“%(name)s”的PDF：%(reason)s。"
    where = "“%(name)s”"
    todo = "请改为下载Word文件，并把此信息告诉系统管理员。"


class CannotAnnotate(BadFile):
    """A Word file cannot be opened for writing comments into it."""

    code = "render.CannotAnnotate"
    what = "“%(name)s”不是能够写入批注的 Word 文件。"
    where = "文件：%(name)s"
    todo = "请另存为 .docx 格式后重试。"


class TooMuchFilled(ZhenggaiError):
    """What a template makes is larger, or takes longer, than a paper may."""

    code = "render.TooMuchFilled"
    status = 422
    what = "模板生成的内容过大或用时过长，已停止。"
    where = "文书模板"
    todo = "请缩小文书的范围；使用本单位模板的，请检查模板里的循环。"
