"""What can go wrong with papers and their templates, in words."""

from __future__ import annotations

from typing import Any

from zhenggai.kit.errors import BadInput, Conflict


class TemplateRefused(BadInput):
    """A template was looked at and may not be used; ``issues`` says where and why."""

    code = "reports.TemplateRefused"
    what = "模板有%(count)s处问题，没有采用；原来的模板继续使用。"
    where = "%(places)s"
    todo = "请按所列位置在Word里改正后重新上传。"

    @property
    def issues(self) -> tuple[Any, ...]:
        """What may not be used, each with place and reason."""
        return tuple(self.slots.get("issues", ()))


class NothingToReport(Conflict):
    """There is nothing the paper could be about."""

    code = "reports.NothingToReport"
    what = "“%(paper)s”没有可写的内容：%(reason)s。"
    where = "文书“%(paper)s”"
    todo = "请换一个轮次、期间或部门。"


class BadPeriod(BadInput):
    """A period ends before it begins, is too long, or is no period."""

    code = "reports.BadPeriod"
    what = "期间“%(text)s”不能使用。"
    where = "期间"
    todo = "请填起止日期，如 2025-01-06 至 2025-01-12，起不晚于止，不超过三年。"


class PaperBroke(Conflict):
    """A paper was being made in the background and something unforeseen happened."""

    code = "reports.PaperBroke"
    status = 500
    what = "“%(paper)s”没有生成完。"
    where = "文书“%(paper)s”"
    todo = "请重试；仍不行时把编号告诉系统管理员。"
