"""A process of its own for one hostile file: bounds on memory, processor time and the clock.

The child gets a JSON request and nothing of the parent's environment; what it answers comes behind a mark on its
standard output.  Whatever befalls it arrives as a typed error.  Both ends stand here: :func:`run_child` asks,
:func:`begin` and :func:`finish` serve.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any, BinaryIO

from zhenggai.docparse.errors import ReadingCrashed, ReadingOutOfMemory, ReadingTimedOut
from zhenggai.docparse.readers.confined import confine
from zhenggai.docparse.readers.limits import Limits

_START = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from MODULE import serve; serve()"
_OUT_OF_MEMORY = ("memory allocation of", "MemoryError", "std::bad_alloc", "Cannot allocate memory")
_MARK = b"\x00zhenggai\x00"


def run_child(module: str, request: Mapping[str, Any], limits: Limits, name: str) -> bytes:
    """Return what the function ``serve`` of *module* answers to *request* in a bounded process.

    Args:
        module: dotted name; it is imported in the child.
        request: JSON values; ``limits`` is among them for :func:`begin`.
        limits: of which ``memory_bytes``, ``cpu_seconds`` and ``wall_seconds`` hold for the process.
        name: the file's name, for messages.

    Raises:
        ReadingTimedOut, ReadingOutOfMemory, ReadingCrashed: what befell the process.
    """
    with tempfile.TemporaryDirectory(prefix="zhenggai-read-") as folder, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _START.replace("MODULE", module),
                json.dumps([part for part in sys.path if part] or [os.getcwd()]),
            ],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        try:
            answer, _ = process.communicate(json.dumps(request).encode(), limits.wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise ReadingTimedOut(name=name, seconds=f"{limits.wall_seconds:g}") from error
        finally:
            _end_group(process)
        errors.seek(max(errors.seek(0, io.SEEK_END) - 4000, 0))
        complaint = errors.read().decode("utf-8", "replace")
    return _payload(answer, process.returncode, complaint, name, limits)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the child with everything it started (LibreOffice stays in its group)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.communicate()


def _payload(answer: bytes, status: int, complaint: str, name: str, limits: Limits) -> bytes:
    _, mark, payload = answer.partition(_MARK)
    if status == 0 and mark:
        return payload
    if status == -signal.SIGXCPU:
        raise ReadingTimedOut(name=name, seconds=str(limits.cpu_seconds))
    if any(words in complaint for words in _OUT_OF_MEMORY):
        raise ReadingOutOfMemory(name=name)
    raise ReadingCrashed(name=name, reason=f"信号 {-status}" if status < 0 else f"退出码 {status}")


def begin() -> tuple[dict[str, Any], Limits, BinaryIO]:
    """Take the request in, bound this process, and return request, limits and where the answer goes; in the child."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever libraries print must not mix with the answer
    request = json.loads(sys.stdin.buffer.read())
    limits = Limits(**request["limits"])
    confine()
    _bound(limits)
    return request, limits, out


def finish(out: BinaryIO, payload: bytes) -> None:
    """Send the answer; in the child."""
    out.write(_MARK + payload)
    out.close()


def _bound(limits: Limits) -> None:
    """Set the soft limits of this process; the hard ones stay, so that LibreOffice can be given its own."""
    for kind, wanted in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (soft, hard))
