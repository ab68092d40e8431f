"""Random acts by random people: whatever they try, the loop keeps its promises, and what is refused changes nothing.

The suite tries some dozens of sequences; ``HYPOTHESIS_PROFILE=long`` tries thousands (docs/workflow.md).
"""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.factories.intake import make_import
from tests.workflow.invariants import check_all, check_close_out, check_everybody, check_moves, doers, dump
from tests.workflow.world import SHORT_RULES, World
from zhenggai.audit.models import Entry
from zhenggai.findings import actions as findings
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.intake import actions as intake
from zhenggai.kit.errors import UserError
from zhenggai.people.access import OPERATOR, current_posts
from zhenggai.people.actions import appoint_deputy, end_deputy, end_post, grant_post
from zhenggai.people.models import Deputy, Post, User
from zhenggai.policy.actions import save_policy
from zhenggai.policy.models import PolicyProfile
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut, Course, Criterion, Evidence, EvidenceLink, Extension, Opinion, WorkEntry
from zhenggai.workflow.queries import loop_of, rules_by_round

WHO = FINDING = st.integers(0, 30)
PICK = st.integers(0, 11)
DAYS = st.sampled_from([-40, -1, 0, 1, 30, 400, 2000])
COUNTS: Counter[str] = Counter()
"""Act → how often it succeeded, and with a minus before it how often it was refused: shown after a long run."""

NOT_ONES_OWN = ("NotYourLevel", "OwnWork", "AlreadyDecided", "NotAllowed", "NotFound", "MoveNotAllowed")


def nth(rows: Any, number: int) -> Any:
    """Return one of *rows*, or None when there is none."""
    found = list(rows)
    return found[number % len(found)] if found else None


class Loop(RuleBasedStateMachine):
    """People at work on four findings."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.last_entry = Entry.objects.count()
        self.moved = True
        """Whether something changed since the invariants were last looked at."""
        self.rows: dict[str, Any] | None = None
        """What the tables held after the last refusal, while it still holds."""
        self.rules_changed: set[int] = set()
        """Ids of submissions that were open when the rules of the round changed."""

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def tries(self, name: str, act: Callable[[], Any]) -> UserError | None:
        """Do one act and look at what it changed; a refused one must change nothing at all."""
        before = {finding.pk: finding for finding in Finding.objects.all()}
        doing = {key: doers(finding) for key, finding in before.items()} if name in ("pass_level", "cosign") else {}
        rows, entries = self.rows or dump(), Entry.objects.count()
        self.rows = None
        opinions = Opinion.objects.count()
        try:
            act()
        except UserError as error:
            COUNTS[f"-{name}"] += 1
            now = dump()
            changed = {table for table in rows if now[table] != rows[table]}
            added = list(Entry.objects.filter(sequence__gt=entries).values_list("code", flat=True))
            # What was uploaded before an act was refused stays in the store, unreferenced, and the trail says so.
            assert added in ([], ["files.stored"]), (name, added)
            assert changed <= ({"audit.ChainHead"} if added else set()), (name, str(error), changed)
            self.rows, self.moved = now, self.moved or bool(added)
            return error
        COUNTS[name] += 1
        self.moved = True
        after = list(Finding.objects.all())
        check_moves(before, after, name)
        for opinion in Opinion.objects.order_by("pk")[opinions:].select_related("submission"):
            if opinion.verdict != "return":
                done = doing[opinion.submission.finding_id]
                assert opinion.by_id not in done and opinion.on_behalf_of_id not in done, (name, opinion.level)
        for finding in after:
            if finding.stage != before.get(finding.pk, finding).stage:
                COUNTS[f"to {finding.stage}"] += 1
            if finding.stage == Stage.CLOSED and before[finding.pk].stage != Stage.CLOSED:
                close_out = CloseOut.objects.get(finding=finding, revoked_at=None)
                check_close_out(close_out, same_rules=close_out.submission_id not in self.rules_changed)
        return None

    @invariant()
    def holds(self) -> None:
        """Hold what must hold at every moment, after whatever changed something."""
        if not self.moved:
            return
        self.moved = False
        check_all(self.last_entry or 1)
        self.last_entry = Entry.objects.count()

    # -- what leads forward, so that late stages are reached often

    @rule(f=FINDING, who=PICK, outcome=st.sampled_from(["completed"] * 4 + ["phased", "long_term"]))
    def goes_on(self, f: int, who: int, outcome: str) -> None:
        """Let the right person do the next thing."""
        finding = self.world.get(f)
        match Stage(finding.stage):
            case Stage.REGISTERED:
                self.plan(0, "approve", "")
            case Stage.IN_REVIEW:
                page = loop_of(self.world.office, finding)
                step = page.waits_at
                assert step is not None
                for unit in step.cosigns:
                    head = nth(current_posts().filter(unit=unit, role="department_head"), who)
                    if head is not None:
                        self.decides("cosign", finding, head.user, step.level.code)
                person = nth(step.people, who)
                if person is not None:
                    self.decides("pass_level", finding, User.objects.get(pk=person.pk), step.level.code)
            case Stage.CLOSED:
                if who % 3 == 0:
                    self.revokes(f, 8 + who % 2, 1, 30)
            case _:
                doer = User.objects.get(pk=finding.owner_id or self.world.owner.pk)
                for measure in finding.measures.filter(withdrawn_at=None):
                    self.tries("complete_measure", lambda m=measure: actions.complete_measure(m, actor=doer))
                    self.hands_in(doer, finding, [measure], who, 400)
                self.submits(doer, finding, outcome, 400)

    @initialize(f=FINDING, times=st.integers(0, 9), who=PICK)
    def begins(self, f: int, times: int, who: int) -> None:
        """Begin somewhere on the way."""
        self.goes_far(f, times, who)

    @rule(f=FINDING, times=st.integers(3, 8), who=PICK)
    def goes_far(self, f: int, times: int, who: int) -> None:
        """Let several next things happen in a row."""
        for _time in range(times):
            self.goes_on(f, who, "completed")

    # -- everything else, by anybody

    @rule(who=WHO, act=st.sampled_from(["open", "submit", "approve", "return", "file"]), note=st.just(""))
    def plan(self, who: int, act: str, note: str) -> None:
        """Try something with the plan of the round."""
        actor, round_ = self.world.who(who), self.world.main_round
        plan = round_.plans.order_by("-version").first()
        assert plan is not None
        match act:
            case "open":
                self.tries("open_plan", lambda: actions.open_plan(round_, actor=actor, note=note))
            case "submit":
                self.tries("submit_plan", lambda: actions.submit_plan(plan, actor=actor))
            case "approve":
                if plan.state == "approved":  # the whole way at once, by those who may
                    self.tries("open_plan", lambda: actions.open_plan(round_, actor=self.world.office))
                    plan = round_.plans.order_by("-version").first()
                    self.tries("submit_plan", lambda: actions.submit_plan(plan, actor=self.world.office))
                self.tries("approve_plan", lambda: actions.approve_plan(plan, actor=actor))
            case "return":
                self.tries("return_plan", lambda: actions.return_plan(plan, actor=actor, opinion="请细化"))
            case "file":
                self.tries("file_plan", lambda: actions.file_plan(plan, actor=actor, filed_on=timezone.localdate()))

    @rule(who=WHO, f=FINDING, m=PICK, act=st.sampled_from(["progress", "undo", "done", "undone"]), days=DAYS)
    def works(self, who: int, f: int, m: int, act: str, days: int) -> None:
        """Try to do some work."""
        actor, finding = self.world.who(who), self.world.get(f)
        measure = nth(Measure.objects.filter(finding=finding), m)
        day = timezone.localdate() + timedelta(days=days)
        match act:
            case "progress":
                self.tries(
                    "write_progress",
                    lambda: actions.write_progress(finding, actor=actor, text="已核对", done_on=day, measure=measure),
                )
            case "undo":
                entry = nth(WorkEntry.objects.filter(finding=finding), m)
                if entry:
                    self.tries("withdraw_progress", lambda: actions.withdraw_progress(entry, actor=actor))
            case "done":
                self.tries("complete_measure", lambda: actions.complete_measure(measure, actor=actor, done_on=day))
            case "undone":
                self.tries("reopen_measure", lambda: actions.reopen_measure(measure, actor=actor, why="有误"))

    def hands_in(self, actor: User, finding: Finding, measures: list[Measure], content: int, days: int) -> None:
        """Try to hand in a file."""
        source = io.BytesIO(f"资产清查表 {content}".encode())
        expires = timezone.localdate() + timedelta(days=days)
        self.tries(
            "add_evidence",
            lambda: actions.add_evidence(
                finding, actor=actor, source=source, file_name="清查表.txt", measures=measures, expires_on=expires
            ),
        )

    @rule(
        who=WHO,
        f=FINDING,
        e=PICK,
        act=st.sampled_from(["add", "replace", "link", "unlink", "withdraw"]),
        days=DAYS,
    )
    def proves(self, who: int, f: int, e: int, act: str, days: int) -> None:
        """Try something with evidence."""
        actor, finding = self.world.who(who), self.world.get(f)
        if act == "add":
            self.hands_in(actor, finding, list(Measure.objects.filter(finding=finding)[: e % 3]), e, days)
            return
        evidence = nth(Evidence.objects.order_by("pk"), e)
        link = nth(EvidenceLink.objects.order_by("pk"), e)
        if evidence is None or link is None:
            return
        match act:
            case "replace":
                source = io.BytesIO(f"新表 {days}".encode())
                self.tries(
                    "replace_evidence",
                    lambda: actions.replace_evidence(evidence, actor=actor, source=source, file_name="新.txt"),
                )
            case "link":
                self.tries("link_evidence", lambda: actions.link_evidence(evidence, finding, actor=actor))
            case "unlink":
                self.tries("unlink_evidence", lambda: actions.unlink_evidence(link, actor=actor))
            case "withdraw":
                self.tries("withdraw_evidence", lambda: actions.withdraw_evidence(evidence, actor=actor, why="有误"))

    @rule(
        who=WHO,
        f=FINDING,
        c=PICK,
        act=st.sampled_from(["add", "withdraw", "meet", "confirm", "unconfirm"]),
        kind=st.sampled_from(Criterion.Kind.values),
    )
    def judges(self, who: int, f: int, c: int, act: str, kind: str) -> None:
        """Try something with a criterion."""
        actor, finding = self.world.who(who), self.world.get(f)
        if act == "add":
            self.tries("add_criterion", lambda: actions.add_criterion(finding, actor=actor, text="达标", kind=kind))
            return
        criterion = nth(Criterion.objects.filter(finding=finding), c)
        evidence = nth(Evidence.objects.order_by("pk"), c)
        if criterion is None or (act == "meet" and evidence is None):
            return
        match act:
            case "withdraw":
                self.tries(
                    "withdraw_criterion", lambda: actions.withdraw_criterion(criterion, actor=actor, why="不适用")
                )
            case "meet":
                self.tries("meet_criterion", lambda: actions.meet_criterion(criterion, evidence, actor=actor))
            case _:
                self.tries(
                    "confirm_criterion",
                    lambda: actions.confirm_criterion(criterion, actor=actor, met=act == "confirm"),
                )

    def submits(self, actor: User, finding: Finding, outcome: str, days: int) -> None:
        """Try to hand in."""
        day = timezone.localdate() + timedelta(days=days)
        self.tries(
            "submit",
            lambda: actions.submit(
                finding, actor=actor, outcome=outcome, statement="已整改", milestone="系统上线", milestone_on=day
            ),
        )

    @rule(who=WHO, f=FINDING, outcome=st.sampled_from(["completed", "phased", "long_term"]), days=DAYS)
    def anyone_submits(self, who: int, f: int, outcome: str, days: int) -> None:
        """Let anybody try to hand in."""
        self.submits(self.world.who(who), self.world.get(f), outcome, days)

    def decides(self, act: str, finding: Finding, actor: User, level: str, to: str = "") -> None:
        """Try a decision; the page must have said whether it is open to the actor."""
        here = Finding.objects.select_related("item").get(pk=finding.pk)
        page = loop_of(actor, here)
        item = page.item
        open_here = here.stage == Stage.IN_REVIEW and item is not None and item.level == level
        confirm = list(Criterion.objects.filter(finding=finding, kind="confirmation").values_list("pk", flat=True))
        match act:
            case "pass_level":
                error = self.tries(
                    act,
                    lambda: actions.pass_level(
                        finding, actor=actor, level=level, text="同意", minutes_no="1号", confirm=confirm
                    ),
                )
            case "cosign":
                error = self.tries(act, lambda: actions.cosign(finding, actor=actor, level=level))
            case _:
                error = self.tries(
                    act, lambda: actions.return_work(finding, actor=actor, level=level, text="补充", to=to)
                )
        if open_here:
            may = page.may.cosign if act == "cosign" else page.may.decide
            barred = error is not None and type(error).__name__ in NOT_ONES_OWN
            late_owner = isinstance(error, UserError) and may and type(error).__name__ == "OwnWork"
            wrong_step = bool(to) and type(error).__name__ == "MoveNotAllowed"
            assert may != barred or late_owner or wrong_step, (act, actor.name, level, str(error))

    @rule(
        who=WHO,
        f=FINDING,
        act=st.sampled_from(["pass_level", "cosign", "return_work", "return_work"]),
        level=st.integers(0, 5),
        to=st.sampled_from(["", "", "department", "leader", "office"]),
    )
    def anyone_decides(self, who: int, f: int, act: str, level: int, to: str) -> None:
        """Let anybody try a decision, mostly at the level it waits at."""
        finding = self.world.get(f)
        levels = rules_by_round([finding.round_id])[finding.round_id].policy.levels
        item = getattr(finding, "item", None)
        code = item.level if item is not None and item.level and level else levels[level % len(levels)].code
        self.decides(act, finding, self.world.who(who), code, to)

    @rule(f=FINDING, who=PICK, to=st.sampled_from(["", "department", "leader", "office"]))
    def right_person_returns(self, f: int, who: int, to: str) -> None:
        """Let one of those who may decide send it back."""
        finding = self.world.get(f)
        step = loop_of(self.world.office, finding).waits_at
        person = nth(step.people, who) if step is not None else None
        if step is not None and person is not None:
            self.decides("return_work", finding, User.objects.get(pk=person.pk), step.level.code, to)

    @rule(who=WHO, f=FINDING, own=st.booleans())
    def takes_back(self, who: int, f: int, own: bool) -> None:
        """Try to take a submission back, one's own or another's."""
        finding, actor = self.world.get(f), self.world.who(who)
        submission = finding.submissions.filter(state="open").first()
        if submission is None and who % 4:
            return
        if submission is not None and own:
            actor = User.objects.get(pk=submission.by_id)
        self.tries("withdraw_submission", lambda: actions.withdraw_submission(finding, actor=actor))

    @rule(f=FINDING, who=WHO, c=PICK, days=DAYS)
    def revokes(self, f: int, who: int, c: int, days: int) -> None:
        """Try to revoke a close-out, to file it, or to put a finding back to work."""
        finding, actor = self.world.get(f), self.world.who(who)
        due = None if days < 0 else timezone.localdate() + timedelta(days=days)
        close_out = nth(CloseOut.objects.filter(finding=finding).order_by("-pk"), c // 4)
        if close_out is None and finding.stage not in (Stage.PHASED, Stage.LONG_TERM) and who % 4:
            return
        if close_out is None or c == 0:
            self.tries("reopen", lambda: actions.reopen(finding, actor=actor, why="反弹", due_on=due))
        elif c % 2:
            self.tries(
                "revoke_close_out",
                lambda: actions.revoke_close_out(close_out, actor=actor, motive="反弹", due_on=due),
            )
        else:
            today = timezone.localdate()
            self.tries("file_close_out", lambda: actions.file_close_out(close_out, actor=actor, filed_on=today))

    @rule(who=WHO, f=FINDING, e=PICK, act=st.sampled_from(["ask", "grant", "refuse", "back"]), days=DAYS)
    def extends(self, who: int, f: int, e: int, act: str, days: int) -> None:
        """Try something with an extension."""
        actor, finding = self.world.who(who), self.world.get(f)
        if act == "ask":
            day = (finding.due_on or timezone.localdate()) + timedelta(days=days)
            self.tries(
                "ask_extension",
                lambda: actions.ask_extension(finding, actor=actor, to_due_on=day, reason="系统未到"),
            )
            return
        request = nth(Extension.objects.order_by("pk"), e)
        if request is None:
            return
        if act == "back":
            self.tries("withdraw_extension", lambda: actions.withdraw_extension(request, actor=actor))
        else:
            self.tries(
                "decide_extension",
                lambda: actions.decide_extension(request, actor=actor, grant=act == "grant", opinion="酌情"),
            )

    # -- what happens around the loop

    @rule(
        who=WHO,
        f=FINDING,
        p=WHO,
        name=st.sampled_from(["owner", "leader", "department", "assist", "title", "status", "due"]),
    )
    def edits(self, who: int, f: int, p: int, name: str) -> None:
        """Try to change the record by hand, by one finding or in bulk."""
        actor, finding, person = self.world.who(who), self.world.get(f), self.world.who(p)
        departments = [self.world.department, self.world.assisting, self.world.court_department]
        value: Any = {
            "owner": person.pk if p % 5 else None,
            "leader": person.pk if p % 5 else None,
            "department": departments[p % 3].pk,
            "assist": [unit.pk for unit in departments[: p % 4]],
            "title": f"问题{p}",
            "status": "completed",
            "due": date(2031, 1, 1 + p),
        }[name]
        if p % 2 and name != "title":
            self.tries("assign_findings", lambda: findings.assign_findings([finding.pk], {name: value}, actor=actor))
        else:
            self.tries(
                "update_finding",
                lambda: findings.update_finding(finding, {name: value}, actor=actor, version=finding.version),
            )

    @rule(who=WHO, f=FINDING, m=PICK, act=st.sampled_from(["add", "owner", "assist", "off", "on", "finding"]))
    def edits_measures(self, who: int, f: int, m: int, act: str) -> None:
        """Try to change measures, or to take a finding off the ledger."""
        actor, finding = self.world.who(who if who % 2 else 3), self.world.get(f)
        version = finding.version
        measure = nth(Measure.objects.filter(finding=finding), m)
        values: dict[str, Any] = (
            {"owner": self.world.who(m).pk} if act == "owner" else {"assist": [self.world.assisting]}
        )
        match act:
            case "add":
                self.tries(
                    "add_measure",
                    lambda: findings.add_measure(finding, {"text": "再清查"}, actor=actor, version=version),
                )
            case "off":
                self.tries("withdraw_measure", lambda: findings.withdraw_measure(measure, actor=actor, version=version))
            case "on":
                self.tries("restore_measure", lambda: findings.restore_measure(measure, actor=actor, version=version))
            case "finding":
                keys = [finding.pk]
                self.tries("withdraw_findings", lambda: findings.withdraw_findings(keys, actor=actor, reason="重复"))
            case _:
                self.tries(
                    "update_measure",
                    lambda: findings.update_measure(measure, values, actor=actor, version=version),
                )

    @rule(who=WHO, e=PICK, act=st.sampled_from(["import", "rules", "expiry", "expiry", "short rules"]))
    def around(self, who: int, e: int, act: str) -> None:
        """Let something happen that no act of the loop is."""
        match act:
            case "import":
                self.imports()
            case "expiry":
                self.runs_out(e)
            case _:
                self.rules_change(who, act == "short rules")

    def imports(self) -> None:
        """Confirm an imported notice that speaks of a finding and of another one."""
        finding = self.world.get(0)
        text = (
            "中共示例市人民检察院党组关于巡察整改进展情况的通报\n一、资产方面\n"
            f"(一)关于“{finding.title}”的问题\n1.开展资产清查,补登资产42件。已完成整改。\n"
            "(二)关于“公务用车管理不严”的问题\n1.修订公务用车管理办法。\n"
        )
        document = make_import(text, unit=self.world.unit, user=self.world.office, round_=self.world.main_round)
        self.last_entry, self.rows = Entry.objects.count(), None
        self.tries(
            "confirm_import",
            lambda: intake.confirm_import(document, actor=self.world.office, version=document.draft_version),
        )

    @rule(p=WHO, d=WHO, act=st.sampled_from(["appoint", "appoint", "end", "expire", "post_off", "post_on"]))
    def people_change(self, p: int, d: int, act: str) -> None:
        """Let somebody stand in for another, come back, leave a post or take it up again."""
        principal, deputy = self.world.who(p), self.world.who(d)
        today = timezone.localdate()
        row = nth(Deputy.objects.filter(ended_at=None), p)
        match act:
            case "appoint":
                self.tries(
                    "appoint_deputy",
                    lambda: appoint_deputy(
                        principal, deputy, actor=OPERATOR, started_on=today, ended_on=today + timedelta(days=9)
                    ),
                )
            case "end" if row is not None:
                self.tries("end_deputy", lambda: end_deputy(row, actor=OPERATOR))
            case "expire" if row is not None:
                Deputy.objects.filter(pk=row.pk).update(started_on=today - timedelta(9), ended_on=today - timedelta(1))
                self.rows = None
            case "post_off":
                post = Post.objects.filter(user=principal, ended_on=None).exclude(role="rectification_office").first()
                if post is not None and d % 3 == 0:
                    self.tries("end_post", lambda: end_post(post, actor=OPERATOR))
            case "post_on":
                gone = Post.objects.filter(user=principal, ended_on__isnull=False).first()
                if gone is not None:
                    self.tries(
                        "grant_post",
                        lambda: grant_post(principal, actor=OPERATOR, unit=gone.unit, role=gone.role),
                    )

    def runs_out(self, e: int) -> None:
        """Let a piece of evidence run out."""
        evidence = nth(Evidence.objects.order_by("pk"), e)
        if evidence is not None:
            Evidence.objects.filter(pk=evidence.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
            self.rows = None

    def rules_change(self, who: int, short: bool) -> None:
        """Try to let the round run by other rules."""
        round_, actor = self.world.main_round, self.world.who(who if who % 2 else 3)
        profile = None
        if short:
            profile = PolicyProfile.objects.first() or save_policy(self.world.unit, SHORT_RULES, actor=OPERATOR)
            self.last_entry, self.rows = Entry.objects.count(), None
        before = Course.objects.get(round=round_).profile_id
        error = self.tries("set_course", lambda: actions.set_course(round_, actor=actor, profile=profile))
        if error is None and Course.objects.get(round=round_).profile_id != before:
            self.rules_changed |= {
                each.pk for finding in Finding.objects.all() for each in finding.submissions.filter(state="open")
            }

    @rule(one=WHO, other=WHO)
    def everybody_looks(self, one: int, other: int) -> None:
        """Compare what pages, workbench, SQL and Python say to everybody."""
        people = [User.objects.get(pk=each.pk) for each in self.world.people]
        shown = frozenset({self.world.who(one).pk, self.world.who(other).pk})
        check_everybody(people, shown)


@pytest.mark.django_db
def test_whatever_people_try_the_loop_keeps_its_promises() -> None:
    Loop.world = World()
    long = settings.get_current_profile_name() == "long"
    COUNTS.clear()
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "2000")) if long else 10,
            stateful_step_count=30 if long else 15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if long:
        print("\n" + "\n".join(f"{name} {count}" for name, count in sorted(COUNTS.items())))
    assert COUNTS["pass_level"] and COUNTS["submit"] and sum(COUNTS.values()) > 100
