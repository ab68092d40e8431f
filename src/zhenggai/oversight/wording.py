"""The words of letters, drafted from a versioned wording with the facts filled in: plain values in, plain text out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from zhenggai.oversight.errors import BadScheme
from zhenggai.packs import read_shipped

PLACE = "common/letters.yaml"
_SLOT = re.compile(r"\{(\w+)\}")
_SUFFIXES = ("人民检察院", "人民法院", "委员会", "人民政府", "总公司", "公司")


@dataclass(frozen=True, slots=True)
class Wording:
    """How one kind of letter is worded."""

    kind: str
    """Kind of letter."""
    version: int
    """Counts the changes of the words."""
    serial: str
    """Word in the letter's number: 整改提醒."""
    title: str
    """Format of the title."""
    signature: str
    """Format of the name in which it is sent."""
    reply_workdays: int
    """Working days until the answer is due."""
    opening: str
    """Format of the first paragraph."""
    line: str
    """Format of the line for each finding."""
    plain_title: str
    """Format of the title where not everything in it is late."""
    plain_opening: str
    """Format of the first paragraph there."""
    plain_line: str
    """Format of the line for each finding there."""
    closing: tuple[str, ...]
    """Formats of the last paragraphs."""

    @property
    def name(self) -> str:
        """Name and version, as a letter keeps it."""
        return f"{self.kind} v{self.version}"


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """What a letter says of one finding."""

    title: str
    """The problem."""
    due_on: date | None
    """Its deadline."""
    days_over: int
    """Days over it; 0 when it is not late."""
    leader: str
    """Who leads it; empty when nobody does."""
    owner: str
    """Who does it; empty when nobody does."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one letter."""

    title: str
    """Its title."""
    body: str
    """One paragraph per line."""
    signature: str
    """In whose name."""


@cache
def shipped_wordings() -> Mapping[str, Wording]:
    """Return the shipped wording of each kind of letter."""
    told = read_shipped(PLACE)
    try:
        return {
            kind: Wording(
                kind, int(told["version"]), each["serial"], each["title"], each["signature"],
                int(each["reply_workdays"]), each["opening"], each["line"], each["plain_title"],
                each["plain_opening"], each["plain_line"], tuple(each["closing"]),
            )
            for kind, each in told["letters"].items()
        }  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise BadScheme(place=PLACE, reason=f"缺少或写错了 {error}") from error


def compose(
    wording: Wording,
    findings: Sequence[ToldFinding],
    *,
    body: str,
    recipient: str,
    you: str,
    round_name: str,
    reply_due_on: date | None,
    as_of: date,
) -> Words:
    """Return the words of a letter about *findings*.

    Args:
        wording: how it is worded.
        findings: what is late, in order.
        body: name of the body that sends it.
        recipient: name of whom it goes to.
        you: how the recipient is addressed in it.
        round_name: name of the round.
        reply_due_on: the day of the answer.
        as_of: the day on which this is so.
    """
    late = all(finding.days_over for finding in findings)
    title = wording.title if late else wording.plain_title
    opening = wording.opening if late else wording.plain_opening
    line = wording.line if late else wording.plain_line
    slots = {
        "body": body,
        "to": recipient,
        "you": you,
        "count": str(len(findings)),
        "round": round_name,
        "as_of": chinese_day(as_of),
        "reply_due": chinese_day(reply_due_on) if reply_due_on else "期限内",
    }
    lines = [fill(line, _facts(number, each)) for number, each in enumerate(findings, start=1)]
    paragraphs = [fill(opening, slots), *lines, *(fill(text, slots) for text in wording.closing)]
    return Words(fill(title, slots), "\n".join(paragraphs), fill(wording.signature, slots))


def fill(text: str, slots: Mapping[str, str]) -> str:
    """Return *text* with each ``{slot}`` filled.

    Raises:
        BadScheme: it names a slot that there is none for.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in slots:
            raise BadScheme(place=PLACE, reason=f"没有 {match[0]} 这一项")
        return slots[match[1]]

    return _SLOT.sub(value, text)


def chinese_day(day: date) -> str:
    """Return a day as official papers write it: ``2026年1月5日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_word(name: str, short_name: str = "") -> str:
    """Return the word by which a body's papers are numbered: 示例 of 示例市人民检察院."""
    word = short_name or name
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) > len(suffix):
            word = word.removesuffix(suffix)
            break
    return word[:-1] if len(word) > 2 and word[-1] in "市县区州盟旗" else word


def _facts(number: int, finding: ToldFinding) -> dict[str, str]:
    return {
        "n": str(number),
        "title": finding.title.rstrip("。；;.，,"),
        "due": chinese_day(finding.due_on) if finding.due_on else "未定",
        "days": str(finding.days_over),
        "leader": finding.leader or "未定",
        "owner": finding.owner or "未定",
    }
