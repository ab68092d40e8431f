"""Pages of alerts, rules, indicators, conditions and rebounds, used as people use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.ledgers import declare
from tests.watch.conftest import Office
from tests.watch.ledgers import BROKEN, CASES, KINDS, RELATIVES
from tests.watch.test_loop import Bound
from tests.watch.test_running import live, run
from zhenggai.oversight.models import Letter
from zhenggai.watch.models import Alert, IndicatorValue, Rebound, RuleSetting
from zhenggai.workflow.models import Criterion

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def office(home: object) -> Office:
    declare(CASES, RELATIVES, BROKEN, enumerations=(KINDS,), pack="tw_pack")
    return Office()


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_the_list_says_what_to_do_when_it_is_empty_and_filters_when_it_is_not(
    office: Office, sign_in_as: SignIn
) -> None:
    clerk = sign_in_as(office.clerk)
    assert "没有未消除的预警" in text(clerk, "/alerts/")
    office.case(70, department=office.department.name)
    office.case(95, closed_on=timezone.localdate().isoformat())
    office.case(95)
    run(office)
    shown = text(clerk, "/alerts/")
    assert "受理超过60天没有结案" in shown and "停滞案件" in shown and "第一检察部" in shown
    assert "应于" in text(clerk, "/alerts/?severity=red") and "超过60天" not in text(clerk, "/alerts/?severity=red")
    assert "超过60天" in text(clerk, "/alerts/?rule=tw_cases.stalled")
    assert "没有符合条件的预警" in text(clerk, "/alerts/?q=没有这样的话")
    assert "没有未消除的预警" in text(sign_in_as(office.outsider), "/alerts/")
    assert "台账预警" in text(sign_in_as(office.head), "/desk/beside/")
    assert "台账预警" not in text(sign_in_as(office.outsider), "/desk/beside/")
    for grain in ("week", "month", "quarter", "year", "nonsense"):
        assert "预警小结" in text(clerk, f"/alerts/summary/?grain={grain}")


def test_an_alert_is_taken_in_hand_dismissed_and_answered_by_letter(office: Office, sign_in_as: SignIn) -> None:
    office.case(70, suspect="张三丰", department=office.department.name)
    run(office)
    (alert,) = live("stalled")
    path = f"/alerts/{alert.pk}/"
    clerk, chief = sign_in_as(office.clerk), sign_in_as(office.office)
    shown = text(clerk, path)
    assert "张某某" in shown and "张三丰" not in shown and "未核实" in shown and "本院案件管理办法第3条" in shown
    assert "受理日期" in shown and "为什么提示" in shown
    assert clerk.post(f"{path}acknowledge/").status_code == 302
    assert "处理中" in text(clerk, path)
    assert clerk.post(f"{path}dismiss/", {"why": "不该"}).status_code == 403
    refused = chief.post(f"{path}dismiss/", {"why": " "})
    assert refused.status_code == 422 and "请填写“排除理由”" in refused.content.decode()
    refused = chief.post(f"{path}dismiss/", {"why": "已延期", "until": "2020-01-01"})
    assert refused.status_code == 422 and "不能早于今天" in refused.content.decode()
    assert chief.post(f"{path}dismiss/", {"why": "已延期"}).status_code == 302
    assert "已由金鸣排除" in text(clerk, path)
    assert chief.post(f"{path}restore/").status_code == 302
    answer = clerk.post("/alerts/letter/", {"alert": [alert.pk]})
    letter = Letter.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/letters/{letter.pk}/"
    page = text(clerk, f"/letters/{letter.pk}/")
    assert "办案期限提示函" in page and "停滞案件" in page
    assert "函件" in text(clerk, path)
    assert "重新起草" not in text(clerk, f"/letters/{letter.pk}/edit/")
    assert sign_in_as(office.outsider).get(path).status_code == 404


def test_rules_in_words_with_settings_and_runs(office: Office, sign_in_as: SignIn) -> None:
    clerk, chief = sign_in_as(office.clerk), sign_in_as(office.office)
    assert "还没有运行过" in text(clerk, "/ledgers/tw_cases/rules/")
    office.case(70)
    office.case(None)
    run(office)
    shown = text(clerk, "/ledgers/tw_cases/rules/")
    for words in (
        "停滞案件",
        "条命中",
        "未知",
        "结案日期",
        "律师相同的记录，6 个月内达到 3 条",
        "与“亲属名册”对照",
        "未核实",
    ):
        assert words in shown, words
    assert "设定…" not in shown and "设定…" in text(chief, "/ledgers/tw_cases/rules/")
    path = "/ledgers/tw_cases/rules/stalled/set/"
    assert clerk.post(path, {"why": "试", "p-limit": "90"}).status_code == 403
    refused = chief.post(path, {"why": "依本院办法", "p-limit": "九十"})
    assert refused.status_code == 422 and "应为数字" in refused.content.decode()
    assert chief.post(path, {"why": "依本院办法", "enabled": "on", "p-limit": "90"}).status_code == 302
    assert RuleSetting.objects.get().parameters == {"limit": 90}
    assert "依本院办法" in text(clerk, "/ledgers/tw_cases/rules/")
    assert clerk.post("/ledgers/tw_cases/rules/run/").status_code == 302
    assert clerk.get("/ledgers/tw_cases/rules/progress/").status_code in (200, 204)
    run(office, "tw_broken")
    assert "no_such_field" in text(clerk, "/ledgers/tw_broken/rules/")
    assert sign_in_as(office.handler).post("/ledgers/tw_cases/rules/run/").status_code == 403
    assert "没有声明规则" in text(clerk, "/ledgers/tw_relatives/rules/")


def test_indicators_with_parts_trend_fields_and_rows(office: Office, sign_in_as: SignIn) -> None:
    clerk = sign_in_as(office.clerk)
    year = timezone.localdate().year - 1
    for month in (1, 2, 3, 4):
        closed = {"closed_on": f"{year}-06-01"} if month == 1 else {}
        office.case(None, accepted_on=f"{year}-0{month}-10", kind="公诉" if month < 3 else "民事", **closed)
    assert "结案率" in text(clerk, "/indicators/?ledger=tw_cases")
    shown = text(clerk, f"/ledgers/tw_cases/indicators/closed_rate/?period={year}")
    assert "25.00%" in shown and f"{year}年" in shown and "目标" in shown
    apart = text(clerk, f"/ledgers/tw_cases/indicators/accepted/?period={year}&by=kind")
    assert "公诉" in apart and "民事" in apart
    refused = text(clerk, "/ledgers/tw_cases/indicators/accepted/?by=office", 422)
    assert "不按该字段分开" in refused
    assert "应写成" in text(clerk, "/ledgers/tw_cases/indicators/accepted/?period=20-26", 422)
    theirs = sign_in_as(office.court_chief)
    assert "4 件" in text(clerk, f"/ledgers/tw_cases/indicators/accepted/?period={year}")
    assert "4 件" not in text(theirs, f"/ledgers/tw_cases/indicators/accepted/?period={year}")
    rows = text(clerk, f"/ledgers/tw_cases/indicators/closed_rate/rows/?period={year}&part=numerator")
    assert "示检1号" in rows and "示检2号" not in rows
    empty = text(clerk, "/ledgers/tw_cases/indicators/mean_days/?period=2001")
    assert "没有数值" in empty and "—" in empty
    kept = clerk.post("/ledgers/tw_cases/indicators/closed_rate/freeze/", {"period": str(year), "note": "年报"})
    assert kept.status_code == 302 and IndicatorValue.objects.get().value == "25.00"
    assert "年报" in text(clerk, f"/ledgers/tw_cases/indicators/closed_rate/?period={year}")
    assert sign_in_as(office.outsider).get("/ledgers/tw_cases/indicators/nothing/").status_code == 404


def test_a_condition_is_attached_and_a_rebound_dealt_with(office: Office, sign_in_as: SignIn) -> None:
    loop = Bound(office)
    run(office)
    finding = loop.at_work()
    client = sign_in_as(loop.office)
    path = f"/findings/{finding.pk}/condition/"
    assert "请选择" in text(client, path) and "停滞案件" in text(client, f"{path}?ledger=tw_cases")
    refused = client.post(path, {"ledger": "tw_cases", "aim": "indicator:closed_rate", "comparison": "ge"})
    assert refused.status_code == 422
    assert client.post(path, {"ledger": "tw_cases", "aim": "rule:stalled"}).status_code == 302
    criterion = Criterion.objects.get(kind="condition")
    shown = text(client, f"/findings/{finding.pk}/")
    assert "没有未消除的预警" in shown and "查看有关预警" in shown and "核验于" in shown
    assert criterion.state == Criterion.State.HOLDS
    loop.pass_to(loop.submitted(finding))
    office.case(70)
    run(office)
    rebound = Rebound.objects.get()
    chief = sign_in_as(loop.chief)
    assert "未消除预警 1 条" in text(chief, f"/rebounds/{rebound.pk}/") and finding.title in text(chief, "/rebounds/")
    assert "保持销号" not in text(client, f"/rebounds/{rebound.pk}/")
    refused = chief.post(f"/rebounds/{rebound.pk}/explain/", {"why": ""})
    assert refused.status_code == 422
    assert chief.post(f"/rebounds/{rebound.pk}/reopen/", {"motive": "又有停滞案件"}).status_code == 302
    rebound.refresh_from_db()
    assert rebound.state == Rebound.State.REOPENED


@pytest.mark.parametrize("path", ["/alerts/", "/alerts/?state=all", "/ledgers/tw_cases/rules/", "/rebounds/"])
def test_pages_ask_as_much_for_many_as_for_few(office: Office, sign_in_as: SignIn, path: str) -> None:
    office.case(70)
    run(office)
    client = sign_in_as(office.office)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _number in range(5):
        office.case(70)
    run(office)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert Alert.objects.filter(rule="stalled").count() == 6
    assert len(many) <= len(few) and len(many) <= 25
