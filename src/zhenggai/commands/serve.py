"""``zhenggai serve``: the web server and one task worker, started and stopped together."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from zhenggai.commands import ledgers, migrate
from zhenggai.commands.errors import PortInUse

STOP_SECONDS = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认只供本机访问：127.0.0.1）")
    parser.add_argument("--port", type=int, default=8000, help="监听端口（默认 8000）")
    parser.add_argument("--workers", type=int, default=2, help="网页进程数（默认 2）")
    parser.add_argument("--public-only", action="store_true", help="只提供公开页面：没有工作人员页面，也不运行任务进程")


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal comes; return 0 after an orderly stop."""
    if arguments.public_only:
        return serve_public(arguments.host, arguments.port, arguments.workers)
    prepare()
    return serve(arguments.host, arguments.port, arguments.workers)


def serve_public(host: str, port: int, workers: int, when_ready: Callable[[str], None] | None = None) -> int:
    """Serve the public side alone, beside the server of the staff on the same record.

    The database must be current. The static files are those that the other server collected when it started; only
    when there are none they are collected here.

    Raises:
        PendingMigrations: the database waits for ``zhenggai migrate``.
        PortInUse: somebody else listens there.
    """
    migrate.require_current()
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    return serve(host, port, workers, when_ready, public_only=True)


def prepare() -> None:
    """Make a new database ready; collect the static files.

    Raises:
        PendingMigrations: an older database waits for ``zhenggai migrate``.
    """
    if migrate.is_empty():
        migrate.apply()
    else:
        migrate.require_current()
    ledgers.conform()
    if not settings.DEBUG:
        call_command("collectstatic", verbosity=0, interactive=False)


def serve(
    host: str,
    port: int,
    workers: int,
    when_ready: Callable[[str], None] | None = None,
    *,
    public_only: bool = False,
) -> int:
    """Run the web server and, unless it serves the public side alone, the task worker side by side.

    Args:
        host: address to listen on.
        port: port to listen on.
        workers: number of web processes.
        when_ready: called with the address once the server answers.
        public_only: whether only the public pages exist there.

    Raises:
        PortInUse: somebody else listens there.
    """
    check_port(host, port)
    granian = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "2", "--respawn-failed-workers", "--no-ws"),
        *("--log-level", "warning", "--workers-kill-timeout", "10", "zhenggai.project.wsgi:application"),
    ]
    worker = [sys.executable, "-m", "zhenggai", "worker", "--only"]
    running = _Running()
    web = running.start(granian, {"ZHENGGAI_PUBLIC_ONLY": "1"} if public_only else {})
    tasks = None if public_only else running.start(worker)
    address = f"http://{host if ':' not in host else f'[{host}]'}:{port}/"
    ready = False
    while not running.stopping:
        if web.poll() is not None:
            print(f"网页服务意外退出（{web.returncode}），详见数据目录下的 logs。", file=sys.stderr)
            running.stop()
            return 1
        if tasks is not None and tasks.poll() is not None:
            print(f"任务进程意外退出（{tasks.returncode}），正在重新启动。", file=sys.stderr)
            time.sleep(1)
            tasks = running.start(worker)
        if not ready and _answers(host, port):
            ready = True
            (when_ready or _say_ready)(address)
        time.sleep(0.2)
    running.stop()
    print("已停止。", flush=True)
    return 0


def check_port(host: str, port: int) -> None:
    """Go on only when nobody listens at *host* and *port*.

    Raises:
        PortInUse: the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise PortInUse(host=host, port=port, reason=reason) from error


class _Running:
    """Child processes that live and die with this one."""

    def __init__(self) -> None:
        self.stopping = False
        self.children: list[subprocess.Popen[bytes]] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, command: list[str], more: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        # A session of their own: a Ctrl+C reaches only this process, which then stops them in order.
        environment = os.environ | dict(more or {})
        child = subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent, env=environment)
        self.children.append(child)
        return child

    def stop(self) -> None:
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _die_with_parent() -> None:
    """Ask Linux to stop the child when this process is killed without a chance to do so."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _answers(host: str, port: int) -> bool:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((target, port), timeout=0.5):
            return True
    except OSError:
        return False


def _say_ready(address: str) -> None:
    print(f"整改已启动：{address}\n按 Ctrl+C 停止。", flush=True)
