"""Declared counts against the items listed: ``“甲”“乙”等2项``, ``以下3项：一是…二是…``, ``教育、公安、财政3个部门``.

等 makes the list a lower bound; without it a list of names right before the number is the whole.
"""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.kit.chinese_numerals import parse_chinese_number

_QUOTED_LIST_RE = re.compile(
    r"(?P<list>(?:(?:《[^《》\n]{1,60}》|“[^“”\n]{1,40}”)(?:（[^（）\n]{0,20}）)?(?:、|和|及|与|以及)?){1,40})(?P<etc>等)?(?:共|共计|这|的)?$"
)
_ITEM_RE = re.compile(r"《[^《》\n]{1,60}》|“[^“”\n]{1,40}”")
_HEADS = "部门|单位|方面|领域|环节|县|区|市|镇|乡|街道|村|社区|地区|县区|区县|基层院|检察院|法院|局|科室|处室|学校|医院|企业|行业|类别|类型|国家|省份|省|平台|系统|专业|岗位|工种|品种|项目|乡镇|支部|党支部|科目|学科|专题|议题|部委|委员会|要素|指标|维度|层面"
_NAMES_RE = re.compile(
    r"(?P<list>[^，。；：、（）《》“”\n\d]{1,14}(?:、[^，。；：、（）《》“”\n\d]{1,14}){1,30})(?P<etc>等)?(?:共|这)?$"
)
_ENUMERATORS = (
    ("是", tuple(f"{char}是" for char in "一二三四五六七八九十")),
    ("其", tuple(f"其{char}" for char in "一二三四五六七八九")),
    ("（", tuple(f"（{n}）" for n in range(1, 31))),
    (
        "（一",
        tuple(
            f"（{word}）"
            for word in [
                "一",
                "二",
                "三",
                "四",
                "五",
                "六",
                "七",
                "八",
                "九",
                "十",
                "十一",
                "十二",
                "十三",
                "十四",
                "十五",
            ]
        ),
    ),
    ("1.", tuple(f"{n}." for n in range(1, 31))),
    ("1、", tuple(f"{n}、" for n in range(1, 31))),
    ("①", tuple("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")),
)
_OPENS_RE = re.compile(r"以下|如下|下列|下面|主要有|分别是|分别为|：$")


def check_listed(page: Page) -> list[Claim]:
    """Return the claims about how many items are listed."""
    claims = _promised(page)
    for mention in page.mentions:
        found = (
            _quoted(page, mention)
            or _named(page, mention)
            or _enumerated(page, mention)
            or _bracketed(page, mention)
            or _titles_behind(page, mention)
            or _names_behind(page, mention)
        )
        if found is not None:
            claims.append(found)
    return claims


_TITLED_RE = re.compile(
    "(?:工作|管理|内部|规章|长效|相关|配套|专项)*(?:制度|办法|规定|方案|文件|机制|细则|意见|规则|法规|指引|规范)"
)
_QUOTED_RE = re.compile("(?:[一-龥]{0,4})(?:制度|专项|行动|品牌|工程|机制|课题|平台|系统|专题|问题|方面)")


def _quoted(page: Page, mention: Mention) -> Claim | None:
    """Count titles and quoted names right before the number."""
    if not mention.is_exact or mention.unit in ("次", "人", "人次", "件次", "场", "场次") or not mention.is_count:
        return None
    before = page.text[max(0, mention.start - 900) : mention.start]
    if before[-1:] not in ("》", "”", "等", "）", "共", "这"):
        return None
    match = _QUOTED_LIST_RE.search(before)
    if match is None:
        return None
    items = _ITEM_RE.findall(match["list"])
    if len(items) < 2 and not match["etc"]:
        return None
    place = mention.start - len(before) + match.start()
    # Something unquoted joined on before the first item makes the count of the quoted ones a lower bound.
    open_left = before[: match.start()][-1:] in ("、", "和", "及", "与")
    lower = bool(match["etc"]) or open_left
    if not lower and len(items) != mention.value:
        # “红旗党支部”“示范党支部”20个 and 《简报》《专报》12份 count copies, not the names.
        things = _TITLED_RE if "《" in match["list"] else _QUOTED_RE
        if (
            mention.unit not in ("项", "个", "部", "种", "类")
            or not things.match(mention.tail)
            or abs(len(items) - mention.value) > 3
        ):
            return None
    return _verdict(page, mention, len(items), lower, place)


def _verdict(
    page: Page, mention: Mention, listed: int, lower: bool, place: int, end: int | None = None
) -> Claim | None:
    end = mention.end if end is None else end
    declared = int(mention.value)
    if listed > declared or (not lower and listed != declared):
        reason = f"列出{listed}{mention.unit}，文中称{mention.quantity.text}"
        return claim(page, "listed", Verdict.CONTRADICTORY, reason, place, end, [mention])
    if listed == declared or lower:
        reason = f"列出{listed}{mention.unit}，文中称{'等' if lower else ''}{mention.quantity.text}，相符"
        return claim(page, "listed", Verdict.CONSISTENT, reason, place, end, [mention])
    return None


def _named(page: Page, mention: Mention) -> Claim | None:
    """Count names joined by 、 right before a number of departments, districts, fields and the like."""
    if not mention.is_exact or mention.unit not in (
        "个",
        "家",
        "项",
        "类",
        "大",
        "种",
        "部门",
        "县",
        "镇",
        "村",
        "区",
        "方面",
    ):
        return None
    head = mention.tail if mention.unit == "个" else mention.unit + mention.tail
    known = re.match(rf"(?:{_HEADS})", head) is not None
    before = page.text[max(page.clause_of(mention).start, mention.start - 300) : mention.start]
    match = _NAMES_RE.search(before)
    if match is None or (match.start() > 0 and before[match.start() - 1] not in "，。；："):
        return None
    names, etc = match["list"], bool(match["etc"])
    if names.endswith("等"):
        names, etc = names[:-1], True
    pieces = re.sub("^(?:涉及|波及|包括)", "", names).split("、")
    # 学习制度、考勤制度…制度 and 综合组、宣传组…工作组 end like what is counted.
    noun = _noun_of(mention.tail)
    if not known and not (
        len(noun) >= 1
        and all(piece.endswith(noun[-2:]) or (noun[-1] in "组队" and piece[-1] == noun[-1]) for piece in pieces)
    ):
        return None
    last = re.split(r"(?<=.)(?:以及|和|及|与)(?=.)", pieces[-1])
    if any(re.search(r"和|及|与|或|并", piece[1:]) for piece in pieces[:-1]) or len(last) > 2:
        return None
    listed = len(pieces) - 1 + len(last)
    declared = int(mention.value)
    place = mention.start - len(before) + match.start()
    # 和 may stand inside one name; both counts are readings.
    if len(last) == 2 and (declared in (listed, listed - 1) or (etc and declared >= listed - 1)):
        listed = min(declared, listed)
    if etc:
        if listed > declared:
            return _verdict(page, mention, listed, True, place)
        return None
    if listed == declared:
        return _verdict(page, mention, listed, False, place)
    short = all(2 <= len(piece) <= 8 for piece in pieces[1:])
    if (
        short
        and abs(listed - declared) <= 3
        and declared > 1
        and not re.search(r"[的对将把在向从]", "".join(pieces[1:]))
    ):
        return _verdict(page, mention, listed, False, place)
    return None


_BRACKET_RE = re.compile(r"[一-龥“”]{0,14}（(?:即|分别为|分别是)?(?P<list>[^（）。；\n]{3,200})）")
_DATED_RE = re.compile(
    r"[一-龥“”]{0,16}（(?P<list>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?(?:、(?:\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日)){1,20}(?P<etc>等)?)）"
)


def _bracketed(page: Page, mention: Mention) -> Claim | None:
    """Count the names, or the dates, in the bracket behind ``6个社区（…、…、…）``."""
    if not mention.is_exact or not mention.is_count or mention.value < 2:
        return None
    dated = _DATED_RE.match(page.text, mention.end)
    if dated and mention.unit in ("次", "场", "场次", "轮", "期"):
        listed = len(dated["list"].split("、"))
        return _verdict(page, mention, listed, dated["etc"] is not None, mention.start, dated.end())
    if mention.unit not in ("个", "家", "名", "人", "所", "项", "类", "种", "处", "村", "镇", "县", "区", "座"):
        return None
    match = _BRACKET_RE.match(page.text, mention.end)
    if match is None:
        return None
    words = match["list"]
    if words.startswith(("含", "包括", "其中")) or (
        mention.unit in ("名", "人")
        and not all(re.search("某|×", name) for name in words.removesuffix("等").split("、"))
    ):
        return None
    etc = re.search(r"等(?:\d*[个家名人所项类种处])?$", words) is not None
    if "、" not in words or re.search(r"\d|[，：]|其中|以下简称|和|及|与", words):
        return None
    names = words.split("、")
    if any(not 2 <= len(name) <= 16 for name in names):
        return None
    # Kinds in a bracket, as 县（市、区）, are no list of the things counted.
    if (
        mention.unit not in ("名", "人")
        and len({name[-1] for name in names}) > 1
        and not all(len(name) <= 5 for name in names)
    ):
        return None
    if any(
        len(name) < 2 or name in ("市、区", "街道", "社区", "乡镇", "单位", "部门", "事业单位", "企业")
        for name in names
    ):
        return None
    return _verdict(page, mention, len(names), etc, mention.start, match.end())


_BEHIND_RE = re.compile(
    r"[一-龥]{0,10}(?:，|：|为：|是：)(?:分别为|分别是|即|包括|为)?(?P<list>(?:(?:《[^《》\n]{1,60}》|“[^“”\n]{1,40}”)(?:、|和|及|与|以及)?){2,40})(?P<etc>等)?"
)


def _titles_behind(page: Page, mention: Mention) -> Claim | None:
    """Count the titles behind ``制度4项，分别是《甲》《乙》``."""
    if (
        not mention.is_exact
        or mention.unit not in ("项", "个", "部", "份", "篇", "件", "种", "类", "大")
        or mention.value < 2
    ):
        return None
    match = _BEHIND_RE.match(page.text, mention.end)
    if match is None or not re.search("分别|即|包括|：|，《", match[0][:14]):
        return None
    behind = page.text[match.end() : match.end() + 6]
    if re.match(r"\d|[一二三四五六七八九十]{1,2}[项个部份]|[、和及]", behind):
        return None
    listed = len(_ITEM_RE.findall(match["list"]))
    exact = re.search("分别|即|：", match[0][:14]) is not None
    if not exact and match["etc"] is None and listed != mention.value:
        return None
    return _verdict(page, mention, listed, match["etc"] is not None, mention.start, match.end())


def _noun_of(tail: str) -> str:
    """Return the noun right behind a measure word."""
    match = re.match("(?:工作|管理|内部|规章|专项)*(?:制度|清单|台账|小组|组|队|机制|办法|方案|平台|中心|系统)", tail)
    return match[0] if match else ""


_NAMES_BEHIND_RE = re.compile(
    r"[一-龥]{0,16}(?:，(?P<what>时间|名单|日期)?分别(?:是|为|在|于)：?|，即|：)(?P<list>[^，。；：（）“”《》\n]{3,300})(?=[。；，\n]|$)"
)


def _names_behind(page: Page, mention: Mention) -> Claim | None:
    """Count the names, or the days, behind ``约谈企业6家，分别是…``."""
    if not mention.is_exact or not mention.is_count or not 2 <= mention.value <= 40:
        return None
    match = _NAMES_BEHIND_RE.match(page.text, mention.end)
    if match is None or "、" not in match["list"]:
        return None
    words = re.sub(r"(?<=\d日)[一-龥]{2,12}$", "", match["list"])
    pieces = words.split("、")
    if "：" in match[0] and not (
        re.search("以下|下列|如下", mention.lead[-4:] + match[0][:12])
        and all(2 <= len(piece) <= 10 for piece in pieces)
        and len({piece[-1] for piece in pieces}) == 1
    ):
        return None
    days = all(re.fullmatch(r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?", piece) for piece in pieces)
    if not days and (
        re.search(r"\d", words)
        or mention.unit not in ("个", "家", "名", "人", "所", "项", "类", "村", "镇", "县", "区", "位", "处")
    ):
        return None
    etc = pieces[-1].endswith("等")
    last = re.split(r"(?<=.)(?:以及|和|及|与)(?=.)", pieces[-1])
    listed = len(pieces) - 1 + (len(last) if len(last) == 2 and not days else 1)
    if len(last) == 2 and mention.value == len(pieces):
        listed = len(pieces)
    if any(re.search("和|及|与|至", piece[1:-1]) for piece in pieces) or abs(listed - mention.value) > 5:
        return None
    return _verdict(page, mention, listed, etc, mention.start, match.end())


_PROMISE_RE = re.compile(
    r"[“‘](?P<n>[二两三四五六七八九十])个(?P<tail>[一-龥]{2})[”’]：(?P<list>[^，。；：（）\n]{2,12}(?:、[^，。；：（）\n]{2,12}){1,10})(?=[，。；\n]|$)"
)


_ONES_RE = re.compile(
    r"[“‘](?P<n>[二两三四五六七八九十])个一[”’][一-龥]{0,6}(?:，即|：|（|，)(?P<list>一[^，。；：（）\n、]{2,12}(?:、一[^，。；：（）\n、]{2,12}){1,10})(?=[，。；）\n]|$)"
)


def _promised(page: Page) -> list[Claim]:
    """Count what a set phrase spells out: ``“四个到位”：认识到位、责任到位、措施到位``."""
    claims = []
    for match in _PROMISE_RE.finditer(page.text):
        pieces = match["list"].split("、")
        declared = parse_chinese_number(match["n"]) or 0
        if any(not piece.endswith(match["tail"]) for piece in pieces):
            continue
        verdict = Verdict.CONSISTENT if declared == len(pieces) else Verdict.CONTRADICTORY
        reason = f"列出{len(pieces)}个，文中称{match['n']}个"
        claims.append(claim(page, "listed", verdict, reason, match.start(), match.end()))
    for match in _ONES_RE.finditer(page.text):
        # “五个一”机制，即一名领导、一个专班…
        listed, declared = len(match["list"].split("、")), parse_chinese_number(match["n"]) or 0
        verdict = Verdict.CONSISTENT if declared == listed else Verdict.CONTRADICTORY
        reason = f"列出{listed}个，文中称{match['n']}个一"
        claims.append(claim(page, "listed", verdict, reason, match.start(), match.end()))
    return claims


def _enumerated(page: Page, mention: Mention) -> Claim | None:
    """Count the enumerators behind ``以下3项：``."""
    if not mention.is_exact or not mention.is_count or mention.value < 2 or mention.value > 30:
        return None
    text = page.text
    places = [at for at in (text.find(mark, mention.end, mention.end + 40) for mark in "：。") if at >= 0]
    if not places:
        return None
    colon = min(places)
    words = text[mention.end : colon]
    if "\n" in words or (re.search(r"\d|[，；]", words) and not re.search("以下|如下|下列|具体", words)):
        return None
    if any(other.end <= colon for other in page.mentions[mention.index + 1 : mention.index + 2]):
        return None
    if mention.index and page.mentions[mention.index - 1].clause == mention.clause:
        return None
    announced = re.search("以下|下列|如下", mention.lead[-6:] + words) is not None and "情况" not in words
    at = colon + 1
    while at < len(text) and text[at] in "\n ":
        at += 1
    for name, marks in _ENUMERATORS:
        if not text.startswith(marks[0], at):
            continue
        own_line = text[at - 1] == "\n"
        if (own_line or name in ("（", "（一")) and not (announced and text[colon] == "："):
            return None
        listed = _count_marks(page, marks, at)
        if listed < 2:
            return None
        return _verdict(page, mention, listed, False, max(page.clause_of(mention).start, mention.start - 30))
    return None


def _count_marks(page: Page, marks: tuple[str, ...], at: int) -> int:
    """Return how many of *marks* follow one another from *at* on, each at the head of a clause of the passage."""
    text = page.text
    limit = min(len(text), at + 4000)
    own_line = at > 0 and text[at - 1] == "\n"
    if not own_line:
        end = text.find("\n", at)
        limit = min(limit, end if end >= 0 else len(text))
    count = 1
    place = at
    for mark in marks[1:]:
        found = text.find(mark, place + 1, limit)
        while found >= 0 and text[found - 1] not in "，。；：\n）":
            found = text.find(mark, found + 1, limit)
        if found < 0:
            break
        count += 1
        place = found
    return count
