"""Several lists of the same problems made one."""

from __future__ import annotations

import re
from dataclasses import replace

from zhenggai.docparse.draft import DraftFinding, DraftResponsibility
from zhenggai.docparse.understand.lexicon import ASPECT_RE, PROBLEM_RE
from zhenggai.kit.text import comparison_key

LIST_NAME_RE = re.compile(
    r"(?:sheet|工作表|表)\s?\d*$|清单|台账|台帐|汇总|一览|明细|整改|方案|问题|任务|目录|封面|说明", re.IGNORECASE
)


def merge_finding(known: DraftFinding, other: DraftFinding) -> DraftFinding:
    """Return *known* with what another list says of the same problem and *known* lacks."""
    who = known.responsibility
    if other.responsibility is not None:
        if who is None:
            who = other.responsibility
        else:
            fields = ("leader", "department", "person", "unit", "support", "supervisor")
            who = DraftResponsibility(
                **{name: getattr(who, name) or getattr(other.responsibility, name) for name in fields}
            )
    return replace(
        known,
        description=known.description or other.description,
        measures=known.measures or other.measures,
        progress=known.progress or other.progress,
        status=known.status or other.status,
        status_text=known.status_text or other.status_text,
        responsibility=who,
        deadline=known.deadline or other.deadline,
        target=known.target or other.target,
        parent_no=known.parent_no or other.parent_no,
        parent_title=known.parent_title or other.parent_title,
    )


def names_aspect(name: str) -> bool:
    """Tell whether a sheet's name can be the aspect of all its problems."""
    name = re.sub(r"^\s*[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*", "", name)
    return (
        bool(name)
        and not LIST_NAME_RE.search(name.strip())
        and (bool(ASPECT_RE.search(name)) or bool(PROBLEM_RE.search(name)) or 2 < len(name) <= 20)
    )


def finding_key(finding: DraftFinding) -> str:
    """Return what two mentions of the same problem share."""
    return comparison_key(finding.title)
