"""The text laid out for checking: paragraphs, sentences, segments, clauses, and the quantities in their clauses.

A *paragraph* is a line (or a table cell), a *sentence* ends at ``。``, a *segment* also at ``；`` and where an item of a
list begins, a *clause* at any mark. A bracket is a clause of greater depth whose owner is the quantity before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal

from zhenggai.figures.lexing import Token, lex
from zhenggai.figures.periods import When, find_scopes, find_times
from zhenggai.figures.rounding import interval
from zhenggai.figures.shapes import Quantity, Span
from zhenggai.figures.units import COUNT_UNITS, MEASURES, TIME_UNITS, in_base, kin
from zhenggai.figures.view import View, build_view

_BOUNDARY_RE = re.compile(
    r"[\n\t。！？]|；|[，：（）]|(?:(?<=[，。；：）\n])|^)(?:[一二三四五六七八九十]{1,2}(?:是|要)(?!否)|其[一二三四五六七八九](?=[，、])|[①-⑳])|(?<![\d.])\d{1,2}[.、](?!\d)(?=[一-龥“《])"
)
_LIST_ITEM_RE = re.compile(r"（(?:\d{1,2}|[一二三四五六七八九十]{1,3})）")
INCREASE = "增长|增加|上升|提高|提升|上涨|增幅|涨幅|增速|多|净增|新增|增多|扩大|攀升|回升|升高|增"
DECREASE = "下降|减少|降低|下滑|降幅|回落|压减|压缩|缩减|少|减|降|精简|压降|缩短|下跌"
CHANGE_RE = re.compile(
    rf"(?<!削)(?:{INCREASE}|{DECREASE})(?:了|幅|约|近|达到?|为|率|比例|比率|幅度|速度|比)*$|(?:比|较|同比|环比)[^，]{{0,16}}[增减多少升降涨跌高低][^，]{{0,6}}$|[增减][产收支值员编排效幅速]了?$"
)
"""The words before a number that is by how much something changed."""


@dataclass(slots=True, eq=False)
class Mention:
    """One quantity in its place; each is itself alone."""

    index: int
    """Which quantity of the text, from 0."""
    quantity: Quantity
    """What was read."""
    start: int
    """First character in the working text, of its qualifier if there is one."""
    number: int
    """First character of the number."""
    end: int
    """Behind the last character."""
    clause: int
    """Index of its clause."""
    lead: str
    """The words of the clause before it, from the quantity before."""
    tail: str
    """The words of the clause behind it, to the next quantity."""
    kin: str
    """What its unit counts."""
    low: Decimal
    """Least number meant, in the base unit."""
    high: Decimal
    """Greatest number meant, in the base unit."""
    amount: Decimal
    """The number in the base unit."""
    chinese: bool
    """Written in Chinese numerals."""
    scaled: bool
    """Written with 万, 千 … before the measure word."""
    group: int
    """Number of the compound it belongs to: ``55件141人`` are two of one group."""
    whens: tuple[When, ...] = ()
    """The times named in its clause before it, from the quantity before."""

    @property
    def value(self) -> Decimal:
        """The number in its own unit."""
        return self.quantity.value

    @property
    def unit(self) -> str:
        """The measure word."""
        return self.quantity.unit

    @property
    def qualifier(self) -> str:
        """The qualifier, or nothing."""
        return self.quantity.qualifier

    @property
    def is_count(self) -> bool:
        """True for a count of things or an amount of money, area and the like: what may be part of a sum."""
        return self.unit in COUNT_UNITS or self.unit in MEASURES

    @property
    def is_ratio(self) -> bool:
        """True for a share, rate or other per cent."""
        return self.kin == "ratio"

    @property
    def is_change(self) -> bool:
        """True when the words before say that this is by how much something rose or fell."""
        return CHANGE_RE.search(self.lead) is not None

    @property
    def is_exact(self) -> bool:
        """True for a whole count without qualifier or range."""
        return not self.qualifier and self.quantity.upper is None and not self.scaled

    @property
    def label(self) -> str:
        """The words around it in the clause."""
        return self.lead + self.tail


@dataclass(slots=True)
class Clause:
    """A run of words between two marks."""

    index: int
    """Which clause of the text."""
    start: int
    """First character in the working text."""
    end: int
    """Behind the last character, before the closing mark."""
    opener: str
    """The mark before."""
    closer: str
    """The mark behind."""
    paragraph: int
    """Number of the paragraph."""
    sentence: int
    """Number of the sentence."""
    segment: int
    """Number of the segment."""
    depth: int
    """How many brackets are open."""
    mentions: list[Mention] = field(default_factory=list)
    """The quantities in it."""


@dataclass(slots=True)
class Page:
    """A text laid out."""

    view: View
    """The working text and the way back."""
    clauses: list[Clause]
    """All clauses in order."""
    mentions: list[Mention]
    """All quantities in order."""
    times: list[When]
    """All times in order."""

    @property
    def text(self) -> str:
        """The working text."""
        return self.view.text

    def words(self, clause: Clause) -> str:
        """Return the words of *clause*."""
        return self.view.text[clause.start : clause.end]

    def clause_of(self, mention: Mention) -> Clause:
        """Return the clause that *mention* stands in."""
        return self.clauses[mention.clause]

    def sentence_of(self, mention: Mention) -> int:
        """Return the number of the sentence of *mention*."""
        return self.clauses[mention.clause].sentence

    def paragraph_of(self, mention: Mention) -> int:
        """Return the number of the paragraph of *mention*."""
        return self.clauses[mention.clause].paragraph

    def before(self, mention: Mention, most: int = 40) -> list[Mention]:
        """Return the quantities before *mention* in its paragraph, the nearest first, at most *most*."""
        found: list[Mention] = []
        paragraph = self.paragraph_of(mention)
        for index in range(mention.index - 1, max(-1, mention.index - 1 - most), -1):
            other = self.mentions[index]
            if self.paragraph_of(other) != paragraph:
                break
            found.append(other)
        return found

    def span(self, start: int, end: int) -> Span:
        """Return the span of working places in the text that was handed in."""
        return self.view.span(start, end)


def lay_out(source: str) -> Page:
    """Return *source* laid out, with every quantity in its clause."""
    view = build_view(source)
    text = view.text
    tokens = lex(text)
    times = find_times(text)
    scopes = find_scopes(text)
    clauses = _clauses(text, tokens)
    starts = [clause.start for clause in clauses]
    page = Page(view, clauses, [], times)
    time_at = scope_at = 0
    last_time: tuple[int, str] = (-1, "")
    last_scope: tuple[int, str] = (-1, "")
    group = 0
    for token in tokens:
        clause = clauses[max(0, bisect_right(starts, token.start) - 1)]
        earlier = clause.mentions[-1].end if clause.mentions else clause.start
        whens = []
        while time_at < len(times) and times[time_at].end <= token.start:
            when = times[time_at]
            if when.start >= earlier:
                whens.append(when)
            last_time = (_paragraph_at(clauses, starts, when.start), when.text)
            time_at += 1
        while scope_at < len(scopes) and scopes[scope_at][1] <= token.start:
            start, end = scopes[scope_at]
            last_scope = (_paragraph_at(clauses, starts, start), text[start:end])
            scope_at += 1
        if not (clause.mentions and clause.mentions[-1].end == token.start and not token.qualifier):
            group += 1
        mention = _mention(view, token, clause, earlier, len(page.mentions), group)
        mention.whens = tuple(whens)
        page.mentions.append(mention)
        clause.mentions.append(mention)
        mention.quantity = _placed(
            mention,
            last_time[1] if last_time[0] == clause.paragraph else "",
            last_scope[1] if last_scope[0] == clause.paragraph else "",
        )
    _set_tails(page)
    _refine(page)
    return page


def _refine(page: Page) -> None:
    """Read 4亿元 beside 3.2亿元 as 4.0亿元: in one sentence amounts are rounded alike, and a nought behind the point is left out."""

    def alike(mention: Mention) -> tuple[int, str, str]:
        # 2.76亿人 beside 539.40万人 is no finer than it shows.
        scale = next((sign for sign in "亿万" if mention.scaled and sign in mention.quantity.text), "")
        return page.sentence_of(mention), mention.unit, scale

    finest: dict[tuple[int, str, str], Decimal] = {}
    for mention in page.mentions:
        if mention.unit in MEASURES or mention.scaled:
            key = alike(mention)
            finest[key] = min(finest.get(key, mention.quantity.step), mention.quantity.step)
    for mention in page.mentions:
        step = finest.get(alike(mention), mention.quantity.step)
        if step < mention.quantity.step and not mention.qualifier and mention.quantity.upper is None and mention.value:
            half = max(step, mention.quantity.step / 10) / 2 * (mention.amount / mention.value)
            mention.low, mention.high = mention.amount - half, mention.amount + half


def _paragraph_at(clauses: list[Clause], starts: list[int], at: int) -> int:
    return clauses[max(0, bisect_right(starts, at) - 1)].paragraph


def _mention(view: View, token: Token, clause: Clause, earlier: int, index: int, group: int) -> Mention:
    # Ratios meet as per cents, whatever words they are written in.
    factor = _PERCENT.get(token.unit, Decimal(1))
    exact = (token.unit in COUNT_UNITS or token.unit in TIME_UNITS) and not token.scaled
    low, high = interval(token.value, token.upper, token.step, token.qualifier, exact)
    quantity = Quantity(
        text=view.words(token.start, token.end),
        span=view.span(token.start, token.end),
        value=token.value,
        unit=token.unit,
        upper=token.upper,
        qualifier=token.qualifier,
        step=token.step,
    )
    return Mention(
        index=index,
        quantity=quantity,
        start=token.start,
        number=token.number,
        end=token.end,
        clause=clause.index,
        lead=view.text[max(earlier, token.start - 60) : token.start],
        tail="",
        kin=kin(token.unit),
        low=in_base(low, token.unit) * factor,
        high=in_base(high, token.unit) * factor,
        amount=in_base(token.value, token.unit) * factor,
        chinese=token.chinese,
        scaled=token.scaled,
        group=group,
    )


_PERCENT = {"成": Decimal(10), "分之": Decimal(100), "‰": Decimal("0.1"), "半": Decimal(1)}
_NOUN_STOP_RE = re.compile(r"[、和与及并且]|其中|占|同比|较|比|为|是|达|已|均|全部|分别")
_LEAD_CUT_RE = re.compile(
    r"^(?:全[国省市县区州镇乡院局校]|市[本直]级|院本级|检察机关|各级|机关|以来|年度?|截至|截止|目前|其中|共计|累计|合计|总计|全年|共|已|均|分别|约|近|有|为|达到?|并|且|又|还|再|仅|新|完成|开展|组织|办理|召开|印发|制定|举办|发现|建立|查处|受理|处理|整改|解决)+"
)
_LEAD_END_RE = re.compile(r"(?:共计|累计|合计|总计|共有|共|已|均|分别|约|有|为|达到?|了|的|仅|至|到|是|数|数量|总数)+$")


def _placed(mention: Mention, period: str, scope: str) -> Quantity:
    quantity = mention.quantity
    return Quantity(
        quantity.text, quantity.span, quantity.value, quantity.unit, quantity.upper, "", quantity.qualifier, period, scope,
        quantity.step,
    )  # fmt: skip


_PEOPLE_RE = re.compile("[一-龥]{0,4}(?:专家|干部|学生|同志|代表|委员|职工|群众|评委|志愿者|人员|教师)")
"""People that are counted with 个 as well."""
_HEADING_RE = re.compile("大?(?:方面|领域|环节|层面|类别|板块|维度|大类|专题|部分|层次)")
"""What is counted is how others are sorted, and never a whole or part of them."""


def subject_of(lead: str, tail: str) -> str:
    """Return the noun phrase that a quantity counts: what follows its measure word, or else what stands before it."""
    behind = _NOUN_STOP_RE.split(tail.removeprefix("的"), maxsplit=1)[0]
    if 2 <= len(behind) <= 20:
        return behind
    before = _LEAD_END_RE.sub("", lead)
    before = re.split(r"[、和与及]", before)[-1]
    cut = _LEAD_CUT_RE.sub("", before)
    return (cut or before)[-20:]


def _set_tails(page: Page) -> None:
    text = page.text
    for clause in page.clauses:
        for place, mention in enumerate(clause.mentions):
            stop = clause.mentions[place + 1].start if place + 1 < len(clause.mentions) else clause.end
            mention.tail = text[mention.end : min(stop, mention.end + 60)]
            if mention.unit == "个" and _PEOPLE_RE.match(mention.tail):
                mention.kin = "people"
            if _HEADING_RE.match(mention.tail) and mention.unit in ("个", "大", "类", "项"):
                mention.kin = "heading"
            last = place + 1 == len(clause.mentions)
            quantity = mention.quantity
            mention.quantity = Quantity(
                quantity.text, quantity.span, quantity.value, quantity.unit, quantity.upper,
                subject_of(mention.lead, mention.tail if last else ""), quantity.qualifier, quantity.period, quantity.scope,
                quantity.step,
            )  # fmt: skip


def _clauses(text: str, tokens: list[Token]) -> list[Clause]:
    """Return the clauses of *text*; no boundary falls inside a quantity."""
    clauses: list[Clause] = []
    paragraph = sentence = segment = depth = 0
    start, opener = 0, "\n"
    token_at = 0

    def close(end: int, closer: str) -> None:
        nonlocal start
        clauses.append(Clause(len(clauses), start, end, opener, closer, paragraph, sentence, segment, depth))

    for match in _BOUNDARY_RE.finditer(text):
        at = match.start()
        while token_at < len(tokens) and tokens[token_at].end <= at:
            token_at += 1
        if token_at < len(tokens) and tokens[token_at].start < at < tokens[token_at].end:
            continue
        mark = match[0]
        if mark == "（" and _LIST_ITEM_RE.match(text, at):
            close(at, "#")
            start, opener = at, "#"
            segment += 1
            sentence += 1
            continue
        if len(mark) > 1 or mark in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
            if mark[0].isdigit() and token_at < len(tokens) and tokens[token_at].start == at:
                continue
            close(at, "#")
            start, opener = at, "#"
            segment += 1
            continue
        close(at, mark)
        start, opener = match.end(), mark
        if mark in "\n\t":
            paragraph, sentence, segment, depth = paragraph + 1, sentence + 1, segment + 1, 0
        elif mark in "。！？":
            sentence, segment = sentence + 1, segment + 1
            depth = depth if depth else 0
        elif mark == "；":
            segment += 1
        elif mark == "（":
            depth += 1
        elif mark == "）":
            depth = max(0, depth - 1)
    close(len(text), "")
    return clauses
