"""The work of a day, the digests of periods, and the commands."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.watch.conftest import Office
from tests.watch.test_running import live, run
from zhenggai.commands.main import main
from zhenggai.notifications.models import Notification
from zhenggai.watch.daily import run_daily
from zhenggai.watch.models import RuleRun, Watched

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def test_a_day_asks_for_runs_and_tells_each_person_what_stands(office: Office) -> None:
    office.case(70, department=office.department.name)
    run(office)
    today = TODAY()
    counts = run_daily(today, since=today - timedelta(days=1))
    assert counts["asked"] >= 2 and counts["told"] >= 2
    assert Watched.objects.filter(ledger="tw_cases", body=office.body, asked_at__isnull=False).exists()
    told = Notification.objects.filter(user=office.head, kind="reminder").get()
    assert "待处理预警" in told.title and "停滞" not in told.title and told.items[0]["path"].startswith("/alerts/")
    again = run_daily(today, since=today)
    assert again["asked"] == 0 and again["told"] == 0
    new_year = date(today.year + 1, 1, 1)
    assert run_daily(new_year, since=new_year - timedelta(days=1))["digests"] >= 1
    titles = Notification.objects.filter(user=office.office).values_list("title", flat=True)
    assert any(title.startswith("年清盘") and "新出现" in title for title in titles)


def test_commands_run_explain_and_show(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    row = office.case(70)
    assert main(["rules", "run", "--ledger", "tw_cases", "--json"]) == 0
    told = next(each for each in json.loads(capsys.readouterr().out) if each["body"] == office.body.name)
    assert told["rules"]["stalled"]["hits"] == 1 and told["rules"]["stalled"]["opened"] == 1 and told["rows"] == 1
    assert main(["rules", "run", "--ledger", "tw_cases"]) == 0
    assert "停滞案件（stalled）：命中 1，未知 0" in capsys.readouterr().out
    assert main(["rules", "run", "--ledger", "tw_broken"]) == 1
    assert "未运行" in capsys.readouterr().out
    office.close(row)
    assert main(["rules", "run", "--ledger", "tw_cases", "--as-of", "2020-01-01"]) == 0
    assert "0 行" in capsys.readouterr().out and len(live("stalled")) == 1
    assert main(["rules", "run", "--ledger", "tw_cases", "--as-of", "去年"]) == 1
    assert main(["rules", "run", "--explain", "stalled"]) == 0
    words = capsys.readouterr().out
    assert "几天为停滞 = 60" in words and "未核实" in words and "结案日期 为空" in words
    assert main(["indicators", "show", "tw_cases.closed_rate", "--json", "--rows"]) == 0
    figure = json.loads(capsys.readouterr().out)[0]
    assert figure["value"] == "100.00" and figure["denominator"] == "1" and figure["rows"] == [str(row.pk)]
    assert main(["indicators", "show", "tw_cases.accepted", "--period", str(TODAY().year), "--by", "kind"]) == 0
    assert "受理案件" in capsys.readouterr().out
    assert main(["indicators", "show", "no_such"]) == 1
    assert RuleRun.objects.filter(state=RuleRun.State.DONE).exists()
