"""What can go wrong with templates of office papers, in words."""

from __future__ import annotations

from zhenggai.kit.errors import DeclarationError


class BadTemplate(DeclarationError):
    """A template cannot be opened, or asks for something that is not there."""

    code = "render.BadTemplate"
    what = "模板“%(name)s”无法使用：%(reason)s。"
    where = "模板“%(name)s”"
    todo = "请改正该模板；移走数据目录 templates 中的同名文件即恢复随软件提供的模板。"
