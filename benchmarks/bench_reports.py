"""How long a paper of 60 findings takes as Word, PDF and HTML, beside the template library's bare render in the same run.

    python -m benchmarks.bench_reports [--findings 60] [--times 7]

No database: values are invented, so that what is timed is the making.  ``docxtpl alone`` fills the same template with
the same values and nothing else: no sandbox of ours, no check, no reading back.  Times are medians in milliseconds; ``PDF again`` is
set from what the compiler kept, as when somebody fetches a paper a second time, ``PDF, first time`` is not.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable
from typing import Any

from docxtpl import DocxTemplate

from zhenggai.gongwen import check_layout, read_docx, settle_signature, to_docx, to_html, to_pdf
from zhenggai.render.docx import fill_docx
from zhenggai.reports.names import trial_values


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=60)
    parser.add_argument("--times", type=int, default=7, help="how often each is made")
    given = parser.parse_args()
    _make_ready()
    for code in ("weekly", "plan", "lists"):
        _bench(code, given.findings, given.times)
    return 0


def _make_ready() -> None:
    import django  # the papers are declared in a room of Django

    from zhenggai.commands.main import make_ready

    make_ready()
    assert django.apps.apps.ready


def _bench(code: str, findings: int, times: int) -> None:
    from zhenggai.reports.making import shipped_template  # after the settings are there
    from zhenggai.reports.papers import PAPERS

    template = shipped_template(code)
    values = _values(trial_values(PAPERS[code].names), findings)
    filled = settle_signature(fill_docx(template, values))
    tree = read_docx(filled)
    steps: dict[str, Callable[[], object]] = {
        "docxtpl alone": lambda: _bare(template, values),
        "Word": lambda: settle_signature(fill_docx(template, values)),
        "Word read back": lambda: read_docx(filled),
        "HTML": lambda: to_html(tree),
        "PDF again": lambda: to_pdf(tree),
        "Word from the tree": lambda: to_docx(tree),
        "layout checked": lambda: check_layout(filled),
    }
    began = time.perf_counter()
    to_pdf(tree)
    first = time.perf_counter() - began
    print(f"\n{code}, {findings} findings, {len(filled) // 1024} KB Word")
    bare = 0.0
    for name, make in steps.items():
        taken = _median(make, times)
        bare = bare or taken
        print(f"  {name:20} {taken * 1000:9.1f} ms   {taken / bare:6.2f} × docxtpl alone")
    print(f"  {'PDF, first time':20} {first * 1000:9.1f} ms   {first / bare:6.2f} × docxtpl alone")


def _values(values: dict[str, Any], count: int) -> dict[str, Any]:
    """Return *values* with *count* records in each list of findings and measures, a tenth of it in the others."""
    grown = dict(values)
    for name, each in values.items():
        if isinstance(each, list) and each:
            wanted = {"findings": count, "tasks": 3 * count, "aspects": 4}.get(name, max(count // 10, 1))
            grown[name] = [each[index % len(each)] for index in range(wanted)]
    for aspect in grown.get("aspects", ()):
        aspect["findings"] = [aspect["findings"][0]] * max(count // 4, 1)
    return grown


def _bare(template: bytes, values: dict[str, Any]) -> bytes:
    document, out = DocxTemplate(io.BytesIO(template)), io.BytesIO()
    document.render(values, autoescape=True)
    document.save(out)
    return out.getvalue()


def _median(make: Callable[[], object], times: int) -> float:
    make()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        make()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    raise SystemExit(main())
