"""Corrections of a draft as functions on its JSON.

Each changes the draft it is given and says in words what it did. No database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhenggai.findings.models import Status
from zhenggai.intake.drafts import (
    COUNTS,
    FACTS,
    LONGEST_NO,
    LONGEST_TITLE,
    RESPONSIBILITY,
    STATUSES,
    Json,
    aspect_of,
    finding_of,
    findings_in,
    measure_of,
    new_key,
    place_finding,
    put_or_drop,
    renumber,
    require_text,
)
from zhenggai.intake.errors import BadCorrection

_MEASURE_FIELDS = ("text", "leader", "department", "person", "deadline")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
_LONGEST_LABEL = 16
Value = str | int | None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_LABEL else text[:_LONGEST_LABEL] + "…"


def retitle_finding(draft: Json, key: str, title: str) -> str:
    """Give a finding another title."""
    finding = finding_of(draft, key)
    finding["title"] = require_text(key, " ".join(title.split()), LONGEST_TITLE, what=_("标题"))
    return _("改标题为“%(title)s”") % {"title": _short(finding["title"])}


def set_number(draft: Json, key: str, no: str) -> str:
    """Give a finding another number."""
    finding = finding_of(draft, key)
    no = no.strip()
    if len(no) > LONGEST_NO:
        raise BadCorrection(key=key, reason=_("序号超过 %(longest)s 个字") % {"longest": LONGEST_NO})
    put_or_drop(finding, "no", no)
    return _("改“%(title)s”的序号为 %(no)s") % {"title": _short(finding["title"]), "no": no or _("空")}


def set_description(draft: Json, key: str, text: str) -> str:
    """Give a finding another description."""
    finding = finding_of(draft, key)
    put_or_drop(finding, "description", text.strip())
    return _("改“%(title)s”的具体表现") % {"title": _short(finding["title"])}


def set_status(draft: Json, key: str, status: str) -> str:
    """Say where a finding stands, or that the document does not say."""
    finding = finding_of(draft, key)
    if status and status not in STATUSES:
        raise BadCorrection(key=key, reason=_("没有“%(status)s”这种状态") % {"status": status})
    put_or_drop(finding, "status", status)
    if not status:
        finding.pop("status_text", None)
    return _("改“%(title)s”的状态为%(status)s") % {
        "title": _short(finding["title"]),
        "status": Status(status or Status.UNKNOWN).label,
    }


def set_deadline(draft: Json, key: str, text: str) -> str:
    """Give a finding another deadline, as written."""
    finding = finding_of(draft, key)
    put_or_drop(finding, "deadline", " ".join(text.split())[:120])
    return _("改“%(title)s”的整改时限") % {"title": _short(finding["title"])}


def set_target(draft: Json, key: str, text: str) -> str:
    """Give a finding another criterion of completion."""
    finding = finding_of(draft, key)
    put_or_drop(finding, "target", text.strip())
    return _("改“%(title)s”的完成标准") % {"title": _short(finding["title"])}


def set_progress(draft: Json, key: str, lines: Sequence[str]) -> str:
    """Give a finding other statements of progress."""
    finding = finding_of(draft, key)
    finding["progress"] = [line.strip() for line in lines if line.strip()]
    return _("改“%(title)s”的整改进展") % {"title": _short(finding["title"])}


def set_responsibility(draft: Json, key: str, values: Mapping[str, str]) -> str:
    """Change who answers for a finding, as written; names left out keep what is there."""
    finding = finding_of(draft, key)
    who: Json = dict(finding.get("responsibility") or {})
    for name, value in values.items():
        if name not in RESPONSIBILITY:
            raise BadCorrection(key=key, reason=_("没有“%(name)s”这一项责任") % {"name": name})
        put_or_drop(who, name, " ".join(value.split())[:200])
    if who:
        finding["responsibility"] = who
    else:
        finding.pop("responsibility", None)
    return _("改“%(title)s”的责任") % {"title": _short(finding["title"])}


def merge_findings(draft: Json, keys: Sequence[str]) -> str:
    """Make one finding of several.

    The first keeps its title, the others' titles join its description, their measures its list.
    """
    wanted = list(dict.fromkeys(keys))
    if len(wanted) < 2:
        raise BadCorrection(key="、".join(wanted), reason=_("合并至少要选两个问题"))
    first, *others = [finding_of(draft, key) for key in wanted]
    pieces = [first.get("description", "")]
    for other in others:
        pieces += [other["title"], other.get("description", "")]
        first["measures"] += other["measures"]
        first["progress"] += other["progress"]
        for name in ("status", "status_text", "responsibility", "deadline", "target"):
            if name not in first and name in other:
                first[name] = other[name]
        draft["findings"].remove(other)
    put_or_drop(first, "description", "\n".join(piece for piece in pieces if piece))
    spans = [each["span"] for each in (first, *others) if each.get("span")]
    if spans:
        first["span"] = [min(span[0] for span in spans), max(span[1] for span in spans)]
    renumber(draft)
    return _("合并 %(count)s 个问题为“%(title)s”") % {"count": len(wanted), "title": _short(first["title"])}


def split_finding(draft: Json, key: str, measure_key: str, title: str) -> str:
    """Make two findings of one: the measures from *measure_key* on go to a new one behind it."""
    finding = finding_of(draft, key)
    title = require_text(key, " ".join(title.split()), LONGEST_TITLE, what=_("新问题的标题"))
    at = next((i for i, measure in enumerate(finding["measures"]) if measure["key"] == measure_key), None)
    if at is None:
        raise BadCorrection(key=key, reason=_("请选择从该问题的哪一条措施起拆分"))
    fresh = _fresh_finding(draft, title, finding["aspect"])
    fresh["measures"], finding["measures"] = finding["measures"][at:], finding["measures"][:at]
    for name in ("parent_no", "parent_title"):
        if name in finding:
            fresh[name] = finding[name]
    spans = [measure["span"] for measure in fresh["measures"] if measure.get("span")]
    if spans:
        fresh["span"] = [min(span[0] for span in spans), max(span[1] for span in spans)]
    draft["findings"].insert(draft["findings"].index(finding) + 1, fresh)
    renumber(draft)
    return _("从“%(title)s”拆出“%(fresh)s”") % {"title": _short(finding["title"]), "fresh": _short(title)}


def _fresh_finding(draft: Json, title: str, aspect_key: str) -> Json:
    return {"key": new_key(draft, "f"), "title": title, "aspect": aspect_key, "measures": [], "progress": []}


def move_finding(draft: Json, key: str, aspect_key: str, position: int) -> str:
    """Put a finding at a position (from 0) of an aspect, or of the group without aspect."""
    finding = finding_of(draft, key)
    if aspect_key:
        aspect_of(draft, aspect_key)
    draft["findings"].remove(finding)
    place_finding(draft, finding, aspect_key, position)
    return _("移动“%(title)s”") % {"title": _short(finding["title"])}


def delete_finding(draft: Json, key: str) -> str:
    """Take a finding out of the draft."""
    finding = finding_of(draft, key)
    draft["findings"].remove(finding)
    renumber(draft)
    return _("删除“%(title)s”") % {"title": _short(finding["title"])}


def add_finding(draft: Json, aspect_key: str, title: str, position: int) -> str:
    """Add a finding that the reader did not see."""
    title = require_text(_("新问题"), " ".join(title.split()), LONGEST_TITLE, what=_("标题"))
    if aspect_key:
        aspect_of(draft, aspect_key)
    place_finding(draft, _fresh_finding(draft, title, aspect_key), aspect_key, position)
    return _("新增问题“%(title)s”") % {"title": _short(title)}


def edit_measure(draft: Json, key: str, values: Mapping[str, str]) -> str:
    """Change a measure; names left out keep what is there."""
    _finding, measure = measure_of(draft, key)
    for name, value in values.items():
        if name not in _MEASURE_FIELDS:
            raise BadCorrection(key=key, reason=_("措施没有“%(name)s”这一项") % {"name": name})
        if name == "text":
            measure["text"] = require_text(key, value, what=_("措施"))
        else:
            put_or_drop(measure, name, " ".join(value.split())[:200])
    return _("改措施“%(title)s”") % {"title": _short(measure["text"])}


def add_measure(draft: Json, finding_key: str, text: str, position: int) -> str:
    """Add a measure at a position (from 0) of a finding."""
    finding = finding_of(draft, finding_key)
    text = require_text(finding_key, text, what=_("措施"))
    at = position if 0 <= position <= len(finding["measures"]) else len(finding["measures"])
    finding["measures"].insert(at, {"key": new_key(draft, "m"), "text": text})
    return _("新增措施“%(title)s”") % {"title": _short(text)}


def delete_measure(draft: Json, key: str) -> str:
    """Take a measure out of the draft."""
    finding, measure = measure_of(draft, key)
    finding["measures"].remove(measure)
    return _("删除措施“%(title)s”") % {"title": _short(measure["text"])}


def move_measure(draft: Json, key: str, finding_key: str, position: int) -> str:
    """Put a measure at a position (from 0) of a finding."""
    target = finding_of(draft, finding_key)
    finding, measure = measure_of(draft, key)
    finding["measures"].remove(measure)
    at = position if 0 <= position <= len(target["measures"]) else len(target["measures"])
    target["measures"].insert(at, measure)
    return _("移动措施“%(title)s”") % {"title": _short(measure["text"])}


def split_measure(draft: Json, key: str, at: int) -> str:
    """Make two measures of one, cut before character *at* of its text; both keep their part of the span."""
    finding, measure = measure_of(draft, key)
    text: str = measure["text"]
    head, tail = text[: max(at, 0)].rstrip(), text[max(at, 0) :].lstrip()
    if not head or not tail:
        raise BadCorrection(key=key, reason=_("拆分处前后都要有文字"))
    fresh = {**measure, "key": new_key(draft, "m"), "text": tail}
    span = measure.get("span")
    if span and span[1] - span[0] == len(text):
        fresh["span"] = [span[1] - len(tail), span[1]]
        measure["span"] = [span[0], span[0] + len(head)]
    measure["text"] = head
    finding["measures"].insert(finding["measures"].index(measure) + 1, fresh)
    return _("拆分措施“%(title)s”") % {"title": _short(text)}


def merge_measures(draft: Json, keys: Sequence[str]) -> str:
    """Make one measure of several of the same finding, in their order."""
    wanted = set(keys)
    pieces = [measure_of(draft, key) for key in dict.fromkeys(keys)]
    owners = {finding["key"] for finding, _measure in pieces}
    if len(wanted) < 2 or len(owners) != 1:
        raise BadCorrection(key="、".join(keys), reason=_("合并要选同一问题的至少两条措施"))
    finding = pieces[0][0]
    first, *others = [measure for measure in finding["measures"] if measure["key"] in wanted]
    first["text"] = "".join(measure["text"] for measure in (first, *others))
    spans = [measure["span"] for measure in (first, *others) if measure.get("span")]
    if spans:
        first["span"] = [min(span[0] for span in spans), max(span[1] for span in spans)]
    finding["measures"] = [measure for measure in finding["measures"] if measure is first or measure not in others]
    return _("合并 %(count)s 条措施为“%(title)s”") % {"count": len(wanted), "title": _short(first["text"])}


def edit_aspect(draft: Json, key: str, values: Mapping[str, str]) -> str:
    """Change the number or title of an aspect."""
    aspect = aspect_of(draft, key)
    for name, value in values.items():
        if name == "title":
            aspect["title"] = require_text(key, " ".join(value.split()), 300, what=_("方面标题"))
        elif name == "no":
            aspect["no"] = value.strip()[:LONGEST_NO]
        else:
            raise BadCorrection(key=key, reason=_("方面没有“%(name)s”这一项") % {"name": name})
    return _("改方面“%(title)s”") % {"title": _short(aspect["title"])}


def add_aspect(draft: Json, title: str, no: str, position: int) -> str:
    """Add an aspect at a position (from 0)."""
    title = require_text(_("新方面"), " ".join(title.split()), 300, what=_("方面标题"))
    aspect = {"key": new_key(draft, "a"), "no": no.strip()[:LONGEST_NO], "title": title}
    at = position if 0 <= position <= len(draft["aspects"]) else len(draft["aspects"])
    draft["aspects"].insert(at, aspect)
    renumber(draft)
    return _("新增方面“%(title)s”") % {"title": _short(title)}


def delete_aspect(draft: Json, key: str) -> str:
    """Take an aspect out; its findings stay, without one."""
    aspect = aspect_of(draft, key)
    for finding in findings_in(draft, key):
        finding["aspect"] = ""
    draft["aspects"].remove(aspect)
    renumber(draft)
    return _("删除方面“%(title)s”") % {"title": _short(aspect["title"])}


def move_aspect(draft: Json, key: str, position: int) -> str:
    """Put an aspect with its findings at another position (from 0)."""
    aspect = aspect_of(draft, key)
    draft["aspects"].remove(aspect)
    draft["aspects"].insert(max(0, position), aspect)
    renumber(draft)
    return _("移动方面“%(title)s”") % {"title": _short(aspect["title"])}


def set_facts(draft: Json, values: Mapping[str, Any]) -> str:
    """Change facts (``unit feedback_date …``) and declared counts (``counts.findings …``).

    Empty values take them out.
    """
    for name, value in values.items():
        text = "" if value is None else str(value).strip()
        group, _dot, count = name.partition(".")
        if group == "counts" and count in COUNTS:
            _set_count(draft, count, text)
        elif name in FACTS:
            if name not in ("unit", "inspecting_body") and text and not _DATE.fullmatch(text):
                raise BadCorrection(key=name, reason=_("日期“%(text)s”应写成 2025-06-30 或 2025-06") % {"text": text})
            put_or_drop(draft, name, text[:160])
        else:
            raise BadCorrection(key=name, reason=_("没有“%(name)s”这一项事实") % {"name": name})
    return _("改文件的基本事实")


def _set_count(draft: Json, name: str, text: str) -> None:
    if not text:
        draft["counts"].pop(name, None)
        return
    try:
        number = float(text)
    except ValueError:
        raise BadCorrection(key=f"counts.{name}", reason=_("“%(text)s”不是数字") % {"text": text}) from None
    if not 0 <= number < 1e6 or (name != "rate_percent" and not number.is_integer()):
        raise BadCorrection(key=f"counts.{name}", reason=_("“%(text)s”不是合理的数目") % {"text": text})
    draft["counts"][name] = number if name == "rate_percent" else int(number)


def choose_match(draft: Json, key: str, decision: str) -> str:
    """Decide what becomes of a finding: ``auto``, ``new``, ``skip``, or the key of a finding on the record."""
    finding = finding_of(draft, key)
    if decision in ("", "auto"):
        finding.pop("match", None)
        return _("“%(title)s”按系统建议匹配") % {"title": _short(finding["title"])}
    if decision == "new":
        finding["match"] = decision
        return _("“%(title)s”作为新问题入账") % {"title": _short(finding["title"])}
    if decision == "skip":
        finding["match"] = decision
        return _("“%(title)s”不入账") % {"title": _short(finding["title"])}
    if not decision.isascii() or not decision.isdecimal() or len(decision) > 18:
        raise BadCorrection(key=key, reason=_("请选择要对应的台账问题"))
    finding["match"] = int(decision)
    return _("为“%(title)s”指定对应的台账问题") % {"title": _short(finding["title"])}
