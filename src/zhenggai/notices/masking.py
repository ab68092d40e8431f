"""Finds in a text what the public may not read: numbers of people and cases, names; plain values, no database.

Numbers of people are known by :mod:`zhenggai.kit.personal_numbers`, others by their form, and names by the word in front of
them (犯罪嫌疑人, 举报人 …); names that the record knows to belong to ordinary persons come in as a list.  Office numbers in the contact block are
the caller's exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhenggai.kit.personal_numbers import NumberKind, find_personal_numbers
from zhenggai.notices.models import Masking

Kind = Masking.Kind
_NUMBERS = {
    NumberKind.IDENTITY_NO: Kind.IDENTITY_NO,
    NumberKind.BANK_CARD: Kind.BANK_CARD,
    NumberKind.PHONE: Kind.PHONE,
}
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑"
    "薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄和穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻"
    "强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄"
    "曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂"
    "索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎"
    "戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公"
    "冼佟岳缑亢况郈有琴商牟佘佴伯赏墨哈谯笪年爱阳覃晋楚闫法汝鄢涂钦归海展肖"
)
_ROLES = (
    "犯罪嫌疑人|被告人|被害人|被执行人|申请人|申诉人|上访人|信访人|举报人|控告人|投诉人|当事人|证人|罪犯|服刑人员|被救助人|"
    "责任人|承办人|检察官助理|检察官|书记员|法官|律师|干部|民警|个体工商户|村民|居民|职工|群众"
)
_NAME = "[\u4e00-\u9fff]{2,3}"
_NOT_NAMES = (
    "应当|已经|进行|作出|提出|反映|依法|同意|认为|未按|没有|需要|可以|履行|分别|全部|均已|均未|名单|姓名|所在|及其|以及|和有|对有|不服|"
    "关于|通过|参加|负责|开展|落实|配合|会议|培训|队伍|考核|管理|惩戒|办案|履职|联席|职责|谈话|提醒|批评|教育|监督|评查|能力|业务|工作|"
    "责任|违纪|违法|违规|全程|从严|年度|学习|职级|信息|身份|权利|利益|合法|权益|说明|书面|意见|材料|平时|因公|外出|请假|满意|来访|来信"
)
_AFTER_ROLE = re.compile(rf"(?:{_ROLES})(?P<name>{_NAME})(?=[、，。；：（(的等因在系于向被将已为与和同]|$)")
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.EMAIL, re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,32}){1,5}")),
    (Kind.PLATE, re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])")),
    (Kind.CASE_NO, re.compile(r"[（(〔\[]\s?(?:19|20)\d{2}\s?[）)〕\]][\u4e00-\u9fff0-9]{2,14}?第?\s?\d{1,7}号")),
)  # fmt: skip
_CASE_WORDS = re.compile(r"刑|民|行|执|检|诉|捕|公|赔|审|申|抗|监|调|侦|终|初|再|破|仲")
_RULE_WORDS = re.compile(r"发|办|函|党组|政|令|规|字|意见|通知|纪要|整改|督|巡")
_BLANKED = {
    Kind.IDENTITY_NO: "（身份证号略）",
    Kind.BANK_CARD: "（卡号略）",
    Kind.PHONE: "（电话略）",
    Kind.EMAIL: "（邮箱略）",
    Kind.PLATE: "（车牌略）",
    Kind.CASE_NO: "（案号略）",
    Kind.RESTRICTED: "（内容略）",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the public may not read."""

    kind: Kind
    """What it is."""
    start: int
    """First character."""
    end: int
    """Behind the last one."""
    quote: str
    """The characters."""
    replacement: str
    """What may stand there instead."""


def find_personal(text: str, *, names: Iterable[str] = (), secrets: Iterable[str] = ()) -> list[Hit]:
    """Return what of *text* the public may not read, in order, without overlaps.

    Args:
        text: any text.
        names: names of ordinary persons that the record knows.
        secrets: words of restricted entries that may stand nowhere.
    """
    found: list[Hit] = []
    for secret in secrets:
        found += [_hit(Kind.RESTRICTED, text, match.span()) for match in re.finditer(re.escape(secret), text)]
    found += [_hit(_NUMBERS[number], text, (start, end)) for number, start, end in find_personal_numbers(text)]
    for kind, pattern in _PATTERNS:
        found += [_hit(kind, text, match.span()) for match in pattern.finditer(text) if _holds(kind, match[0])]
    for match in _AFTER_ROLE.finditer(text):
        if _is_name(match["name"]):
            found.append(_hit(Kind.PERSON, text, match.span("name")))
    for name in names:
        found += [_hit(Kind.PERSON, text, match.span()) for match in re.finditer(re.escape(name), text)]
    return _without_overlaps(found)


def mask(text: str, hits: Sequence[Hit]) -> str:
    """Return *text* with *hits* replaced."""
    for hit in sorted(hits, key=lambda each: each.start, reverse=True):
        text = text[: hit.start] + hit.replacement + text[hit.end :]
    return text


def masked_name(name: str) -> str:
    """Return a name as official papers mask it: 张某, 欧阳某某."""
    return name[:1] + "某" * max(1, len(name) - 1)


def _hit(kind: Kind, text: str, span: tuple[int, int]) -> Hit:
    quote = text[span[0] : span[1]]
    return Hit(kind, *span, quote, masked_name(quote) if kind is Kind.PERSON else _BLANKED[kind])


def _holds(kind: Kind, quote: str) -> bool:
    if kind is Kind.CASE_NO:
        return _CASE_WORDS.search(quote) is not None and _RULE_WORDS.search(quote) is None
    return True


def _is_name(name: str) -> bool:
    return name[0] in _SURNAMES and "某" not in name and not re.match(_NOT_NAMES, name)


def _without_overlaps(found: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
