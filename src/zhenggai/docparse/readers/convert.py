"""Old formats (.doc, .wps, .rtf, .odt, Office 2003 XML): converted by LibreOffice, then read as .docx or .xlsx.

LibreOffice runs headless in a profile of its own that is thrown away, with a clock; its macros stay off.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from zhenggai.docparse.document import Document
from zhenggai.docparse.errors import ConversionFailed, ConverterMissing
from zhenggai.docparse.readers.assemble import renamed
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.confined import is_confined
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.sheets.reader import SheetReader
from zhenggai.docparse.readers.word.reader import WordReader

_PROGRAMS = ("soffice", "libreoffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice")
_SUFFIX = {"doc": "doc", "wps": "wps", "rtf": "rtf", "odt": "odt", "wordml": "xml", "sheetml": "xml"}
_SHOWN = {
    "doc": "doc",
    "wps": "wps",
    "rtf": "rtf",
    "odt": "odt",
    "wordml": "Word 2003 XML",
    "sheetml": "Excel 2003 XML",
}
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = "".join(
    (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n',
        *(
            f'<item oor:path="{_SCRIPTING}">'
            f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
            for name, value in (
                ("MacroSecurityLevel", "3"),
                ("DisableMacrosExecution", "true"),
                ("BlockUntrustedRefererLinks", "true"),
            )
        ),
        "</oor:items>\n",
    )
)
"""Profile settings: no macro runs, no link is followed."""


class ConvertedReader:
    """Reads what LibreOffice can turn into a format we read."""

    name = "converted"
    kinds = ("doc", "wps", "rtf", "odt", "wordml", "sheetml")

    def read(self, source: Source, limits: Limits) -> Document:
        """Return the converted file's document under its old format.

        Raises:
            ConverterMissing: LibreOffice is not installed.
            ConversionFailed: it could not read the file, or not in time.
        """
        program = find_program()
        if program is None:
            raise ConverterMissing(name=source.name, format=_SHOWN[source.kind])
        target = "xlsx" if source.kind == "sheetml" else "docx"
        data = convert(program, source, target, limits)
        converted = replace(source, data=data, kind=target)
        reader = SheetReader() if target == "xlsx" else WordReader()
        formats = {"wordml": "doc", "sheetml": "xls"}
        return renamed(reader.read(converted, limits), formats.get(source.kind, source.kind))


def find_program() -> str | None:
    """Return the path of LibreOffice, None when it is not installed."""
    return next((found for program in _PROGRAMS if (found := shutil.which(program))), None)


def convert(program: str, source: Source, target: str, limits: Limits) -> bytes:
    """Return *source* converted to the format *target* by the LibreOffice at *program*."""
    shown = _SHOWN[source.kind]
    with tempfile.TemporaryDirectory(prefix="zhenggai-convert-") as folder:
        room = Path(folder)
        profile = room / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        infile = room / f"input.{_SUFFIX[source.kind]}"
        infile.write_bytes(source.data)
        command = [
            program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
            f"-env:UserInstallation={profile.as_uri()}", "--convert-to", target,
            "--outdir", str(room / "out"), str(infile),
        ]  # fmt: skip
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": folder,
            "TMPDIR": folder,
            "LANG": "C.UTF-8",
        }
        bounded = is_confined()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=not bounded,  # in a bounded process it stays in that process's group and ends with it
            preexec_fn=_lift_soft_limits if bounded else None,
        )
        try:
            process.wait(limits.convert_seconds)
        except subprocess.TimeoutExpired as error:
            raise ConversionFailed(
                name=source.name, format=shown, reason=f"超过 {limits.convert_seconds:g} 秒没有完成"
            ) from error
        finally:
            _end(process, whole_group=not bounded)
        outfile = room / "out" / f"input.{target}"
        if process.returncode != 0 or not outfile.is_file() or not outfile.stat().st_size:
            raise ConversionFailed(name=source.name, format=shown, reason="文件可能已损坏或有密码保护")
        if outfile.stat().st_size > limits.max_bytes:
            raise ConversionFailed(name=source.name, format=shown, reason="转换结果过大")
        return outfile.read_bytes()


def _end(process: subprocess.Popen[bytes], whole_group: bool) -> None:
    """End LibreOffice, with all it started where its group is its own."""
    try:
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()


def _lift_soft_limits() -> None:
    """Run in the child before LibreOffice: it maps far more address space than it uses, and its clock is ours."""
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (hard, hard))
