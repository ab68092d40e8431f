"""The operator's commands: first officers, verification, checking files, backup and restore, serving."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.factories.files import make_file
from tests.factories.findings import make_finding, make_round
from tests.factories.people import make_unit, make_user
from tests.ready_database import put_ready_file
from zhenggai.audit import guards
from zhenggai.audit.models import Entry
from zhenggai.commands import worker
from zhenggai.commands.backup import OWN_FOLDERS
from zhenggai.commands.main import COMMANDS, main
from zhenggai.commands.restore import put_own
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import path_of
from zhenggai.findings import actions as findings
from zhenggai.people.models import SignedInSession, Unit, User
from zhenggai.people.roles import OFFICERS


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.django_db
def test_init_makes_the_organisation_and_three_officers_once(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = run(capsys, "people", "init", "示例市人民检察院")
    assert status == 0
    assert {user.posts.get().role for user in User.objects.all()} == OFFICERS
    for user in User.objects.all():
        line = next(line for line in out.splitlines() if f"用户名 {user.username} " in line)
        assert user.must_change_password
        assert user.check_password(line.split()[-1])
    status, _out, err = run(capsys, "people", "init", "别的院")
    assert (status, "commands.AlreadySetUp" in err) == (1, True)
    assert Unit.objects.count() == 1


@pytest.mark.django_db
def test_passwords_and_locks_are_mended_at_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    officer = make_user("security_admin", make_unit(), username="secadmin")
    status, out, _err = run(capsys, "people", "reset-password", "SecAdmin")
    officer.refresh_from_db()
    assert status == 0
    assert officer.check_password(out.split("：")[-1].strip())
    assert run(capsys, "people", "unlock", "secadmin")[0] == 0
    assert "commands.NobodyCalled" in run(capsys, "people", "unlock", "nobody")[2]
    assert Entry.objects.filter(code="people.password_reset", actor_id="").exists()


@pytest.mark.django_db
def test_verify_says_whether_the_trail_holds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    make_user("auditor", make_unit())
    status, out, _err = run(capsys, "audit", "verify")
    anchor = out.splitlines()[-1]
    assert (status, "未见改动" in out) == (0, True)
    assert run(capsys, "audit", "verify", "--anchor", anchor)[0] == 0
    assert "audit.BadAnchor" in run(capsys, "audit", "verify", "--anchor", "12:xyz")[2]
    target = tmp_path / "trail.jsonl"
    assert run(capsys, "audit", "export", str(target))[0] == 0
    assert len(target.read_bytes().splitlines()) == Entry.objects.count()
    assert "commands.WouldOverwrite" in run(capsys, "audit", "export", str(target))[2]
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor_name = '别人' WHERE sequence = 2")
    guards.install(connection)
    status, out, _err = run(capsys, "audit", "verify", "--json")
    answer = json.loads(out)
    assert (status, answer["holds"]) == (1, False)
    assert [(one["kind"], one["sequence"]) for one in answer["breaks"]] == [("altered", 2)]


@pytest.mark.django_db
def test_check_names_lost_files_and_removes_old_ownerless_ones(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    make_file(name="在.txt")
    assert run(capsys, "files", "check")[0] == 0
    orphan = home / "files" / "ab" / ("c" * 62)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"?")
    run(capsys, "files", "check", "--remove-orphans")
    assert orphan.exists()
    os.utime(orphan, (0, 0))
    run(capsys, "files", "check", "--remove-orphans")
    assert not orphan.exists()
    path_of(make_file(name="失.txt")).unlink()
    status, out, _err = run(capsys, "files", "check")
    assert (status, "失.txt" in out) == (1, True)


@pytest.mark.django_db
def test_check_names_what_nothing_refers_to_and_cleans_up_after_killed_processes(
    capsys: pytest.CaptureFixture[str], home: Path, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    clerk = make_user("rectification_office", make_unit())
    used, unused, fresh = make_file(name="佐证.txt"), make_file(name="未入账.txt"), make_file(name="刚上传.txt")
    with path_of(used).open("rb") as source:
        finding = make_finding(make_round(clerk.posts.get().unit))
        findings.attach_file(finding, actor=clerk, source=source, name="佐证.txt")
    yesterday = timezone.now() - timedelta(days=2)
    StoredFile.objects.exclude(pk=fresh.pk).update(stored_at=yesterday)
    old = [home / "files" / "tmp" / "tmpkilled", settings.FILE_UPLOAD_TEMP_DIR / "killed.upload"]
    young = home / "files" / "tmp" / "tmprunning"
    for path in (*old, young):
        path.write_bytes(b"half")
    for path in old:
        os.utime(path, (0, 0))
    status, out, _err = run(capsys, "files", "check")
    assert status == 0
    assert ["未入账.txt" in out, "佐证.txt" in out, "刚上传.txt" in out] == [True, False, False]
    assert [path.name in out for path in (*old, young)] == [True, True, False]
    assert all(path.exists() for path in old)
    run(capsys, "files", "check", "--clean")
    assert [path.exists() for path in (*old, young)] == [False, False, True]
    assert Entry.objects.get(code="files.leftovers_removed").data == {"names": ["tmpkilled", "killed.upload"]}
    assert all(path_of(stored).exists() for stored in (used, unused, fresh))
    run(capsys, "files", "check", "--clean")
    assert Entry.objects.filter(code="files.leftovers_removed").count() == 1


def _postgres_tools() -> bool:
    return connection.vendor != "postgresql" or shutil.which("pg_dump") is not None


@pytest.mark.django_db(transaction=True)
def test_a_backup_brings_everything_back(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> None:
    user = make_user("rectification_office", make_unit("示例市人民检察院"))
    stored = make_file("原件".encode(), name="原件.txt")
    own = {"packs/own/ledgers/访谈.yaml": "ledger: talks", "snapshots/try/1-20260101-ab.parquet": "PAR1"}
    for name, text in (own | {"packs/.hidden/x.yaml": "x", "cache/ledgers/try/base.parquet": "x"}).items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    target = tmp_path / "backup.tar.gz"
    status, out, err = run(capsys, "backup", str(target))
    if not _postgres_tools():
        assert (status, "commands.BackupFailed" in err) == (1, True)
        assert not target.exists()
        return
    assert status == 0
    assert f"{Entry.objects.count()}:" in out
    assert "commands.WouldOverwrite" in run(capsys, "backup", str(target))[2]
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".backup")] == []
    with tarfile.open(target) as archive:
        assert set(archive.getnames()) == {
            "manifest.json",
            "database",
            f"files/{stored.sha256[:2]}/{stored.sha256[2:]}",
            *own,
        }
        database = archive.extractfile("database")
        assert database is not None
        content = database.read()
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        copy.write_bytes(content)
        with sqlite3.connect(copy) as opened:
            assert opened.execute("SELECT username FROM people_user").fetchall() == [(user.username,)]
            assert opened.execute("SELECT count(*) FROM people_signedinsession").fetchall() == [(0,)]
        opened.close()
    else:
        path_of(stored).unlink()
        (home / "packs/own/ledgers/访谈.yaml").write_text("changed", encoding="utf-8")
        make_user(username="later")
        assert "commands.WouldOverwrite" in run(capsys, "restore", str(target))[2]
        status, out, err = run(capsys, "restore", "--replace", str(target))
        assert (status, err) == (0, "")
        assert list(User.objects.all()) == [user]
        assert path_of(StoredFile.objects.get()).read_bytes() == "原件".encode()
        assert {name: (home / name).read_text(encoding="utf-8") for name in own} == own


def test_packs_come_back_as_they_were_and_snapshots_are_only_added(tmp_path: Path) -> None:
    came, home, aside = tmp_path / "came", tmp_path / "home", tmp_path / "aside"
    for folder, text in ((came, "then"), (home, "now")):
        for name in ("packs/own/a.yaml", "snapshots/try/a.parquet"):
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text(text, encoding="utf-8")
    (home / "packs/own/later.yaml").write_text("now", encoding="utf-8")
    aside.mkdir()
    for name in OWN_FOLDERS:
        put_own(came / name, home / name, aside / name)
    assert (home / "packs/own/a.yaml").read_text(encoding="utf-8") == "then"
    assert not (home / "packs/own/later.yaml").exists()
    assert (aside / "packs/own/later.yaml").exists()
    assert (home / "snapshots/try/a.parquet").read_text(encoding="utf-8") == "now"


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["cut", "text", "stranger", "packs/../../escape", "altered"])
def test_what_is_no_backup_is_refused(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path, damage: str
) -> None:
    target = tmp_path / "backup.tar.gz"
    manifest = json.dumps({"form": 1, "engine": connection.vendor, "database_sha256": "0" * 64}).encode()
    with tarfile.open(target, "w:gz") as archive:
        for name, content in (("manifest.json", manifest), ("database", os.urandom(5000))):
            (tmp_path / "member").write_bytes(content)
            archive.add(tmp_path / "member", name)
        if damage == "stranger" or "/" in damage:
            archive.add(tmp_path / "member", "../../escape" if damage == "stranger" else damage)
    if damage == "cut":
        target.write_bytes(target.read_bytes()[:-1000])
    if damage == "text":
        target.write_text("这不是备份")
    status, _out, err = run(capsys, "restore", "--replace", str(target))
    assert (status, "commands.BadBackup" in err) == (1, True)
    assert not re.search("[a-z]{4,} [a-z]{4,}", err.partition("：")[2].splitlines()[0]), "the reason is in Chinese"
    assert not (tmp_path / "escape").exists()
    assert not list(home.glob(".restore-*"))


def environment(home: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ZHENGGAI_", "DJANGO_", "DATABASE_"))
    }
    return kept | {"ZHENGGAI_HOME": str(home)}


def zhenggai(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zhenggai", *words]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False, timeout=60)


def test_a_real_installation_is_backed_up_damaged_and_restored(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    waiting = zhenggai(home, "audit", "verify")
    assert (waiting.returncode, "commands.PendingMigrations" in waiting.stderr) == (1, True)
    assert zhenggai(home, "migrate").returncode == 0
    assert zhenggai(home, "migrate", "--check").stdout == "数据库已是最新。\n"
    assert zhenggai(home, "people", "init", "示例市人民检察院").returncode == 0
    assert zhenggai(home, "backup", str(tmp_path / "b.tar.gz")).returncode == 0
    assert zhenggai(home, "people", "reset-password", "auditor").returncode == 0
    refused = zhenggai(home, "restore", str(tmp_path / "b.tar.gz"))
    assert (refused.returncode, "commands.WouldOverwrite" in refused.stderr) == (1, True)
    for target, option in ((home, ["--replace"]), (other, [])):
        target.mkdir(exist_ok=True)
        back = zhenggai(target, "restore", *option, str(tmp_path / "b.tar.gz"))
        assert (back.returncode, "完整无缺" in back.stdout) == (0, True), back.stderr
        with sqlite3.connect(target / "zhenggai.sqlite3") as opened:
            assert opened.execute(
                "SELECT count(*) FROM audit_entry WHERE code = 'people.password_reset'"
            ).fetchone() == (0,)
        opened.close()
    assert list(home.glob("before-restore-*/database"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:
            continue
        if f"PPid:\t{pid}" in lines:
            found.append(int(status.parent.name))
    return found


def test_serve_starts_both_processes_and_leaves_none_behind(tmp_path: Path, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        put_ready_file(tmp_path / "zhenggai.sqlite3")
    port = free_port()
    command = [sys.executable, "-m", "zhenggai", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        command, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert server.stdout is not None
        said = ""
        while f"http://127.0.0.1:{port}/" not in said:
            line = server.stdout.readline()
            assert line, said
            said += line
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        client.request("GET", "/findings/", headers={"Host": "127.0.0.1"})
        answer = client.getresponse()
        assert (answer.status, answer.getheader("Location")) == (302, "/sign-in/?next=%2Ffindings%2F")
        client.close()
        taken = zhenggai(tmp_path, "serve", "--port", str(port))
        assert (taken.returncode, "commands.PortInUse" in taken.stderr) == (1, True)
        children = children_of(server.pid)
        assert len(children) == 2
        _public_side_alone(tmp_path)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
        assert server.stdout is not None
        server.stdout.close()
    assert server.returncode == 0
    time.sleep(0.2)
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def _public_side_alone(home: Path) -> None:
    """Start the public side beside the running server and ask it for its pages and for those it does not have."""
    port = free_port()
    command = [sys.executable, "-m", "zhenggai", "serve", "--public-only", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            while f"http://127.0.0.1:{port}/" not in (line := server.stdout.readline()):
                assert line
            assert len(children_of(server.pid)) == 1
            told = {}
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            for path in ("/", "/public/", "/public/feed.xml", "/findings/", "/sign-in/", "/answers/", "/health/"):
                client.request("GET", path, headers={"Host": "127.0.0.1"})
                answer = client.getresponse()
                body = answer.read().decode()
                told[path] = answer.status
                assert answer.getheader("Set-Cookie") is None
                assert "整改公开" in body or answer.status == 302
            client.close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    assert told == {
        "/": 302,
        "/public/": 200,
        "/public/feed.xml": 200,
        "/findings/": 404,
        "/sign-in/": 404,
        "/answers/": 404,
        "/health/": 404,
    }


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    listed = capsys.readouterr().out
    for name, (_module, words) in COMMANDS.items():
        assert name in listed
        if name != "manage":
            with pytest.raises(SystemExit) as left:
                main([name, "--help"])
            assert left.value.code == 0
            assert words[:6] in capsys.readouterr().out


def test_settings_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    wrong = {
        "ZHENGGAI_DEBUG": "maybe",
        "ZHENGGAI_MAX_UPLOAD_MB": "0",
        "ZHENGGAI_TRUSTED_PROXIES": "-1",
        "DATABASE_URL": "mysql://x/y",
    }
    command = [sys.executable, "-m", "zhenggai", "migrate"]
    started = {
        name: subprocess.Popen(command, env=environment(tmp_path) | {name: value}, stderr=subprocess.PIPE, text=True)
        for name, value in wrong.items()
    }
    for name, process in started.items():
        said = process.communicate(timeout=60)[1]
        assert (process.returncode, "project.BadSetting" in said, name in said) == (1, True, True)
    assert django_settings.configured


@pytest.mark.django_db
def test_a_worker_takes_up_what_was_interrupted_and_drops_what_is_old(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    user = make_user()
    long_ago = timezone.now() - timedelta(days=2)
    SignedInSession.objects.create(user=user, session_key="old", started_at=long_ago, last_seen_at=long_ago)
    interrupted = DBTaskResult.objects.create(
        task_path="zhenggai.intake.tasks.read_upload",
        args_kwargs={"args": [1, 1], "kwargs": {}},
        status="RUNNING",
        backend_name="default",
        exception_class_path="",
        traceback="",
        run_after=timezone.now(),
    )
    worker.tidy()
    assert not SignedInSession.objects.exists()
    assert worker.resume_interrupted() == 1
    interrupted.refresh_from_db()
    assert interrupted.status == "READY"
