"""How fast files are read and understood, beside what the Word library takes merely to extract their text.

    python benchmarks/bench_reading.py [--quick]

First table: one invented paper in every format and growing sizes; characters per second of processor time for reading, and
for reading with understanding.  Seconds per million characters (the last columns) stay level when the cost is linear.
Second table: the same Word file beside ``python-docx`` merely extracting its text (paragraphs and cells), in the same run;
the goal is a ratio below 1 for the whole draft.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import time
from collections.abc import Callable

import docx
from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph

from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand

ASPECTS = ("学习贯彻落实方面", "履行职能责任方面", "作风建设方面", "党的建设方面")
TOPICS = (
    "学习研讨不够深入",
    "制度执行不够严格",
    "项目推进较为缓慢",
    "服务群众不够主动",
    "资金监管存在漏洞",
    "队伍建设有所欠缺",
)
SIZES = (2_000, 20_000, 200_000, 2_000_000)


def paper(characters: int) -> list[str]:
    """Return the lines of an invented notice of about *characters* characters."""
    lines = [
        "中共示例市水利局党组关于巡察整改进展情况的通报",
        "按照市委统一部署，市委第四巡察组于2024年3月7日至6月10日对市水利局党组开展了巡察，并于7月18日反馈了意见。",
    ]
    size = sum(map(len, lines))
    number = 0
    while size < characters:
        if number % 12 == 0:
            lines.append(f"（{'一二三四'[number // 12 % 4]}）{ASPECTS[number // 12 % 4]}")
        number += 1
        added = [
            f"{number}.关于“{TOPICS[number % 6]}，第{number}项工作落实有差距”的问题。",
            "整改完成情况：",
            f"（1）召开专题会议{number % 7 + 1}次，制定工作方案，明确责任部门、责任人员和完成时限，逐项对账销号，按月调度。",
            f"（2）修订完善制度{number % 5 + 1}项，开展监督检查{number % 9 + 1}次，发现并纠正问题{number % 11 + 2}个，约谈责任人员2人次。",
            "（3）建立长效机制，加强日常监管，定期通报情况，压紧压实责任，推动各项工作规范有序开展，取得明显成效。",
        ]
        lines.extend(added)
        size += sum(map(len, added))
    return [*lines, "中共示例市水利局党组", "2025年1月16日"]


def as_text(lines: list[str]) -> bytes:
    """Return the paper as plain text."""
    return "\n".join(lines).encode()


def as_page(lines: list[str]) -> bytes:
    """Return the paper as a web page with a little chrome."""
    body = "".join(f'<p style="text-indent:2em"><span style="font-size:16px">{line}</span></p>\n' for line in lines[1:])
    return (
        f"<html><head><meta charset=utf-8><title>{lines[0]}</title></head><body><nav><a>首页</a><a>公开</a><a>互动</a></nav>"
        f'<h1>{lines[0]}</h1><div id="zoom">{body}</div><footer>版权所有</footer></body></html>'
    ).encode()


def as_word(lines: list[str]) -> bytes:
    """Return the paper as a Word file, its headings bold and a table at its end, as offices write them."""
    document = docx.Document()
    end = document.element.body.sectPr
    for line in lines:
        # The library's own add_paragraph looks through all that stands before: far too slow for the largest size.
        paragraph = Paragraph(OxmlElement("w:p"), document._body)
        end.addprevious(paragraph._p)
        head, stop, rest = line.partition("。")
        if "问题" in head and stop:
            paragraph.add_run(head + stop).bold = True
            paragraph.add_run(rest)
        else:
            paragraph.add_run(line)
    table = document.add_table(rows=0, cols=4)
    for number in range(max(len(lines) // 60, 1)):
        for cell, words in zip(
            table.add_row().cells, (str(number + 1), TOPICS[number % 6], "制定方案", "2025年6月"), strict=True
        ):
            cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


FORMATS: dict[str, Callable[[list[str]], bytes]] = {"txt": as_text, "html": as_page, "docx": as_word}


def extract_by_library(data: bytes) -> int:
    """Return how many characters python-docx extracts from *data*: paragraphs and cells, joined."""
    document = docx.Document(io.BytesIO(data))
    pieces = [paragraph.text for paragraph in document.paragraphs]
    pieces += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return len("\n".join(pieces))


def seconds(call: Callable[[], object], times: int) -> float:
    """Return the median processor time of *call* over *times* runs; other work on the machine does not count."""
    taken = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="leave out the largest size, fewer repetitions")
    quick = parser.parse_args().quick
    sizes = SIZES[:-1] if quick else SIZES
    print(
        f"{'format':<8}{'characters':>12}{'read ms':>10}{'draft ms':>10}{'read ch/s':>14}{'draft ch/s':>14}{'s/M read':>10}{'s/M draft':>11}"
    )
    for name, build in FORMATS.items():
        for size in sizes:
            data = build(paper(size))
            times = 3 if quick or size >= 200_000 else 9
            document = read_document(data, name=f"paper.{name}")
            read = seconds(lambda data=data, name=name: read_document(data, name=f"paper.{name}"), times)
            draft = seconds(lambda data=data, name=name: understand(read_document(data, name=f"paper.{name}")), times)
            count = len(document.text)
            print(
                f"{name:<8}{count:>12,}{read * 1e3:>10.1f}{draft * 1e3:>10.1f}{count / read:>14,.0f}{count / draft:>14,.0f}"
                f"{read / count * 1e6:>10.3f}{draft / count * 1e6:>11.3f}",
                flush=True,
            )
    print()
    print(
        f"{'docx beside python-docx':<26}{'characters':>12}{'library ms':>12}{'read ms':>10}{'draft ms':>10}{'read ratio':>12}{'draft ratio':>13}"
    )
    for size in sizes[1:]:
        data = as_word(paper(size))
        times = 3 if quick or size >= 200_000 else 9
        library = seconds(lambda data=data: extract_by_library(data), times)
        read = seconds(lambda data=data: read_document(data, name="paper.docx"), times)
        draft = seconds(lambda data=data: understand(read_document(data, name="paper.docx")), times)
        count = len(read_document(data, name="paper.docx").text)
        print(
            f"{'':<26}{count:>12,}{library * 1e3:>12.1f}{read * 1e3:>10.1f}{draft * 1e3:>10.1f}"
            f"{read / library:>12.2f}{draft / library:>13.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
