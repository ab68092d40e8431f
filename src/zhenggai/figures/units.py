"""Measure words 量词: which there are, which count the same kind of thing, and how those of measures convert.

Two quantities may stand in one sum or ratio only when :func:`kin` gives the same answer for both.
"""

from __future__ import annotations

from decimal import Decimal

RATIO_UNITS = ("%", "‰", "成", "分之", "半")
"""Units of a ratio."""
POINT_UNITS = ("个百分点", "百分点", "个千分点")
"""Units of a difference between two ratios."""

_CASES = "件 起 宗 案 例 单"
_PEOPLE = "人 名 位"
_BODIES = (
    "家 户 个 项 条 处 类 点 所 座 村 村庄 社区 街道 县 区 乡镇 镇 乡 院 单位 部门 方面 环节 批次 批 组 款 种 栋 幢"
)
_TIMES = "次 场 场次 轮 期 堂 课 节 课时 学时 批 趟 班次"
_PAPERS = "份 篇 封 本 册 部 卷 幅 张 则 页 字 套 条次 项次 份次"
_OTHERS = (
    "件次 剂次 剂 人次 家次 户次 车次 台次 处次 架次 台 辆 艘 架 支 队 间 只 头 株 棵 片 块 段 道 口 盏 枚 颗 箱 瓶 袋 盒 床 张床位 "
    "床位 学位 岗位 席 票 站 网点 宗地 根 双 对 副 标箱 标准箱 分 笔 集 对次 例次 亩次 班 所次 人日 点位 个点 门"
)

_MEASURES: dict[str, dict[str, str]] = {
    "money": {"元": "1", "万元": "10000", "千元": "1000", "百万元": "1000000", "千万元": "10000000", "亿元": "100000000",
              "万亿元": "1000000000000", "块钱": "1", "角": "0.1"},
    "dollar": {"美元": "1", "万美元": "10000", "亿美元": "100000000"},
    "area": {"平方米": "1", "平方公里": "1000000", "平方千米": "1000000", "公顷": "10000", "亩": "666.6666667", "万亩": "6666666.667",
             "万平方米": "10000", "㎡": "1"},
    "mass": {"吨": "1000", "公斤": "1", "千克": "1", "斤": "0.5", "克": "0.001", "万斤": "5000", "亿斤": "50000000", "万公斤": "10000", "万吨": "10000000", "亿吨": "100000000000"},
    "length": {"公里": "1000", "千米": "1000", "米": "1", "厘米": "0.01", "里": "500"},
    "volume": {"立方米": "1", "方": "1", "万立方米": "10000", "亿立方米": "100000000", "升": "0.001"},
    "energy": {"千瓦时": "1", "度": "1", "万千瓦时": "10000", "亿千瓦时": "100000000"},
    "density": {"微克/立方米": "1", "微克每立方米": "1", "毫克/立方米": "1000", "毫克/升": "1", "分贝": "1"},
    "power": {"千瓦": "1", "万千瓦": "10000", "兆瓦": "1000"},
}  # fmt: skip

MEASURES: dict[str, tuple[str, Decimal]] = {
    unit: (kind, Decimal(factor)) for kind, units in _MEASURES.items() for unit, factor in units.items()
}
"""Unit of measure → what it measures, and how many of the base unit it is."""

_FAMILIES = {unit: name for name, words in (("times", _TIMES), ("papers", _PAPERS), ("bodies", _BODIES),
             ("people", _PEOPLE), ("cases", _CASES)) for unit in words.split()}  # fmt: skip

TIME_UNITS = frozenset(
    [
        "年",
        "个月",
        "月",
        "季度",
        "个季度",
        "天",
        "日",
        "周",
        "个星期",
        "小时",
        "个小时",
        "分钟",
        "个工作日",
        "工作日",
        "个学期",
        "届",
        "岁",
        "秒",
        "级",
    ]
)
"""Units that measure time or age: never parts of a sum of things."""

COUNT_UNITS = frozenset(
    word for words in (_CASES, _PEOPLE, _BODIES, _TIMES, _PAPERS, _OTHERS) for word in words.split()
) - TIME_UNITS - {"倍"}  # fmt: skip
"""Measure words of things that come in whole numbers."""

NOT_BEFORE = {
    "成": "立效果员为绩本功品长都交熟套型就年分人", "分": "别之管类析公局院组布级批步期为享散配支行工数子", "点": "上对击半评赞",
    "期": "间限待末刊货", "条": "例款线", "部": "分署委队级长属位里", "次": "日年月要生序", "日": "常均前益期报", "月": "均报度底份末初月",
    "年": "均度代底初末龄产轻级纪报检", "方": "面案式向法针便可位能", "里": "面程", "度": "假过", "元": "素旦宵首", "台": "账风阶湾",
    "组": "织成长建", "户": "外籍口", "人": "民才社大们", "村": "民镇委级", "县": "级委处城域",
    "镇": "级村", "乡": "镇村", "区": "级域委间", "院": "长内外级", "所": "有以在属需谓", "门": "诊店户槛", "节": "日点约能目水", "课": "程题堂时件",
    "起": "来草点步义始止伏底", "名": "称额义誉", "张": "贴某", "案": "件由例卷发情", "支": "部持付出行撑援", "队": "伍员长",
    "间": "接隔歇", "集": "中体团市", "口": "径岸号头", "只": "有要是能涉需", "根": "据本治", "段": "时", "对": "照接标于应口全涉其外象策比方",
    "站": "点位长", "单": "位项独价一个", "套": "取牌", "班": "子级组会", "席": "位", "票": "据", "本": "级市县区院局部单地次着身", "处": "理置罚分于级长以在",
    "轮": "岗训值换", "批": "准复评示", "类": "似别型", "项": "", "位": "于置", "封": "存闭控", "字": "号", "页": "面", "则": "", "周": "期边围末一岁报转",
    "天": "然气津", "米": "", "升": "级", "克": "服", "角": "度色", "笔": "", "番": "", "半": "年月天数径价导成决", "床": "", "块": "",
    "片": "区面", "道": "路德", "幅": "度", "例": "如", "卷": "宗", "秒": "", "届": "时", "岁": "",
}  # fmt: skip
"""Characters behind a measure word that show it to be the beginning of another word."""

ALL_UNITS = tuple(
    sorted(
        COUNT_UNITS | TIME_UNITS | MEASURES.keys() | (set(RATIO_UNITS) - {"半"}) | set(POINT_UNITS) | {"倍", "番"},
        key=lambda unit: (-len(unit), unit),
    )
)
"""Every unit, the longest first, as a reader must try them."""


def kin(unit: str) -> str:
    """Return the name of the kind of thing that *unit* counts or measures; units of one kind may be added."""
    if unit in MEASURES:
        return MEASURES[unit][0]
    if unit in RATIO_UNITS:
        return "ratio"
    if unit in POINT_UNITS:
        return "points"
    return _FAMILIES.get(unit, unit)


def in_base(value: Decimal, unit: str) -> Decimal:
    """Return *value* in the base unit of its kind: ``1.2`` 亿元 as ``120000000``."""
    return value * MEASURES[unit][1] if unit in MEASURES else value
