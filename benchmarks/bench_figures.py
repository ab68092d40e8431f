"""How many characters of official text are checked in a second, and whether time grows with length alone.

    python -m benchmarks.bench_figures [--longest 400000]

The text is made of the clean and the defective paragraphs of the tests in a drawn order; hostile texts, all of one
pattern, are measured beside it.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from zhenggai.figures import check

TESTS = Path(__file__).resolve().parents[1] / "tests" / "figures"
HOSTILE = ("9", "其中1件，", "占50%，", "3件，合格率5%，", "由1件增至2件，增长1%，", "以下3项：一是", "（", "“甲”")


def make_text(length: int, seed: int = 20) -> str:
    """Return about *length* characters of paragraphs in a drawn order."""
    draw = random.Random(seed)
    clean = (TESTS / "clean.txt").read_text(encoding="utf-8").split("\n")
    defects = [line.partition("\t")[2] for line in (TESTS / "defects.tsv").read_text(encoding="utf-8").split("\n")]
    paragraphs = [paragraph for paragraph in clean + defects if paragraph]
    made: list[str] = []
    while sum(map(len, made)) < length:
        made.extend(draw.sample(paragraphs, len(paragraphs)))
    return "\n".join(made)[:length]


def seconds(text: str) -> float:
    """Return how long checking *text* takes."""
    started = time.perf_counter()
    check(text)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--longest", type=int, default=400_000)
    longest = parser.parse_args().longest
    print(f"{'text':24} {'characters':>11} {'seconds':>8} {'characters/s':>13} {'growth':>7}")
    check(make_text(2_000))
    before = 0.0
    for part in (16, 8, 4, 2, 1):
        text = make_text(longest // part)
        took = seconds(text)
        growth = f"{took / before:.2f}x" if before else ""
        print(f"{'paragraphs':24} {len(text):>11,} {took:>8.2f} {len(text) / took:>13,.0f} {growth:>7}")
        before = took
    for pattern in HOSTILE:
        half, whole = (pattern * (size // len(pattern)) for size in (20_000, 40_000))
        first, second = seconds(half), seconds(whole)
        print(f"{pattern:24} {len(whole):>11,} {second:>8.2f} {len(whole) / second:>13,.0f} {second / first:>6.2f}x")


if __name__ == "__main__":
    main()
