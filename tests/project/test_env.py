"""What an operator sets: defaults, forms of the database address, and values that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhenggai.project.env import BadSetting, MailSettings, database_settings, mail_settings, read_env

_NAMES = (
    "ZHENGGAI_HOME",
    "DATABASE_URL",
    "ZHENGGAI_DEBUG",
    "ZHENGGAI_HOSTS",
    "ZHENGGAI_SECURE",
    "ZHENGGAI_TRUSTED_PROXIES",
    "ZHENGGAI_MAX_UPLOAD_MB",
    "ZHENGGAI_MAIL_URL",
    "ZHENGGAI_URL",
    "ZHENGGAI_CHAT_HOSTS",
    "ZHENGGAI_CHAT_TITLES",
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_lies_in_the_folder_data_and_is_closed_to_others(tmp_path: Path) -> None:
    env = read_env()
    assert env.home == tmp_path / "data"
    assert (env.debug, env.secure, env.trusted_proxies, env.max_upload_mb) == (False, False, 0, 100)
    assert env.hosts == ("127.0.0.1", "localhost", "[::1]")
    database = database_settings(env)
    assert database["NAME"] == tmp_path / "data" / "zhenggai.sqlite3"
    assert "journal_mode=WAL" in str(database["OPTIONS"])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "postgresql://zg:p%40ss@db.example:5433/zhenggai?sslmode=require",
            ("db.example", "5433", "zg", "p@ss", "zhenggai", {"sslmode": "require"}),
        ),
        ("postgres://zg@/zhenggai?host=/run/postgresql", ("/run/postgresql", "", "zg", "", "zhenggai", {})),
        ("postgresql://%2Frun%2Fpostgresql/zhenggai", ("/run/postgresql", "", "", "", "zhenggai", {})),
    ],
)
def test_one_address_names_a_postgresql_database(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: tuple[object, ...]
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    given = database_settings(read_env())
    options = dict(given["OPTIONS"])
    assert "jit=off" in options.pop("options")
    assert (*(given[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")), options) == expected


@pytest.mark.parametrize("address", ["mysql://u@h/db", "postgresql://host", "sqlite:///x", "zhenggai"])
def test_other_addresses_are_refused_without_showing_a_password(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address.replace("u@", "u:geheim@"))
    with pytest.raises(BadSetting) as refusal:
        database_settings(read_env())
    assert "DATABASE_URL" in str(refusal.value)
    assert "geheim" not in str(refusal.value)


def test_flags_and_numbers_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("ZHENGGAI_SECURE", "ja"),
        ("ZHENGGAI_MAX_UPLOAD_MB", "99999"),
        ("ZHENGGAI_TRUSTED_PROXIES", "x"),
    ):
        with monkeypatch.context() as only:
            only.setenv(name, value)
            with pytest.raises(BadSetting):
                read_env()
    monkeypatch.setenv("ZHENGGAI_SECURE", "on")
    monkeypatch.setenv("ZHENGGAI_HOSTS", " a.example , ,b.example")
    assert read_env().secure
    assert read_env().hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", MailSettings()),
        (
            "smtp://mail.example.cn?from=zg@example.cn",
            MailSettings(True, "mail.example.cn", 25, sender="zg@example.cn"),
        ),
        (
            "smtp+tls://zg:p%40ss@mail.example.cn?from=zg@example.cn",
            MailSettings(True, "mail.example.cn", 587, "zg", "p@ss", starttls=True, sender="zg@example.cn"),
        ),
        (
            "smtps://zg:word@mail.example.cn:2465?from=zg@example.cn",
            MailSettings(True, "mail.example.cn", 2465, "zg", "word", tls=True, sender="zg@example.cn"),
        ),
    ],
)
def test_the_mail_server_is_named_by_one_address(
    address: str, expected: MailSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGGAI_MAIL_URL", address)
    assert mail_settings(read_env()) == expected


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.cn",
        "http://mail.example.cn?from=a@b.cn",
        "smtp://?from=a@b.cn",
        "smtp://u:secret@m.cn",
        "smtp://u:secret@m.cn:x?from=a@b.cn",
    ],
)
def test_a_mail_server_that_cannot_be_is_refused_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGGAI_MAIL_URL", address)
    with pytest.raises(BadSetting) as refused:
        mail_settings(read_env())
    assert "secret" not in str(refused.value)


def test_links_and_hosts_for_messages_are_cleaned_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_URL", "https://zg.example.cn/")
    monkeypatch.setenv("ZHENGGAI_CHAT_HOSTS", "Robot.Example.CN, 10.0.0.8")
    env = read_env()
    assert (env.site_url, env.chat_hosts, env.chat_titles) == (
        "https://zg.example.cn",
        ("robot.example.cn", "10.0.0.8"),
        False,
    )
    monkeypatch.setenv("ZHENGGAI_URL", "zg.example.cn")
    with pytest.raises(BadSetting):
        read_env()
