"""Immediate fixes, petitions, clues, common problems and an earlier round of the invented organisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from zhenggai.findings.actions import create_finding, create_round
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.models import Unit, User
from zhenggai.referrals.actions import answer_petition, finish_fix, hand_down, register_clue
from zhenggai.referrals.kinds import CARRIED_OVER, COMMON, FIX, PETITION
from zhenggai.referrals.models import ImmediateFix
from zhenggai.registers.actions import change_entry, create_entry

FIXES = (
    ("一楼公示栏内容陈旧，监督电话未更新", "办公室", "已更换全部公示内容，明确每月核对一次"),
    ("三名人员公务出差未按规定履行审批", "计财装备处", "补办审批手续，个人作出说明，并组织学习差旅规定"),
    ("门户网站两个栏目超过半年未更新", "宣传处", "栏目已更新，落实专人每周巡查"),
    ("食堂采购单据缺少验收签字", "机关服务中心", "补全验收记录，实行双人验收"),
)
PETITION_TOPICS = ("办案期限", "窗口接待", "告知答复", "涉案财物返还", "工作作风")
PETITION_DEPARTMENTS = ("控告申诉检察部", "案件管理办公室", "检务督察处", "普通犯罪检察部")
RESULTS = ("true", "untrue", "partly_true", "untrue", "unverifiable")
COMMONS = (
    ("1", "党的建设", "支部组织生活记录不规范", "统一记录模板\n每季度交叉检查一次"),
    ("2", "检察业务", "检察建议发出后跟踪问效不足", "建立回复台账\n到期一周前提醒\n逾期报告检察长"),
    ("3", "内部管理", "固定资产登记不及时", "开展一次全面清查\n购置当月登记入账"),
)
EARLIER = (
    ("固定资产管理存在漏洞，个别资产长期未登记入账", "completed"),
    ("司法救助力度偏小，覆盖面不够", "completed"),
    ("信访矛盾化解不到位，重复访较多", "completed"),
    ("检察长办公会制度落实不够，记录不完整", "completed"),
)
CARRIED = (("25", 0, "清查一次后没有形成常态登记"), ("16", 2, "没有落实领导包案，重复访反弹"))


def load_referrals(body: Unit, say: Callable[[str], None]) -> None:
    """Keep what was handed over in the demo's round, unless something is kept already."""
    round_ = InspectionRound.objects.filter(unit=body).order_by("-feedback_on").first()
    if round_ is None or ImmediateFix.objects.filter(unit=body).exists():
        return
    office, discipline = User.objects.get(username="office"), User.objects.get(username="discipline")
    units = {unit.name: unit for unit in Unit.objects.filter(parent=body)}
    for number, (issue, department, measure) in enumerate(FIXES, start=1):
        values = {
            "issue": issue, "notice_no": f"立行立改〔2024〕{number}号", "issued_on": "2024-04-15", "round": round_,
            "department": units[department],
        }  # fmt: skip
        fix = create_entry(FIX, body, values, actor=office)
        finish_fix(fix, measure, actor=office, done_on=date(2024, 4, 18) + timedelta(days=number))
    for number in range(1, 21):
        _petition(number, body, discipline, round_, units)
    _clues(body, discipline)
    _commons(body, office)
    _earlier(body, office, round_)
    say(f"交办：立行立改 {len(FIXES)} 项，信访件 20 件，共性问题 {len(COMMONS)} 个，上轮问题 {len(EARLIER)} 个。")


def _petition(number: int, body: Unit, discipline: User, round_: InspectionRound, units: dict[str, Unit]) -> None:
    received = date(2024, 3, 20) + timedelta(days=2 * number)
    petition = create_entry(
        PETITION,
        body,
        {
            "no": f"巡交〔2024〕{number:02d}号", "kind": ("letter", "visit", "call", "online")[number % 4],
            "topic": PETITION_TOPICS[number % 5], "received_on": received, "due_on": received + timedelta(days=60),
            "department": units[PETITION_DEPARTMENTS[number % 4]], "round": round_,
            "target": "某承办人", "content": "来件反映的具体内容在此登记，仅供承办部门查看。",
        },
        actor=discipline,
    )  # fmt: skip
    closed = received + timedelta(days=30 + number)
    answered = answer_petition(petition, RESULTS[number % 5], "已核查并答复来件人", actor=discipline, replied_on=closed)
    change_entry(PETITION, answered, {"closed_on": closed}, actor=discipline, version=answered.version)


def _clues(body: Unit, discipline: User) -> None:
    chief = User.objects.get(username="chief")
    register_clue(
        body,
        {
            "no": "线索〔2024〕01号", "received_on": "2024-07-19", "source": "巡察移交", "level": "科级干部",
            "authority": "驻院纪检监察组", "target": "某工作人员", "content": "示例线索内容。", "handling": "concluded",
            "reported_on": "2024-10-11", "result": "经核查不属实，予以了结。",
        },
        actor=discipline,
    )  # fmt: skip
    values = {"no": "线索〔2024〕02号", "received_on": "2024-07-19", "source": "巡察移交", "content": "示例线索内容。"}
    register_clue(body, values | {"handling": "preliminary"}, actor=discipline, readers=[chief])


def _commons(body: Unit, office: User) -> None:
    """Hand common problems down in a round of their own, so that the inspection's own counts stay what they are."""
    linked = create_round(actor=office, unit=body, name="2024年共性问题上下联动整改", feedback_on="2024-07-01")
    units = list(Unit.objects.filter(parent=body, kind=Unit.Kind.GRASSROOTS))
    for no, aspect, title, measures in COMMONS:
        values = {"no": no, "aspect": aspect, "title": title, "measures": measures, "due_on": "2025-06-30"}
        common = create_entry(COMMON, body, values | {"round": linked}, actor=office)
        hand_down(common, units if no != "3" else units[:6], actor=office)


def _earlier(body: Unit, office: User, round_: InspectionRound) -> None:
    past = create_round(
        actor=office, unit=body, name="2021年市委巡察整改", inspecting_body="市委第一巡察组", feedback_on="2021-05-20"
    )
    old = [
        create_finding(past, {"no": f"旧{number}", "title": title, "status": status}, actor=office)
        for number, (title, status) in enumerate(EARLIER, start=1)
    ]
    findings = {finding.no: finding for finding in Finding.objects.filter(round=round_)}
    for no, at, cause in CARRIED:
        if no in findings:
            values = {"finding": findings[no], "source": "earlier_round", "earlier": old[at], "claimed": "已完成整改"}
            create_entry(CARRIED_OVER, body, values | {"cause": cause}, actor=office)
