"""The public pages under load beside a bare static file server, and the staff's page while answers flood in; one run.

    python -m benchmarks.bench_portal [--notices 10000] [--findings 2000] [--seconds 3] [--database sqlite|postgresql] [--strict]

A fresh data folder gets published notices of some forty problems and a record for the staff. The same notice lies as a file in a folder that granian
serves by itself, without any Python of ours: that is the bare static file server. All servers run with two processes and are asked by the same
client over kept connections, so only the ratios mean something. The flood comes from ever other addresses, first against the server that the staff
uses too, then against one started as ``zhenggai serve --public-only``.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.bench_pages import database_url

GOAL_MS = 60.0
"""For the 95th part in a hundred of a notice, one reader at a time."""
GOAL_FLOOD = 2.0
"""How many times slower the staff's page may become while a flood runs into a process of its own."""
FLOOD = 50
"""Forms a second of the flood: some ten times what is taken in an hour, every minute."""
WORDS = "台账登记"
PAIRS = (
    "意识形态",
    "公车使用",
    "固定资产",
    "检察建议",
    "信访办理",
    "内部控制",
    "司法救助",
    "专题会议",
    "集中培训",
    "历年资料",
)
Ask = Callable[[random.Random], tuple[str, str, bytes, dict[str, str]]]


@dataclass(slots=True)
class Measured:
    """What came back."""

    times: list[float] = field(default_factory=list)
    """Milliseconds of each answer."""
    statuses: dict[int, int] = field(default_factory=dict)
    """Status → how often."""
    kilobytes: float = 0.0
    """Size of an answer."""
    seconds: float = 0.0
    """How long it took altogether."""

    def at(self, share: float) -> float:
        """Return the time that *share* of the answers stay below."""
        taken = sorted(self.times)
        return taken[min(len(taken) - 1, int(len(taken) * share))]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


def main() -> int:
    """Measure and print; return 1 when ``--strict`` and a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--findings", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each page is asked for")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--strict", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--limit", choices=("", "new", "spent"), default="", help=argparse.SUPPRESS)
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.limit:
        set_limit(spent=given.limit == "spent")
        return 0
    if given.prepare:
        print(json.dumps(prepare(given.notices, given.findings)))
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder,
        database_url(given.database, Path(folder)) as url,
    ):
        environment = {
            **os.environ,
            "ZHENGGAI_HOME": str(Path(folder) / "home"),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "zhenggai.project.settings",
            "ZHENGGAI_TRUSTED_PROXIES": "1",
        }
        command = [sys.executable, "-m", "benchmarks.bench_portal", "--prepare"]
        command += ["--notices", str(given.notices), "--findings", str(given.findings)]
        began = time.perf_counter()
        prepared = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
        took = time.perf_counter() - began
        print(f"{given.database}: {given.notices} notices, {given.findings} findings, ready in {took:.0f} s")
        missed = bench(prepared, environment, Path(folder) / "static", given.seconds)
    return 1 if given.strict and missed else 0


def prepare(notices: int, findings: int) -> dict[str, object]:
    """Fill the database; runs in a process of its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks.bench_pages import _open_session, _settle_statistics
    from benchmarks.populate import populate
    from zhenggai.people.models import User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    populate(findings=findings, measures=2 * findings)
    slugs = publish(notices)
    _settle_statistics()
    clerk = User.objects.get(username="bench01")
    return {"cookie": settings.SESSION_COOKIE_NAME, "session": _open_session(clerk), "slugs": slugs}


def set_limit(*, spent: bool) -> None:
    """Let what is taken altogether in an hour begin anew, or be used up; runs in a process of its own."""
    import django

    django.setup()
    from datetime import timedelta

    from django.utils import timezone

    from zhenggai.answers.models import Spent
    from zhenggai.policy.profile import shipped_policy

    Spent.objects.all().delete()
    if spent:
        until = timezone.now() + timedelta(hours=1)
        Spent.objects.create(key="all:", count=shipped_policy().answer_hourly_all, until=until)


def publish(count: int) -> list[str]:
    """Publish notices of some forty problems each, past the acts; return their addresses."""
    import hashlib
    from datetime import date, timedelta

    from django.utils import timezone

    from benchmarks.populate import DEEDS, FAULTS, PLACES, RESULTS, SUBJECTS
    from zhenggai.findings.models import InspectionRound
    from zhenggai.gongwen import Heading, OfficialDocument, Paragraph, to_html, to_text
    from zhenggai.notices.models import Publication
    from zhenggai.portal.search import index_new

    chance, rounds = random.Random(7), list(InspectionRound.objects.select_related("unit"))
    now, slugs, rows = timezone.now(), [], []
    for number in range(count):
        round_ = rounds[number % len(rounds)]
        title = f"{chance.choice(PLACES)}关于{2015 + number % 11}年巡察整改进展情况的通报之{number}"
        blocks = [
            Paragraph("按照统一部署，现将巡察整改进展情况予以公布。"),
            Heading(1, "巡察反馈问题整改进展情况", "一、"),
        ]
        for problem in range(40 if number < 200 else 8):
            blocks.append(
                Heading(3, f"关于“{chance.choice(SUBJECTS)}{chance.choice(FAULTS)}”的问题", f"{problem + 1}.")
            )
            blocks.append(
                Paragraph(f"整改完成情况：{chance.choice(DEEDS)}，{chance.choice(DEEDS)}，{chance.choice(RESULTS)}。")
            )
        document = OfficialDocument(
            (title,), tuple(blocks), signature=(f"中共{round_.unit.name}党组",), signed_on=date(2025, 1, 16)
        )
        text = to_text(document)
        slugs.append(f"2025-{number}")
        rows.append(
            Publication(
                round=round_, unit=round_.unit, slug=slugs[-1], title=title, signed_by=document.signature[0],
                signed_on=date(2025, 1, 16), summary="巡察反馈的问题已完成整改或者取得阶段性成效。", html=to_html(document), text=text,
                digest=hashlib.sha256(text.encode()).hexdigest(), published_at=now - timedelta(hours=count - number),
            )
        )  # fmt: skip
        if len(rows) == 500 or number == count - 1:
            Publication.objects.bulk_create(rows)
            rows = []
    index_new()
    return slugs


def bench(prepared: dict[str, object], environment: dict[str, str], folder: Path, seconds: float) -> int:
    """Measure all; return how many goals were missed."""
    slugs = list(map(str, prepared["slugs"]))  # type: ignore[call-overload]  # JSON
    staff = {"Cookie": f"{prepared['cookie']}={prepared['session']}"}
    missed = 0
    with staff_server(environment) as shared, public_server(environment) as public:
        whole = fetch(public, f"/public/{slugs[0]}/")
        folder.mkdir()
        (folder / "notice.html").write_bytes(whole[1])
        archive = fetch(public, "/public/")
        (folder / "archive.html").write_bytes(archive[1])
        with static_server(folder) as bare:
            print(
                f"\n{'page':36} {'KB':>5} | {'p50':>6} {'p95':>6} {'answers/s':>9} at 1 | {'p50':>6} {'p95':>6} {'answers/s':>9} at 8"
            )
            pages: list[tuple[str, int, Ask]] = [
                ("bare file server: the notice", bare, get("/static/notice.html")),
                ("notice, the one everybody reads", public, get(f"/public/{slugs[0]}/")),
                ("notice, the reader's copy holds", public, get(f"/public/{slugs[0]}/", {"If-None-Match": whole[0]})),
                ("notice, any of them", public, lambda chance: get(f"/public/{chance.choice(slugs)}/")(chance)),
                ("bare file server: the archive", bare, get("/static/archive.html")),
                ("archive, first page", public, get("/public/")),
                ("archive, searched", public, get(f"/public/?q={quote(WORDS)}")),
                ("archive, searched for other words", public, search),
                ("notice on the staff's server", shared, get(f"/public/{slugs[0]}/")),
            ]
            for name, port, ask in pages:
                one, eight = load(port, ask, 1, seconds), load(port, ask, 8, seconds)
                late = name.startswith("notice") and one.at(0.95) >= GOAL_MS
                missed += late
                print(
                    f"{name:36} {one.kilobytes:5.0f} | {told(one)}      | {told(eight)}{'  above 60 ms' if late else ''}"
                )
        missed += flood(shared, public, slugs[0], staff, seconds, environment)
    return missed


def flood(
    shared: int, public: int, slug: str, staff: dict[str, str], seconds: float, environment: dict[str, str]
) -> int:
    """Measure the staff's page quietly, then while answers flood in; return how many goals were missed."""
    bench_page = get("/", staff)
    load(shared, bench_page, 1, 1.0)
    quiet = load(shared, bench_page, 1, 2 * seconds)
    print(f"\n{'the workbench of a clerk':36}       | {told(quiet)}      | quiet")
    missed = 0
    for name, port, limit in (
        ("answers flood a process of its own", public, "new"),
        ("… when no more are taken", public, "spent"),
        ("answers flood the same process", shared, "new"),
        ("… when no more are taken", shared, "spent"),
    ):
        subprocess.run([sys.executable, "-m", "benchmarks.bench_portal", "--limit", limit], env=environment, check=True)
        # More than are taken in an hour, and held back until nobody could say that they came too fast.
        tokens = [form_of(port, slug) for _number in range(320 if limit == "new" else 4)]
        time.sleep(5)
        told_by: multiprocessing.Queue[Measured] = multiprocessing.Queue()
        # In a process of its own, so that the client of the staff's page has a core's time to itself.
        flooding = multiprocessing.Process(target=_flood, args=(port, slug, tokens, 2 * seconds + 1, told_by))
        flooding.start()
        time.sleep(0.5)
        during = load(shared, bench_page, 1, 2 * seconds)
        taken = told_by.get()
        flooding.join()
        slower = during.at(0.95) / quiet.at(0.95)
        late = port == public and slower > GOAL_FLOOD
        missed += late
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(taken.statuses.items()))
        print(
            f"{'  ' + name:36}       | {told(during)}      | p95 × {slower:.1f}; {taken.rate:.0f} forms/s ({counts}){'  above × 2' if late else ''}"
        )
    return missed


def search(chance: random.Random) -> tuple[str, str, bytes, dict[str, str]]:
    """Ask for words that hardly anybody asked for before."""
    words = f"{chance.choice(PAIRS)} {chance.choice(PAIRS)} {chance.randrange(10_000)}"
    return get(f"/public/?q={quote(words)}")(chance)


def load(port: int, ask: Ask, concurrency: int, seconds: float) -> Measured:
    """Ask again and again for some seconds."""
    measured, lock = Measured(), threading.Lock()
    ends = time.perf_counter() + seconds

    def go(number: int) -> None:
        chance, connection = random.Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        times, size = [], 0
        while (began := time.perf_counter()) < ends:
            method, path, body, headers = ask(chance)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            size = max(size, len(answer.read()))
            if answer.status not in (200, 304):
                raise SystemExit(f"{path}: {answer.status}")
            times.append((time.perf_counter() - began) * 1000)
        connection.close()
        with lock:
            measured.times += times
            measured.kilobytes = max(measured.kilobytes, size / 1024)

    began = time.perf_counter()
    threads = [threading.Thread(target=go, args=(number,)) for number in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured.seconds = time.perf_counter() - began
    return measured


def _flood(port: int, slug: str, tokens: list[str], seconds: float, told_by: multiprocessing.Queue[Measured]) -> None:
    """Send forms for some seconds, :data:`FLOOD` a second or as many as are answered."""
    taken, ends = Measured(), time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_send_forms, args=(port, slug, tokens[number::4], ends, taken, number))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.seconds = seconds
    told_by.put(taken)


def _send_forms(port: int, slug: str, tokens: list[str], ends: float, taken: Measured, number: int) -> None:
    chance, connection = random.Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    used, next_at = 0, time.perf_counter()
    while (began := time.perf_counter()) < ends:
        if began < next_at:
            time.sleep(next_at - began)
            continue
        next_at = max(next_at + 4 / FLOOD, began)
        # When all are used up the last goes on coming: by then nothing is taken any more.
        token, used = tokens[min(used, len(tokens) - 1)], used + 1
        form = {"form": token, "kind": "opinion", "body": f"意见{chance.random()}", "website": ""}
        headers = {
            "Host": "127.0.0.1",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": ".".join(str(chance.randrange(1, 255)) for _part in range(4)),
        }
        try:
            connection.request("POST", f"/public/{slug}/answer/", urlencode(form).encode(), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()  # the server answered the one before without reading it; the next opens another one
            continue
        taken.times.append((time.perf_counter() - began) * 1000)
        taken.statuses[answer.status] = taken.statuses.get(answer.status, 0) + 1
    connection.close()


def form_of(port: int, slug: str) -> str:
    """Return the token of a fresh form."""
    _etag, body = fetch(port, f"/public/{slug}/answer/")
    found = re.search(r'name="form" value="([^"]+)"', body.decode())
    if found is None:
        raise SystemExit("no form")
    return found[1]


def fetch(port: int, path: str) -> tuple[str, bytes]:
    """Return the ETag and body of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": "127.0.0.1"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return answer.getheader("ETag", ""), body


def get(path: str, headers: dict[str, str] | None = None) -> Ask:
    """Return what asks for one page."""
    asked = ("GET", path, b"", {"Host": "127.0.0.1", **(headers or {})})
    return lambda _chance: asked


def told(measured: Measured) -> str:
    """Return the figures of a row."""
    return f"{measured.at(0.5):6.1f} {measured.at(0.95):6.1f} {measured.rate:9.0f}"


@contextmanager
def staff_server(environment: dict[str, str]) -> Iterator[int]:
    """Serve everything, as ``zhenggai serve`` does, without its task worker."""
    with _serving(["--blocking-threads", "2", "zhenggai.project.wsgi:application"], environment) as port:
        yield port


@contextmanager
def public_server(environment: dict[str, str]) -> Iterator[int]:
    """Serve the public side alone, as ``zhenggai serve --public-only`` does."""
    with staff_server(environment | {"ZHENGGAI_PUBLIC_ONLY": "1"}) as port:
        yield port


@contextmanager
def static_server(folder: Path) -> Iterator[int]:
    """Serve the files of a folder, and nothing else, by granian alone."""
    nothing = "def application(environ, start_response):\n    start_response('404 Not Found', [])\n    return [b'']\n"
    (folder / "nothing.py").write_text(nothing)
    arguments = ["--static-path-route", "/static", "--static-path-mount", str(folder), "nothing:application"]
    with _serving(arguments, dict(os.environ) | {"PYTHONPATH": str(folder)}) as port:
        yield port


@contextmanager
def _serving(arguments: list[str], environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--no-ws", "--log-level", "warning", "--workers-kill-timeout", "3", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        for _attempt in range(600):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield port
    finally:
        # Its workers too, however the measuring ended.
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
