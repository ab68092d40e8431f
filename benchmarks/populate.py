"""Fill a database with an invented organisation of the size the pages must be pleasant at.

    python -m benchmarks.populate [--findings 10000] [--measures 20000] [--people 60]

Works on the database that ``ZHENGGAI_HOME`` or ``DATABASE_URL`` names, which should be fresh and migrated. Rows are
inserted in bulk, past the acts: this is material for measuring, not a record. The same numbers give the same rows.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from dataclasses import dataclass
from datetime import date, timedelta

DEPARTMENTS = (
    "办公室", "政治部", "第一检察部", "第二检察部", "第三检察部", "第四检察部", "第五检察部", "案件管理部", "检务督察部", "计划财务装备部",
    "检察技术部", "机关党委",
)  # fmt: skip
PLACES = ("东湖", "西岭", "南溪", "北塬", "青石", "白河", "红桥", "云台", "龙泉")
ASPECTS = (
    "贯彻落实党的路线方针政策和上级决策部署", "群众身边腐败问题和不正之风", "基层党组织建设", "上轮巡察整改落实情况"
)  # fmt: skip
SUBJECTS = (
    "理论学习", "意识形态工作责任制", "案件质量评查", "涉案款物管理", "检察建议跟踪问效", "固定资产台账", "公务接待", "政府采购", "干部选拔任用",
    "党支部组织生活", "内部控制制度", "公车使用", "信访办理", "数据安全", "值班备勤", "合同管理", "工会经费", "网络信息发布", "司法救助", "听证工作",
)  # fmt: skip
FAULTS = (
    "落实不到位", "研究部署不经常", "制度执行不严格", "监督检查流于形式", "台账登记不规范", "责任压得不实", "整改不彻底", "审批程序缺失",
    "档案资料不完整", "跟踪督促不及时",
)  # fmt: skip
CAUSES = (
    "有关部门对政策要求理解不深", "分管环节之间衔接不紧", "日常检查走过场", "人员调整后交接不清", "长期沿用旧的做法", "缺少量化的考核办法",
)  # fmt: skip
DEEDS = (
    "召开专题会议研究", "修订完善管理办法", "开展全面自查", "组织集中培训", "建立按月通报机制", "明确专人负责登记", "对历年资料逐项核对",
    "与主管部门会商解决", "将落实情况纳入年度考核", "约谈相关责任人",
)  # fmt: skip
RESULTS = (
    "已补齐缺失资料", "相关制度已印发执行", "发现的问题已逐项纠正", "责任人作出书面检查", "下一步将按季度复核", "形成常态化工作机制",
)  # fmt: skip
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
GIVEN = ("志远", "晓明", "建国", "丽华", "文博", "思源", "雨晴", "国栋", "海燕", "明哲", "佳音", "振宇")
STATUSES = ("completed", "completed", "completed", "phased", "phased", "ongoing", "not_completed", "unknown")


@dataclass(frozen=True, slots=True)
class Populated:
    """What was made."""

    findings: int
    """Findings."""
    measures: int
    """Measures."""
    administrator: str
    """Name of the person who sees everything of the organisation."""
    member: str
    """Name of an ordinary department head."""
    password: str
    """Password of both."""


def populate(
    *, findings: int = 10_000, measures: int = 20_000, people: int = 60, seed: int = 7, loop: bool = False
) -> Populated:
    """Insert the organisation, its rounds, findings and measures; return whom to sign in as.

    With *loop* the findings are at all stages of the loop, with plans, items, submissions and evidence, and
    ``bench03``… hold also the posts of leaders.
    """
    from django.contrib.auth.hashers import make_password  # Django is set up by the caller, after this module is read
    from django.db import transaction

    from zhenggai.findings.search import rebuild_search

    chance = random.Random(seed)
    password = "Benchmark-2025-ok"
    with transaction.atomic():
        units = _units()
        users = _people(units, people, make_password(password), chance)
        made = _rounds(units, users, findings, measures, chance)
        if loop:
            _loop(units, users, random.Random(seed + 1))
        rebuild_search()
    return Populated(*made, administrator="bench01", member="bench02", password=password)


def _units() -> dict[str, list]:  # type: ignore[type-arg]  # models are only importable after set-up
    from zhenggai.people.models import Unit

    def add(parent: Unit | None, kind: str, name: str, short: str, order: int) -> Unit:
        unit = Unit.objects.create(
            parent=parent, kind=kind, name=name, short_name=short, order=order, path=f"new-{name}"
        )
        unit.path = (parent.path if parent else "") + f"{unit.pk:06d}."
        unit.save(update_fields=["path"])
        return unit

    root = add(None, Unit.Kind.ORGANISATION, "示例市人民检察院", "示例市院", 0)
    return {
        "root": [root],
        "departments": [add(root, Unit.Kind.DEPARTMENT, name, name, i) for i, name in enumerate(DEPARTMENTS, 1)],
        "grassroots": [
            add(root, Unit.Kind.GRASSROOTS, f"{place}县人民检察院", f"{place}县院", 100 + i)
            for i, place in enumerate(PLACES)
        ],
    }


def _people(units, count, password, chance):  # type: ignore[no-untyped-def]  # as above
    from zhenggai.people.models import Post, User

    users = [
        User(
            username=f"bench{number:02d}",
            name=chance.choice(SURNAMES) + chance.choice(GIVEN),
            password=password,
            must_change_password=False,
        )
        for number in range(1, count + 1)
    ]
    users = User.objects.bulk_create(users)
    started = date(2024, 1, 1)
    departments, grassroots = units["departments"], units["grassroots"]
    posts = [Post(user=users[0], unit=units["root"][0], role="rectification_office", started_on=started)]
    posts += [
        Post(user=user, unit=unit, role="department_head", started_on=started)
        for user, unit in zip(users[1:], departments, strict=False)
    ]
    posts += [
        Post(user=user, unit=unit, role="grassroots_liaison", started_on=started)
        for user, unit in zip(users[1 + len(departments) :], grassroots, strict=False)
    ]
    rest = users[1 + len(departments) + len(grassroots) :]
    posts += [Post(user=user, unit=chance.choice(departments), role="owner", started_on=started) for user in rest]
    Post.objects.bulk_create(posts)
    return users


def _sentence(chance: random.Random, subject: str, low: int, high: int) -> str:
    pieces = []
    for number in range(chance.randint(low, high)):
        year, month = chance.randint(2021, 2025), chance.randint(1, 12)
        pieces.append(
            chance.choice(
                (
                    f"{year}年{month}月,{subject}相关事项{chance.choice(FAULTS)},{chance.choice(CAUSES)},涉及{chance.randint(2, 90)}件",
                    f"{chance.choice(DEPARTMENTS)}{chance.choice(DEEDS)},围绕{subject}{chance.choice(DEEDS)},{chance.choice(RESULTS)}",
                    f"{'一是二是三是四是五是'[number % 5 * 2 :][:2]}{chance.choice(DEEDS)},{chance.choice(RESULTS)}",
                )
            )
        )
    return ";".join(pieces) + "。"


def _rounds(units, users, findings, measures, chance):  # type: ignore[no-untyped-def]  # as above
    from zhenggai.files.models import StoredFile
    from zhenggai.findings.models import Aspect, Finding, InspectionRound, Measure, Source

    file = StoredFile.objects.create(sha256="0" * 64, size=1, media_type="text/plain", name="通报.txt")
    per_round = -(-findings // 5)
    made: list[Finding] = []
    for number in range(5):
        feedback = date(2021 + number, 7, 18)
        round_ = InspectionRound.objects.create(
            unit=units["root"][0],
            name=f"{feedback.year}年市委巡察",
            inspecting_body=f"市委第{'一二三四五'[number]}巡察组",
            feedback_on=feedback,
            declared_counts={"findings": per_round, "completed": per_round // 2},
        )
        aspects = Aspect.objects.bulk_create(
            Aspect(round=round_, no="一二三四"[i], title=title, order=i + 1) for i, title in enumerate(ASPECTS)
        )
        text: list[str] = []
        length = 0
        source = Source.objects.create(
            round=round_, file=file, name="通报.txt", family="progress_notice", text="", imported_by=users[0]
        )
        batch = []
        for order in range(1, min(per_round, findings - len(made)) + 1):
            subject = chance.choice(SUBJECTS)
            title = f"{subject}{chance.choice(FAULTS)},{chance.choice(CAUSES)}"
            description = _sentence(chance, subject, 2, 6)
            leader, owner = chance.choice(users[:20]), chance.choice(users)
            passage = f"{order}.关于“{title}”的问题。{description}\n"
            batch.append(
                Finding(
                    round=round_,
                    aspect=chance.choice(aspects),
                    unit=units["root"][0] if chance.random() < 0.7 else chance.choice(units["grassroots"]),
                    no=str(order),
                    order=order,
                    title=title,
                    description=description,
                    status=chance.choice(STATUSES),
                    leader=leader if chance.random() < 0.9 else None,
                    leader_text=leader.name,
                    department=chance.choice(units["departments"]) if chance.random() < 0.9 else None,
                    owner=owner if chance.random() < 0.6 else None,
                    due_on=feedback + timedelta(days=chance.randint(30, 700)) if chance.random() < 0.9 else None,
                    completion_criteria="制度健全、执行到位、台账可查。",
                    source=source,
                    span_start=length,
                    span_end=length + len(passage),
                )
            )
            text.append(passage)
            length += len(passage)
        Source.objects.filter(pk=source.pk).update(text="".join(text))
        made += Finding.objects.bulk_create(batch, batch_size=500)
    through = Finding.assist_departments.through
    through.objects.bulk_create(
        through(finding_id=finding.pk, unit_id=chance.choice(units["departments"]).pk)
        for finding in made
        if chance.random() < 0.4
    )
    rows = [
        Measure(
            finding=made[index % len(made)],
            order=index // len(made) + 1,
            text=_sentence(chance, chance.choice(SUBJECTS), 1, 4),
            progress=_sentence(chance, chance.choice(SUBJECTS), 1, 2) if chance.random() < 0.5 else "",
            status=chance.choice(STATUSES),
            department=chance.choice(units["departments"]) if chance.random() < 0.3 else None,
            leader=chance.choice(users[:20]) if chance.random() < 0.2 else None,
            owner=chance.choice(users) if chance.random() < 0.3 else None,
        )
        for index in range(measures)
    ]
    Measure.objects.bulk_create(rows, batch_size=500)
    return len(made), len(rows)


LEVELS = ("department", "leader", "office", "group", "supervision")
STAGES = (
    "working",
    "working",
    "working",
    "in_review",
    "returned",
    "reopened",
    "phased",
    "long_term",
    "closed",
    "closed",
)


def _loop(units, users, chance):  # type: ignore[no-untyped-def]  # as above
    """Put the findings at work: stages, items, criteria, submissions, evidence, completions and close-outs."""
    from django.utils import timezone

    from zhenggai.files.models import StoredFile
    from zhenggai.findings.models import Finding, InspectionRound, Measure
    from zhenggai.people.models import Post
    from zhenggai.workflow import models

    now, today, office = timezone.now(), timezone.localdate(), users[0]
    root, started = units["root"][0], date(2024, 1, 1)
    leaders = users[22:26]
    for number, leader in enumerate(leaders):
        post = Post.objects.create(user=leader, unit=root, role="leader_in_charge", started_on=started)
        post.charges.set(units["departments"][number * 3 : number * 3 + 3])
    Post.objects.create(user=users[26], unit=root, role="first_responsible_person", started_on=started)
    Post.objects.create(user=users[27], unit=root, role="supervision_group", started_on=started)
    for round_ in InspectionRound.objects.all():
        models.Course.objects.create(round=round_, period_ends_on=today + timedelta(days=60))
        models.Plan.objects.create(
            round=round_, version=1, state="approved", created_by=office, submitted_by=office, submitted_at=now,
            decided_by=users[26], decided_at=now,
        )  # fmt: skip
    rows = list(Finding.objects.order_by("pk"))
    by_department = {unit.pk: leaders[place // 3 % len(leaders)] for place, unit in enumerate(units["departments"])}
    items, criteria, submissions = [], [], []
    for finding in rows:
        stage = chance.choice(STAGES)
        finding.stage = stage
        finding.status = {"closed": "completed", "phased": "phased", "long_term": "long_term"}.get(stage, "ongoing")
        finding.due_on = None if stage == "long_term" else today + timedelta(days=chance.randint(-60, 300))
        finding.leader = by_department.get(finding.department_id, leaders[0])
        review = stage == "in_review"
        items.append(
            models.Item(
                finding=finding, level=chance.choice(LEVELS) if review else "",
                level_since=now - timedelta(days=chance.randint(0, 20)) if review else None, first_due_on=finding.due_on,
                next_milestone="系统上线" if stage == "phased" else "",
                next_milestone_on=finding.due_on if stage == "phased" else None,
            )
        )  # fmt: skip
        criteria += [
            models.Criterion(finding=finding, order=1, kind="measures_done", text="全部整改措施已完成"),
            models.Criterion(finding=finding, order=2, kind="confirmation", text="整改效果达到完成标准"),
        ]
        if stage in ("in_review", "returned", "closed"):
            state = {"in_review": "open", "returned": "returned", "closed": "passed"}[stage]
            by = finding.owner or chance.choice(users[28:])
            submissions.append(
                models.Submission(
                    finding=finding, no=1, state=state, outcome="completed", statement="已完成清查并入账",
                    from_stage="working", by=by, ended_at=None if review else now,
                )
            )  # fmt: skip
    Finding.objects.bulk_update(rows, ["stage", "status", "due_on", "leader"], batch_size=500)
    models.Item.objects.bulk_create(items, batch_size=500)
    models.Criterion.objects.bulk_create(criteria, batch_size=500)
    made = models.Submission.objects.bulk_create(submissions, batch_size=500)
    opinions = [
        models.Opinion(
            submission=each, level="department", level_label="部门负责人审核", by=chance.choice(users[1:13]),
            verdict="return" if each.state == "returned" else "pass", text="佐证不全" if each.state == "returned" else "",
        )
        for each in made
        if each.state != "open"
    ]  # fmt: skip
    models.Opinion.objects.bulk_create(opinions, batch_size=500)
    closed = [each for each in made if each.state == "passed"]
    models.CloseOut.objects.bulk_create(
        (
            models.CloseOut(
                finding=each.finding, no=f"示例销号〔2026〕{number}号", submission=each, form={}, by=users[27],
                closed_on=today - timedelta(days=chance.randint(0, 200)), within_deadline=True,
            )
            for number, each in enumerate(closed, 1)
        ),
        batch_size=500,
    )  # fmt: skip
    file = StoredFile.objects.get()
    measures = list(Measure.objects.select_related("finding").order_by("pk"))
    proofs = models.Evidence.objects.bulk_create(
        (models.Evidence(unit=root, name=f"清查表{n}", created_by=users[28]) for n, _m in enumerate(measures[::2])),
        batch_size=500,
    )
    models.EvidenceVersion.objects.bulk_create(
        (models.EvidenceVersion(evidence=each, no=1, file=file, name=each.name, by=users[28]) for each in proofs),
        batch_size=500,
    )
    models.EvidenceLink.objects.bulk_create(
        (
            models.EvidenceLink(evidence=proof, finding=measure.finding, measure=measure, by=users[28])
            for proof, measure in zip(proofs, measures[::2], strict=True)
        ),
        batch_size=500,
    )
    done = [measure for measure in measures if measure.status == "completed"]
    models.Completion.objects.bulk_create(
        (models.Completion(measure=measure, done_on=today, by=users[28]) for measure in done), batch_size=500
    )


def main() -> None:
    """Fill the database that the environment names."""
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=10_000)
    parser.add_argument("--measures", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--loop", action="store_true", help="put the findings at all stages of the loop")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenggai.project.settings")
    django.setup()
    began = time.perf_counter()
    made = populate(findings=given.findings, measures=given.measures, people=given.people, loop=given.loop)
    print(
        f"{made.findings} findings, {made.measures} measures in {time.perf_counter() - began:.1f} s; "
        f"sign in as {made.administrator} or {made.member}, password {made.password}"
    )


if __name__ == "__main__":
    main()
