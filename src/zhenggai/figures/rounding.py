"""Whether a number shown is what arithmetic gives, under rounding, cutting off, and the sense of 约, 近, 超过, 余.

Nothing here knows what is divided by what; see the relations.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from zhenggai.figures.shapes import Verdict

BELOW = frozenset(
    [
        "近",
        "接近",
        "将近",
        "不足",
        "不到",
        "低于",
        "少于",
        "不满",
        "未达",
        "不超过",
        "不高于",
        "以内",
        "以下",
        "最多",
        "至多",
        "不多于",
    ]
)
"""Qualifiers of a number that the true one does not reach."""
ABOVE = frozenset(
    [
        "余",
        "多",
        "超",
        "超过",
        "逾",
        "突破",
        "高于",
        "多于",
        "以上",
        "至少",
        "不少于",
        "不低于",
        "大于",
        "有余",
        "超出",
        "起码",
        "之多",
        "来",
    ]
)
"""Qualifiers of a number that the true one reaches or passes."""
ABOUT = frozenset(["约", "大约", "约为", "左右", "上下", "大概", "几", "将", "数"])
"""Qualifiers of a number that the true one is near to."""

_INCLUSIVE = frozenset(
    [
        "以上",
        "至少",
        "不少于",
        "不低于",
        "不超过",
        "不高于",
        "以内",
        "以下",
        "最多",
        "至多",
        "不多于",
        "近",
        "接近",
        "将近",
        "余",
        "多",
        "来",
    ]
)
_UTMOST = Decimal("0.7")
_FINE = Decimal("0.03")
"""Up to which spread of a result its operands may be anything that is rounded to what they show (1.06万所)."""
_ORDER = (Verdict.CONSISTENT, Verdict.TRUNCATED, Verdict.UNCHECKABLE, Verdict.CONTRADICTORY)


def best(verdicts: list[Verdict]) -> Verdict:
    """Return the kindest of *verdicts*; of none, uncheckable."""
    return min(verdicts, key=_ORDER.index, default=Verdict.UNCHECKABLE)


def rounded(actual: Decimal, step: Decimal) -> Decimal:
    """Return *actual* rounded half up to whole *steps*."""
    return (actual / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def judge(
    low: Decimal, high: Decimal, shown: Decimal, step: Decimal, qualifier: str = "", actual: Decimal | None = None
) -> Verdict:
    """Return whether a number between *low* and *high* may be shown as *shown*.

    Args:
        low, high: what arithmetic gives; they differ where the operands themselves were rounded.
        shown: the number in the text.
        step: what one in its last digit is worth.
        qualifier: the word that makes it approximate, or nothing.
        actual: what the operands give as they stand, where that is known; it goes before what they may stand for.
    """
    if qualifier in _FRACTIONS:
        return _judge_fraction(low if actual is None else actual, high if actual is None else actual, shown, qualifier)
    if qualifier == "成":
        return _judge_tenths(low if actual is None else actual, high if actual is None else actual, shown, step)
    if actual is not None and not qualifier:
        # Who wrote it divided what the operands were before they were rounded.
        verdict = _judge_exact(actual, actual, shown, step)
        fine = high - low <= abs(actual) * _FINE
        if verdict is Verdict.CONSISTENT or (verdict is Verdict.TRUNCATED and not fine):
            return verdict
        if not fine:
            # That coarse operands (12亿元, 3亿元) were all rounded to the utmost and the same way is no reading.
            low, high = actual - (actual - low) * _UTMOST, actual + (high - actual) * _UTMOST
    if qualifier in BELOW:
        return _judge_below(low, high, shown, step, qualifier)
    if qualifier in ABOVE:
        return _judge_above(low, high, shown, qualifier)
    if qualifier in ABOUT:
        return _judge_about(low, high, shown, step)
    return _judge_exact(low, high, shown, step)


def _judge_exact(low: Decimal, high: Decimal, shown: Decimal, step: Decimal) -> Verdict:
    if low <= shown <= high:
        return Verdict.CONSISTENT
    actual = low if abs(low - shown) <= abs(high - shown) else high
    steps = actual / step
    wanted = shown / step
    if any(steps.quantize(Decimal(1), rule) == wanted for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)):
        return Verdict.CONSISTENT
    if steps.quantize(Decimal(1), ROUND_DOWN) == wanted:
        return Verdict.TRUNCATED
    return Verdict.CONTRADICTORY


def _judge_below(low: Decimal, high: Decimal, shown: Decimal, step: Decimal, qualifier: str) -> Verdict:
    if low > shown + step / 2 or (qualifier not in _INCLUSIVE and low >= shown):
        return Verdict.CONTRADICTORY
    if qualifier in ("近", "接近", "将近") and high < shown * Decimal("0.9"):
        return Verdict.CONTRADICTORY
    if qualifier in ("不足", "不到") and high < shown * Decimal("0.9"):
        return Verdict.UNCHECKABLE
    return Verdict.CONSISTENT


def _judge_above(low: Decimal, high: Decimal, shown: Decimal, qualifier: str) -> Verdict:
    if high < shown or (qualifier not in _INCLUSIVE and high <= shown):
        # Written with fewer digits the true number may just be rounded up to the bound.
        return Verdict.UNCHECKABLE if high >= shown * Decimal("0.995") else Verdict.CONTRADICTORY
    return Verdict.CONSISTENT


_FRACTIONS = {"分之": (Decimal("0.05"), Decimal("0.08")), "半": (Decimal("0.08"), Decimal("0.15"))}
"""How far, of itself, a fraction in words may be from the true one, and from where on it is wrong."""


def _judge_fraction(low: Decimal, high: Decimal, shown: Decimal, name: str) -> Verdict:
    """Judge 三分之一 and 一半, which are no rounder than that."""
    distance = max(low - shown, shown - high, Decimal(0))
    near, far = _FRACTIONS[name]
    if distance <= shown * near:
        return Verdict.CONSISTENT
    return Verdict.CONTRADICTORY if distance > shown * far else Verdict.UNCHECKABLE


def _judge_tenths(low: Decimal, high: Decimal, shown: Decimal, step: Decimal) -> Verdict:
    """Judge 四成, which is the nearest tenth, 约 or not."""
    distance = max(low - shown, shown - high, Decimal(0))
    if distance <= step * Decimal("0.55"):
        return Verdict.CONSISTENT
    return Verdict.CONTRADICTORY if distance > step * Decimal("0.75") else Verdict.UNCHECKABLE


def _judge_about(low: Decimal, high: Decimal, shown: Decimal, step: Decimal) -> Verdict:
    actual = shown if low <= shown <= high else low if abs(low - shown) <= abs(high - shown) else high
    distance = abs(actual - shown)
    if distance <= max(step, abs(shown) * Decimal("0.05")):
        return Verdict.CONSISTENT
    if distance > max(2 * step, abs(shown) * Decimal("0.15")):
        return Verdict.CONTRADICTORY
    return Verdict.UNCHECKABLE


def interval(
    value: Decimal, upper: Decimal | None, step: Decimal, qualifier: str, exact: bool
) -> tuple[Decimal, Decimal]:
    """Return between which numbers a stated one lies.

    Args:
        value, upper: as stated; *upper* for a range.
        step: what one in its last digit is worth.
        qualifier: its qualifier, or nothing.
        exact: True for a count of things in whole numbers, which rounds nothing.
    """
    low, high = value, upper if upper is not None else value
    if qualifier in ABOVE:
        coarse = coarseness(value, step)
        return low, high + coarse
    if qualifier in BELOW:
        return low * Decimal("0.9"), high
    if qualifier in ABOUT:
        return low * Decimal("0.95"), high * Decimal("1.05")
    if exact:
        return low, high
    return low - step / 2, high + step / 2


def coarseness(value: Decimal, step: Decimal) -> Decimal:
    """Return what one in the last digit other than 0 is worth: 100 for 2500."""
    coarse = step
    while value and value % (coarse * 10) == 0 and coarse < Decimal("1e15"):
        coarse *= 10
    return coarse


def shown_digits(step: Decimal) -> int:
    """Return how many decimals a number with *step* shows."""
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def cut_up(actual: Decimal, step: Decimal) -> Decimal:
    """Return *actual* rounded away from zero to whole *steps*."""
    return (actual / step).quantize(Decimal(1), ROUND_UP) * step
