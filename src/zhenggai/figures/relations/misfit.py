"""Measure words that cannot count what they stand with: ``罚没款达213件``, ``补贴资金4.62吨``."""

from __future__ import annotations

import re
from itertools import pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, group_of
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES, TIME_UNITS

_MONEY_RE = re.compile(
    r"(?:罚没款|罚款|资金|金额|款项|经费|工程款|货款|欠款|税款|补贴款|救助金|补助金|奖金|违约金|保证金|滞纳金|养老金|公积金|收入|支出|产值|税收|营收)(?:共计|累计|合计|总计|共|达到?|为|约|近|了|逾|超过)*$"
)
_NEVER_MONEY = frozenset(
    [
        "件",
        "人",
        "名",
        "吨",
        "公里",
        "米",
        "亩",
        "公顷",
        "平方米",
        "辆",
        "台",
        "人次",
        "件次",
        "场",
        "场次",
        "头",
        "棵",
        "株",
        "公斤",
        "%",
    ]
) - {"%"}
_PEOPLE_RE = re.compile(r"(?:群众|干部|党员|学生|职工|居民|农户|企业|学校|医院)(?:共|达到?|约)*$")
_NEVER_PEOPLE = frozenset(["吨", "公里", "亩", "万元", "亿元", "元", "平方米", "公斤", "米", "公顷"])


_RATE_RE = re.compile(
    r"(?:[一-龥]{2}率|满意度|占比)(?:同比|比上年|较上年)?(?:为|是|达到?|提高|上升|下降|降低|增长|提升)?(?:了|到|至)?$"
)
_NEVER_RATE = frozenset(
    [
        "件",
        "人",
        "名",
        "个",
        "家",
        "份",
        "次",
        "项",
        "条",
        "起",
        "万元",
        "元",
        "亿元",
        "公里",
        "亩",
        "吨",
        "户",
        "场",
        "批次",
    ]
)
_LENGTH_RE = re.compile(
    r"(?:新建|改建|硬化|修建|建成|疏浚|养护|维修)[一-龥]{0,6}(?:道路|公路|管网|渠道|河道|光缆|水渠|管道)(?:共|约)?$"
)
_NEVER_LENGTH = frozenset(["亩", "吨", "件", "人", "名", "万元", "平方公里", "公顷"]) - {"万元"}


_MEASURED = frozenset(["吨", "公里", "亩", "公顷", "平方米", "%"])
_MONEY = frozenset(["万元", "元", "亿元"])
_THINGS = frozenset(["件", "名", "家", "户", "份", "起", "人次", "件次", "场次", "宗"])
_TABLE: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = (
    ("会议", re.compile(r"召开[一-龥]{0,10}(?:会|会议)$"), _MEASURED | {"万元", "元", "亿元", "户", "份"}),
    ("活动", re.compile(r"(?:开展|组织|举办)[一-龥]{0,10}(?:培训|活动|检查|讲座|宣传|督查|巡查)$"), _MEASURED),
    (
        "制度文件",
        re.compile(r"(?:制定|出台|修订|印发|完善)[一-龥]{0,10}(?:制度|办法|文件|方案|规定)$"),
        _MEASURED | {"人", "户", "万元", "人次"},
    ),
    ("案件", re.compile(r"(?:立案|查处案件|办理案件|审结案件|受理案件|结案)$"), _MEASURED | {"户", "份"}),
    (
        "人员",
        re.compile(r"(?:处分|问责|约谈|诫勉|谈话提醒|批评教育)(?:干部|人员)?$"),
        _MEASURED | {"万元", "份", "公里"},
    ),
    (
        "土地面积",
        re.compile(
            r"(?:高标准农田|耕地|林地|草地|湿地|农田|造林|绿化面积|播种面积|种植面积|建筑面积|占地面积|总面积|用地面积|水域面积|复垦|退耕还林|征收土地|收储土地|流转土地|闲置土地)(?:面积)?(?:共计|累计|合计|共|达到?|为|约)?$"
        ),
        _MONEY | (_THINGS - {"宗", "户"}) | {"人", "吨", "公里", "米", "公斤", "斤", "立方米"},
    ),
    (
        "建筑面积",
        re.compile(r"(?:建筑面积|房屋面积|办公用房面积|使用面积|营业面积)(?:共计|合计|共|达到?|为|约)?$"),
        frozenset(["平方公里", "公里", "亩", "公顷"]),
    ),
    (
        "时间",
        re.compile(
            r"(?:平均住院日|住院天数|审理天数|办理天数|办理时限|办结时限|审批时限|办理时间|审理周期|办案周期|平均用时|工期|用时)(?:由|从|为|达到?|约|(?:缩短|压缩|减少|降低|延长)(?:到|至|为)|缩短|压缩)?(?:了)?$"
        ),
        _MONEY | _THINGS | {"人", "吨", "公里", "亩", "个", "项", "条", "处"},
    ),
    (
        "长度",
        re.compile(
            r"(?:(?:公路|道路|管网|管道|河道|渠道|铁路|隧道|绿道|堤防|光缆|线路|护栏|岸线)(?:总)?(?:里程|长度)?|通车里程|总里程|里程)(?:共计|累计|合计|达到?|约|总长)$|(?:通车里程|总里程|总长度?)(?:为)?$"
        ),
        _MONEY | _THINGS | {"人", "亩", "公顷", "吨", "平方米"},
    ),
    (
        "雨量",
        re.compile(r"(?:降雨量|降水量)(?:累计|平均)?(?:为|达到?|约)?$"),
        _MONEY | _THINGS | {"人", "亩", "吨", "公斤", "公里", "平方米", "立方米"},
    ),
    (
        "产量",
        re.compile(r"(?:粮食|小麦|玉米|水稻|原煤|钢材|水泥|蔬菜|水果|肉类|水产品)(?:总)?产量(?:为|达到?|约|共)?$"),
        _MONEY | _THINGS | {"人", "亩", "万亩", "公里", "平方米", "公顷"},
    ),
    (
        "电量",
        re.compile(r"(?:用电量|发电量|售电量)(?:为|达到?|约|共)?$"),
        _MONEY | _THINGS | {"人", "亩", "公里", "平方米", "吨"},
    ),
    (
        "水量",
        re.compile(r"(?:供水量|用水量|蓄水量|污水处理量|引水量)(?:为|达到?|约|共)?$"),
        _MONEY | _THINGS | {"人", "亩", "公里", "平方米"},
    ),
    (
        "人口",
        re.compile(r"(?:常住人口|户籍人口|总人口|流动人口|从业人员|就业人数|参保人数|受灾人口)(?:为|达到?|约|共)?$"),
        _MONEY | {"件", "份", "起", "宗", "亩", "公里", "吨", "平方米", "公顷"},
    ),
)
"""What is counted, the words right before its number, and measure words that can never count it."""


def check_misfit(page: Page) -> list[Claim]:
    """Return the claims about measure words that do not fit."""
    claims = []
    for mention in page.mentions:
        if mention.group != (page.mentions[mention.index - 1].group if mention.index else -1):
            bare = not re.match(r"[一-龥]", mention.tail)
            if bare and mention.unit in _NEVER_MONEY and _MONEY_RE.search(mention.lead):
                words = "金额"
            elif (
                bare
                and mention.unit in _NEVER_PEOPLE
                and re.search(r"(?:惠及|覆盖|受益|培训|走访|涉及)[一-龥]{0,4}$", mention.lead)
                and _PEOPLE_RE.search(mention.lead)
            ):
                words = "人或单位"
            elif (
                bare
                and mention.unit in _NEVER_RATE
                and _RATE_RE.search(mention.lead)
                and not re.search("[万千百亿][一-龥]|每|事故率|发生率|故障率|发病率|发案率|频率", mention.lead)
            ):
                words = "比率"
            elif bare and mention.unit in _NEVER_LENGTH and _LENGTH_RE.search(mention.lead):
                words = "长度"
            else:
                words = next(
                    (
                        name
                        for name, lead, units in _TABLE
                        if bare and mention.unit in units and lead.search(mention.lead)
                    ),
                    "",
                )
                if not words:
                    continue
            reason = f"{words}不能以“{mention.unit}”计，文中为{mention.quantity.text}"
            start = mention.start - min(len(mention.lead), 12)
            claims.append(claim(page, "unit_misuse", Verdict.CONTRADICTORY, reason, start, mention.end, [mention]))
    claims.extend(_changed_unit(page))
    return claims


_FROM_RE = re.compile("(?:由|从)[^，。；、]{0,16}$")
_TO_RE = re.compile("^(?:缩短|压缩|压减|减少|降低|下降|增加|增长|提高|提升|上升|延长|缩减|降|减|增|升)(?:到|至|为)了?$")


def _changed_unit(page: Page) -> list[Claim]:
    """Report ``由9.1天缩短到8.2件``: what was measured in time, money or length does not become a count."""
    claims = []
    for base, now in pairwise(page.mentions):
        if base.clause != now.clause or not _FROM_RE.search(base.lead) or not _TO_RE.search(now.lead):
            continue
        kinds = [_measured_as(mention) for mention in (base, now)]
        if kinds[0] == kinds[1] or not all(kinds) or len(group_of(page, base)) > 1 or len(group_of(page, now)) > 1:
            continue
        reason = f"{base.quantity.text}与{now.quantity.text}的量词不同，不能相比"
        claims.append(claim(page, "unit_misuse", Verdict.CONTRADICTORY, reason, base.start, now.end, [base, now]))
    return claims


def _measured_as(mention: Mention) -> str:
    if mention.unit in TIME_UNITS:
        return "time"
    if mention.unit in MEASURES:
        return mention.kin
    return "count" if mention.unit in ("件", "人", "名", "户", "份", "起", "家", "人次", "件次") else ""
