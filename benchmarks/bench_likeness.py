"""How long finding near-duplicates takes, and what it misses, against comparing each text with each in the same run.

    python -m benchmarks.bench_likeness [--texts 1500] [--large 20000] [--copies 200]

Texts are made of invented words with shared boilerplate; edited copies (5–30 %, scattered and in one block) are
planted.  The naive way compares the sets of pairs of all texts with all; its answers are the truth that recall is
measured against.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

from zhenggai.kit.text import bigrams
from zhenggai.likeness import Index, pairs

THRESHOLD = 0.25
BOILERPLATE = (
    "下一步将持续巩固整改成果，防止问题反弹回潮。",
    "坚持以上率下，压实主体责任，推动整改任务落地见效。",
    "举一反三，健全长效机制，切实做到整改一项、巩固一项。",
)


def make_texts(count: int, copies: int, seed: int = 20) -> dict[int, str]:
    """Return invented paragraphs, with *copies* edited copies of some of them behind."""
    draw = random.Random(seed)
    words = [
        "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(draw.choice((2, 2, 3, 4)))) for _ in range(9000)
    ]
    texts: dict[int, str] = {}
    for key in range(count):
        text = "".join(draw.choices(words, k=draw.randrange(30, 90)))
        texts[key] = text + draw.choice(BOILERPLATE) if draw.random() < 0.4 else text
    for number in range(copies):
        letters = list(texts[draw.randrange(count)])
        changed = round(len(letters) * draw.uniform(0.05, 0.3))
        start = draw.randrange(len(letters) - changed + 1)
        places = range(start, start + changed) if number % 2 else draw.sample(range(len(letters)), changed)
        for place in places:
            letters[place] = chr(draw.randrange(0x4E00, 0x9000))
        texts[count + number] = "".join(letters)
    return texts


def naive_pairs(texts: dict[int, str]) -> set[tuple[int, int]]:
    """Return the pairs that comparing all with all finds."""
    grams = [(key, frozenset(bigrams(text))) for key, text in texts.items()]
    found = set()
    for at, (one, left) in enumerate(grams):
        for other, right in grams[at + 1 :]:
            shared = len(left & right)
            if shared / (len(left) + len(right) - shared) >= THRESHOLD:
                found.add((one, other))
    return found


def timed(act: Callable[[], object]) -> tuple[float, object]:
    """Return the seconds *act* took and what it returned."""
    start = time.perf_counter()
    made = act()
    return time.perf_counter() - start, made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1500)
    parser.add_argument("--large", type=int, default=20_000)
    parser.add_argument("--copies", type=int, default=200)
    asked = parser.parse_args()
    texts = make_texts(asked.texts, asked.copies)
    slow, truth = timed(lambda: naive_pairs(texts))
    fast, found = timed(lambda: pairs(texts, THRESHOLD))
    assert isinstance(truth, set)
    assert isinstance(found, list)
    mine = {(pair.left, pair.right) for pair in found}
    print(f"{len(texts):,} texts: naive {slow:.2f} s, pairs {fast:.2f} s, {slow / fast:.0f} times as fast")
    print(f"recall {len(mine & truth) / len(truth):.3f} of {len(truth)} pairs; {len(mine - truth)} more by containment")
    large = make_texts(asked.large, asked.copies)
    took, found = timed(lambda: pairs(large, THRESHOLD))
    assert isinstance(found, list)
    print(f"{len(large):,} texts: pairs {took:.2f} s, {len(found)} found; naive would take about "
          f"{slow * (len(large) / len(texts)) ** 2:.0f} s")  # fmt: skip
    took, index = timed(lambda: Index(large.items()))
    assert isinstance(index, Index)
    asks = [large[key] for key in list(large)[:: max(1, len(large) // 200)]]
    spent, _answers = timed(lambda: [index.find(text, threshold=THRESHOLD) for text in asks])
    print(f"{len(large):,} texts: index {took:.2f} s, one question {spent / len(asks) * 1000:.2f} ms")


if __name__ == "__main__":
    main()
