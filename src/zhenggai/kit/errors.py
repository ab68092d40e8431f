"""The one tree of errors that people may see.

    ZhenggaiError
    ├── UserError            the person at the screen can mend it (file, field, permission, state)
    │   ├── BadFile          a file that cannot be read, or not safely
    │   ├── BadInput         a value that cannot be taken
    │   ├── NotAllowed       the actor may not do this
    │   ├── NotFound         there is no such thing, or the actor may not know of it
    │   └── Conflict         the record is not in a state that permits this
    └── DeclarationError     the author of a declaration (rule, ledger, template) can mend it

Every class has a stable ``code`` (``room.Name``), an HTTP ``status``, and three sentences as formats with
named slots: what happened (``what``), where (``where``), what to do (``todo``).  The formats are source
strings in Chinese and are translated late, by :meth:`ZhenggaiError.describe`, so that a page, the command
line and JSON say the same sentence.  Every code has a paragraph in ``docs/errors.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in words, ready to show."""

    code: str
    """Stable identifier, e.g. ``docparse.Encrypted``."""
    what: str
    """What happened."""
    where: str
    """Where: a file name, line, sheet and cell, or field; empty when there is no place."""
    todo: str
    """What the reader can do about it."""

    def as_dict(self) -> dict[str, str]:
        """Return the four fields as plain strings for JSON."""
        return {"code": self.code, "what": self.what, "where": self.where, "todo": self.todo}


def _untranslated(text: str) -> str:
    return text


class ZhenggaiError(Exception):
    """Base of all errors with a code and words for people."""

    code: ClassVar[str] = "kit.Error"
    status: ClassVar[int] = 500
    what: ClassVar[str] = "发生了错误。"
    where: ClassVar[str] = ""
    todo: ClassVar[str] = "请重试；仍不行时把编号告诉系统管理员。"

    def __init__(self, **slots: Any) -> None:
        """Keep *slots*, the named values that the formats of this class ask for."""
        super().__init__(self.code, slots)
        self.slots = slots

    def describe(self, translate: Callable[[str], str] = _untranslated) -> Explanation:
        """Return the error in words, with each format passed through *translate* first."""
        fill = self.slots
        return Explanation(
            code=self.code,
            what=translate(self.what) % fill if self.what else "",
            where=translate(self.where) % fill if self.where else "",
            todo=translate(self.todo) % fill if self.todo else "",
        )

    def __str__(self) -> str:
        words = self.describe()
        parts = [words.what, words.where, words.todo]
        return f"[{words.code}] " + " ".join(part for part in parts if part)


class UserError(ZhenggaiError):
    """An error the person at the screen can mend."""

    code = "kit.UserError"
    status = 400


class BadFile(UserError):
    """A file that cannot be read, or not safely."""

    code = "kit.BadFile"
    status = 422


class BadInput(UserError):
    """A value that cannot be taken."""

    code = "kit.BadInput"
    status = 422


class NotAllowed(UserError):
    """The actor may not do this."""

    code = "kit.NotAllowed"
    status = 403
    what = "您没有执行此操作的权限。"
    todo = "如确需办理，请联系安全管理员调整岗位权限。"


class NotFound(UserError):
    """There is no such thing, or the actor may not know of it."""

    code = "kit.NotFound"
    status = 404
    what = "找不到所请求的内容，或您无权查看。"
    todo = "请从台账列表重新进入。"


class Conflict(UserError):
    """The record is not in a state that permits this."""

    code = "kit.Conflict"
    status = 409


class DeclarationError(ZhenggaiError):
    """The author of a declaration can mend it."""

    code = "kit.DeclarationError"
    status = 500


class CannotCount(BadInput):
    """A time limit cannot be counted as asked."""

    code = "kit.CannotCount"
    what = "期限“%(code)s”无法计算：%(reason)s。"
    where = "期限 %(code)s"
    todo = "请改正后重新计算；期限的代码、情形和延长事由见“期限计算”页面的期限表。"
