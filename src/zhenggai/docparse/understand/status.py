"""The status of one problem, read only where the text states it of that problem.

A heading label alone states nothing, and a sentence inside a measure about cases or files is not about the problem.
"""

from __future__ import annotations

import re

from zhenggai.docparse.draft import Status

_NOT_RE = re.compile(
    r"(?:未|没有|尚未|暂未|无法|不能|未能|没)(?:按期|按时|如期|全部|全面|开始|予以|能)?(?:完成|整改|销号"
    r"|启动|落实|办结|解决|到位|达到)|未整改|未完成|未销号|超期|逾期|^待(?:整改|完成|办|销号|落实|启动)"
    r"|未开始|^否$|^×$|^未$|未开展|不予销号"
)
_PHASED_RE = re.compile(
    r"阶段性|基本(?:完成|整改|到位|解决|办结)|取得.{0,8}(?:成效|成果|进展)|达到(?:序时|时序)进度|初步完成|基本"
)
_ONGOING_RE = re.compile(
    r"正在|进行中|整改中|推进中|办理中|持续|长期|部分(?:整改|完成)|序时|时序|继续|加快|有序推进|在办|跟进"
    r"|逐步|延期|滚动|常态化|推进|中$"
)
_DONE_RE = re.compile(
    r"已完成|完成整改|整改完成|已经完成|全部完成|完成$|已整改|整改到位|已销号|销号|办结|已解决|已落实"
    r"|落实到位|完成并|^是$|^√$|^✓$|^100\s?%?$|^1$|已立行立改|已改|完成。|按期完成|如期完成|达标|通过验收|(?<!不)(?<!未)合格"
    r"|验收合格|整改完毕|已全部"
)
_PARTLY_RE = re.compile(r"部分(?:已)?(?:整改|完成|销号|解决|办结)")
_PERCENT_RE = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s?%$")

_SUBJECT = (
    r"(?:该|此|本|上述|以上|这)(?:一)?(?:项|条|个|类|两项|三项)?(?:具体)?(?:反馈)?(?:问题|整改任务|整改事项"
    r"|任务|事项|整改)"
)
SENTENCE_RE = re.compile(
    rf"(?:^|(?<=[。;!\n:】)\s])|(?<=,)(?={_SUBJECT}))\s*(?:目前|截至目前|截至[^,。]{{4,16}}|现|经整改|至此"
    rf"|现阶段)?[,:]?\s*{_SUBJECT}(?:目前)?[,]?\s*(?P<words>(?:均|已|现已|已经|全部|基本|正在|尚未|暂未|未"
    rf"|持续|需|将|部分|处于|阶段性|取得|长期|完成|整改)[^。;\n]{{1,30}})"
)
BARE_RE = re.compile(
    r"\s*(?:(?:目前|截至目前|现)[,]?)?(?P<words>(?:已(?:经)?(?:按期|按时|全部|全面|如期"
    r"|基本)?(?:完成(?:整改)?(?:任务)?|整改(?:完成|到位|完毕)?|销号|落实到位|整改销号|完成整改销号)"
    r"|完成整改|整改完成|整改到位|基本完成(?:整改)?|阶段性完成(?:整改)?|正在(?:整改|推进|落实|进行"
    r"|办理)(?:中)?|有序推进|整改中|推进中|持续整改|持续推进(?:中)?|长期坚持|未完成(?:整改)?"
    r"|尚未完成(?:整改)?|部分整改|部分完成|取得阶段性(?:成效|成果)(?:[,]?并?持续(?:推进|整改))?"
    r"|已完成[,并]?(?:需)?(?:长期坚持|持续推进))(?:[,、并]{0,2}(?:长期坚持|持续推进|持续整改"
    r"|持续巩固))?)(?:,(?:预计|计划|力争|拟于?|将于)[^,。;\n]{2,24})?\s*(?:[。;.]|$|\n)"
)


_CLOSING_RE = re.compile(
    r"(?<=[,;])(?:目前)?(?P<words>已(?:全部)?(?:办结|销号|整改到位|完成整改)|整改完成|正在(?:推进|整改|办理)|持续推进|长期坚持)(?:[。]?\s*$|。(?=\n|$))"
)


_NOTE_WORDS = (
    r"已(?:经)?(?:全部|基本)?(?:完成|整改|销号|办结|落实|解决)(?:整改|销号|到位|完毕|完成)?|完成整改|整改(?:已)?完成|整改到位"
    r"|(?:基本|阶段性|部分)(?:已)?(?:完成|整改)(?:整改)?|正在(?:整改|推进|办理)(?:中)?|整改中|推进中|持续(?:整改|推进|坚持)(?:中)?"
    r"|长期(?:坚持|整改|推进)|(?:尚)?未(?:完成|整改|销号)(?:整改)?"
)
NOTE_RE = re.compile(rf"[(\[【]\s*(?P<words>{_NOTE_WORDS})(?:[,;、][^()\[\]【】。]{{0,40}})?\s*[)\]】]")
"""A status in brackets, apart from any sentence: 【已整改】, (基本完成,完成时限:2025年12月31日)."""


def _find_note(norm: str, start: int, end: int) -> tuple[Status, int, int] | None:
    """Return the only status that stands in brackets before the first sentence or behind the last."""
    notes = list(NOTE_RE.finditer(norm, start, end))
    if len(notes) != 1:
        return None  # several speak of a measure each
    note = notes[0]
    before, after = norm[start : note.start()].rstrip(), norm[note.end() : end].strip("。;. \n")
    if before and (after or before[-1] not in "。;!:"):
        return None
    status = find_status(note["words"])
    return (status, note.start("words"), note.end("words")) if status else None


def find_status(words: str) -> Status | None:
    """Return the status that *words* (folded, a cell, note or clause) name, or None."""
    words = words.strip(" 。;,()[]【】:\n")
    if not words:
        return None
    percent = _PERCENT_RE.match(words)
    if percent:
        return "completed" if float(percent[1]) >= 100 else "ongoing" if float(percent[1]) > 0 else "not_completed"
    first = re.split(r"[,;]", words, maxsplit=1)[0]
    if first != words and len(first) > 1:
        status = find_status(first)
        if status:
            return status
    if _NOT_RE.search(words):
        return "not_completed"
    if _PHASED_RE.search(words):
        return "phased"
    done = _DONE_RE.search(words)
    if done and not _PARTLY_RE.search(words):
        return "completed"
    return "ongoing" if _ONGOING_RE.search(words) else None


def find_stated(norm: str, start: int, end: int) -> tuple[Status, int, int] | None:
    """Return a status that a sentence of ``norm[start:end]`` states of the problem, with the range of its words.

    Only a sentence whose subject is the problem, or a bare status sentence at the very beginning or end, counts.
    """
    if end <= start:
        return None
    note = _find_note(norm, start, end)
    if note is not None:
        return note
    bare = BARE_RE.match(norm, start, end)
    if bare:
        status = find_status(bare["words"])
        if status:
            return status, bare.start("words"), bare.end("words")
    for match in SENTENCE_RE.finditer(norm, start, end):
        status = find_status(match["words"])
        if status:
            return status, match.start("words"), match.end("words")
    closing = _CLOSING_RE.search(norm, start, end)
    if closing and closing.start() > start:
        status = find_status(closing["words"])
        if status:
            return status, closing.start("words"), closing.end("words")
    last = max(
        norm.rfind("。", start, max(start, end - 2)), norm.rfind("\n", start, end - 1), norm.rfind(";", start, end - 2)
    )
    if last > start:
        bare = BARE_RE.match(norm, last + 1, end)
        if bare and bare.end() >= end - 1:
            status = find_status(bare["words"])
            if status:
                return status, bare.start("words"), bare.end("words")
    return None
