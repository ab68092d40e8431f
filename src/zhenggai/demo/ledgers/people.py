"""Units, names, courts, firms and days that the rows of the demo are made of; all invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from zhenggai.demo.organisation import GRASSROOTS, ORGANISATION

Row = dict[str, Any]
T = TypeVar("T")

CITY = ORGANISATION
BASES = tuple(f"{place}人民检察院" for place, _chief, _liaison in GRASSROOTS)
UNITS = (CITY, *BASES)
SHORT = {CITY: "示例", **{f"{place}人民检察院": place[:2] for place, _chief, _liaison in GRASSROOTS}}
"""Unit → the word that its case numbers carry."""
DEPARTMENT_OF = {
    "arrest": "普通犯罪检察部",
    "prosecution": "普通犯罪检察部",
    "execution": "刑事执行检察部",
    "civil": "民事检察部",
    "administrative": "行政检察部",
    "public_interest": "公益诉讼检察部",
    "juvenile": "未成年人检察部",
    "complaint": "控告申诉检察部",
}
CASE_TYPES = tuple(DEPARTMENT_OF)
FEEDBACK_ON = date(2024, 7, 18)
INSPECTED_UNTIL = date(2024, 5, 10)
NOTICE_ON = date(2025, 1, 16)
"""The day to which the public notice of the demo speaks."""
CRIMES = (
    "盗窃罪",
    "危险驾驶罪",
    "诈骗罪",
    "故意伤害罪",
    "寻衅滋事罪",
    "交通肇事罪",
    "开设赌场罪",
    "掩饰、隐瞒犯罪所得罪",
)
AGENCIES = (
    "市场监督管理局",
    "自然资源局",
    "生态环境局",
    "交通运输局",
    "住房和城乡建设局",
    "卫生健康局",
    "农业农村局",
    "应急管理局",
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
_GIVEN = "安邦博才晨达恩帆歌涵弘嘉建景凯岚乐黎明宁鹏启清然若山思棠文熙晓欣旭雅言依逸颖雨远悦云泽哲知子卓"


def name(source: Random) -> str:
    """Return an invented name."""
    given = source.choice(_GIVEN) + (source.choice(_GIVEN) if source.random() < 0.6 else "")
    return source.choice(_SURNAMES) + given


def _names(count: int, seed: str) -> tuple[str, ...]:
    source = Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[name(source)] = None
    return tuple(found)


_STAFF = _names(len(UNITS) * 12, "检察官")
PROSECUTORS = {unit: _STAFF[number * 12 : number * 12 + 12] for number, unit in enumerate(UNITS)}
"""Unit → its prosecutors."""
LAWYERS = tuple(
    (person, f"14399{2010 + number % 12}{number:06d}", f"示例{word}律师事务所")
    for number, (person, word) in enumerate(
        zip(_names(40, "律师"), ("正衡", "明理", "天平", "望舒", "致远", "守正", "同舟", "博闻") * 5, strict=True)
    )
)
"""Name, number and firm of each lawyer."""


def prosecutor(source: Random, unit: str, case_type: str | None = None) -> str:
    """Return a prosecutor of *unit*; each type of case has three who handle it."""
    staff = PROSECUTORS[unit]
    if case_type is None:
        return source.choice(staff)
    first = CASE_TYPES.index(case_type) % 4 * 3
    return source.choice(staff[first : first + 3])


def unit(source: Random, *, city: float = 0.15) -> str:
    """Return a unit; the city's own with the given chance."""
    return CITY if source.random() < city else source.choice(BASES)


def case_no(unit: str, year: int, word: str, number: int) -> str:
    """Return a case number as people write it."""
    return f"{SHORT[unit]}检{word}〔{year}〕{number}号"


def day(source: Random, first: date, last: date) -> date:
    """Return a day from *first* to *last*, no Saturday or Sunday where the span has others."""
    span = (last - first).days
    found = first + timedelta(days=source.randint(0, span))
    for back in range(7):
        for other in (found - timedelta(days=back), found + timedelta(days=back)):
            if other.weekday() < 5 and first <= other <= last:
                return other
    return found


def after(start: date, days: int) -> date:
    """Return the day *days* after *start*, moved off a weekend to the Friday before."""
    found = start + timedelta(days=days)
    return found - timedelta(days=max(found.weekday() - 4, 0)) if days > 2 else found


def shuffled(source: Random, values: Iterable[T]) -> list[T]:
    """Return *values* in an order of the source."""
    found = list(values)
    source.shuffle(found)
    return found


def repeated(counts: dict[str, int]) -> list[str]:
    """Return each word as often as it is counted."""
    return [word for word, count in counts.items() for _ in range(count)]


def parts(source: Random, total: int, count: int, least: int, most: int) -> list[int]:
    """Return *count* whole numbers from *least* to *most* that sum up to *total*."""
    found = [least] * count
    left = total - least * count
    while left:
        at = source.randrange(count)
        if found[at] < most:
            found[at] += 1
            left -= 1
    return found


def numbered(rows: Sequence[Row], field: str, form: str) -> list[Row]:
    """Give each row its number, in the order of the rows."""
    return [{field: form.format(number), **row} for number, row in enumerate(rows, 1)]
