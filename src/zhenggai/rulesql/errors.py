"""What can go wrong with expressions and engines, in words.

DeclarationError (kit)
├── ExpressionError      the text of an expression; carries every problem found
├── BadRule              a rule whose parts do not fit each other
└── BadSource            rows or files that an engine cannot take
ZhenggaiError (kit)
├── EngineMissing        an optional engine is not installed
├── TooSlow              the time limit of a run was reached
├── TooLarge             the memory limit of a run was reached
└── EngineFailed         the engine refused a query
"""

from __future__ import annotations

from collections.abc import Sequence

from zhenggai.kit.errors import DeclarationError, ZhenggaiError
from zhenggai.rulesql.problems import Problem


class ExpressionError(DeclarationError):
    """An expression was refused."""

    code = "rulesql.ExpressionError"
    status = 422
    what = "%(reason)s"
    where = "第 %(start)s 至 %(end)s 个字符：%(excerpt)s"
    todo = "%(hint)s"

    text: str = ""
    """What the author wrote."""
    problems: tuple[Problem, ...] = ()
    """Everything found wrong with it, in the order of the text."""

    @classmethod
    def of(cls, text: str, problems: Sequence[Problem]) -> ExpressionError:
        """Return the error for *text* in which *problems* were found; there is at least one."""
        ordered = tuple(sorted(problems, key=lambda each: (each.start, each.end)))
        first = ordered[0]
        excerpt = text[first.start : first.end]
        error = cls(
            reason="".join(each.message for each in ordered[:5]),
            hint="".join(each.hint for each in ordered[:3] if each.hint) or "请改正后再试。",
            start=first.start + 1,
            end=max(first.end, first.start + 1),
            excerpt=excerpt if len(excerpt) <= 60 else excerpt[:59] + "…",
        )
        error.text, error.problems = text, ordered
        return error


class BadRule(DeclarationError):
    """The parts of a rule do not fit each other or its ledger."""

    code = "rulesql.BadRule"
    status = 422
    what = "规则“%(rule)s”不能使用：%(reason)s。"
    todo = "请改正规则的声明后再试。"


class BadSource(DeclarationError):
    """Rows or files that an engine cannot take as a ledger."""

    code = "rulesql.BadSource"
    status = 422
    what = "台账“%(table)s”的数据无法读取：%(reason)s。"
    todo = "请检查数据文件或行的格式；派生的快照可以删除后重新生成。"


class EngineMissing(ZhenggaiError):
    """An optional engine, or something it needs, is not installed."""

    code = "rulesql.EngineMissing"
    status = 503
    what = "无法使用 %(engine)s：%(reason)s。"
    todo = "请系统管理员安装后再试，或改用随软件提供的 DuckDB。"


class TooSlow(ZhenggaiError):
    """A run reached its time limit and was stopped."""

    code = "rulesql.TooSlow"
    status = 503
    what = "计算超过 %(seconds)s 秒仍未完成，已停止。"
    todo = "请缩小范围或改写规则；确有需要时请系统管理员放宽时限。"


class TooLarge(ZhenggaiError):
    """A run reached its memory limit and was stopped."""

    code = "rulesql.TooLarge"
    status = 503
    what = "计算所需的内存或临时空间超过上限 %(limit)s，已停止。"
    todo = "请缩小范围或改写规则；确有需要时请系统管理员放宽上限。"


class EngineFailed(ZhenggaiError):
    """The engine refused a query that should have been sound: a defect of ours, or damaged data."""

    code = "rulesql.EngineFailed"
    status = 500
    what = "数据引擎 %(engine)s 未能完成计算：%(reason)s。"
    todo = "请把这条消息交给系统管理员；若是数据文件损坏，请重新导入。"
