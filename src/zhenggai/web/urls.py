"""The addresses of the staff pages."""

from __future__ import annotations

from zhenggai.web.answer_routes import ANSWERS
from zhenggai.web.ledger_routes import LEDGERS
from zhenggai.web.navigation import MATRIX_READERS
from zhenggai.web.notice_routes import NOTICES
from zhenggai.web.register_routes import REGISTERS
from zhenggai.web.report_routes import REPORTS
from zhenggai.web.routes import Route, build_urlpatterns
from zhenggai.web.views import (
    account,
    check,
    checks,
    close_out,
    deadlines,
    deputies,
    desk,
    evaluations,
    evidence,
    finding,
    handover,
    intake,
    layout,
    ledger,
    letters,
    notifications,
    overview,
    people,
    pictures,
    plan,
    policy,
    review,
    trail,
    units,
    visits,
    work,
    work_calendar,
    workbook,
)
from zhenggai.web.watch_routes import WATCH

ACCOUNT = (
    Route("", desk.home, "home"),
    Route("sign-in/", account.sign_in, "sign-in", methods="GET POST", open=True),
    Route("sign-out/", account.sign_out, "sign-out", methods="POST", open=True),
    Route("password/", account.password, "password", methods="GET POST"),
    Route("me/", account.me, "me"),
    Route("me/sessions/<int:id>/end/", account.end_session, "session-end", methods="POST"),
    Route("me/preferences/", account.preferences, "preferences", methods="POST"),
    Route("language/", account.set_language, "language", methods="POST", open=True),
    Route("health/", account.health, "health", open=True),
)

NOTIFICATIONS = (
    Route("notifications/", notifications.notifications, "notifications"),
    Route("notifications/read/", notifications.mark_read, "notifications-read", methods="POST"),
    Route("me/notifications/", notifications.choices, "notification-choices", methods="GET POST"),
    Route("me/email/", notifications.set_email, "email-set", methods="POST"),
    Route("me/email/test/", notifications.try_mail, "email-try", methods="POST"),
    Route("me/robots/", notifications.add_robot, "robot-add", methods="POST"),
    Route("me/robots/<int:id>/remove/", notifications.remove_robot, "robot-remove", methods="POST"),
    Route("me/robots/<int:id>/test/", notifications.try_robot, "robot-try", methods="POST"),
)

DEPUTIES = (
    Route("deputies/of/<int:id>/", deputies.appoint, "deputy-appoint", methods="POST"),
    Route("deputies/<int:id>/end/", deputies.end, "deputy-end", methods="POST"),
    Route("system/people/<int:id>/hand-over/", handover.handover, "handover", "workflow.hand_over", "GET POST"),
)

TOOLS = (Route("tools/layout/", layout.layout, "layout", methods="GET POST"),)

FINDINGS = (
    Route("overview/", overview.overview, "overview", "findings.view"),
    Route("search/", finding.search, "search", "findings.view"),
    Route("findings/", ledger.ledger, "findings", "findings.view"),
    Route("findings/bulk/", ledger.bulk, "bulk", ("findings.assign", "findings.edit"), "POST"),
    Route("findings/withdraw/", ledger.withdraw, "withdraw", "findings.edit", "POST"),
    Route("findings/columns/", ledger.choose_columns, "columns", "findings.view", "POST"),
    Route("findings/views/", ledger.save_view, "view-save", "findings.view", "POST"),
    Route("findings/views/<int:id>/delete/", ledger.delete_view, "view-delete", "findings.view", "POST"),
    Route("findings/export/", workbook.export, "export", "findings.export"),
    Route("findings/workbook/", workbook.workbook, "workbook", "findings.edit", "GET POST"),
    Route("findings/workbook/done/", workbook.done, "workbook-done", "findings.edit"),
    Route("findings/workbook/apply/", workbook.apply, "workbook-apply", "findings.edit", "POST"),
    Route("findings/<int:id>/", finding.finding, "finding", "findings.view"),
    Route("findings/<int:id>/edit/", finding.edit, "finding-edit", ("findings.edit", "findings.assign"), "GET POST"),
    Route("findings/<int:id>/measures/new/", finding.measure, "measure-add", "findings.edit", "GET POST"),
    Route("findings/<int:id>/measures/<int:measure_id>/", finding.measure, "measure", "findings.edit", "GET POST"),
    Route(
        "findings/<int:id>/measures/<int:measure_id>/withdraw/",
        finding.withdraw_measure,
        "measure-withdraw",
        "findings.edit",
        "POST",
    ),
    Route("findings/<int:id>/attachments/", finding.attach, "attach", "findings.attach", "POST"),
    Route("attachments/<int:id>/", finding.attachment, "attachment", "findings.view"),
    Route(
        "attachments/<int:id>/withdraw/", finding.withdraw_attachment, "attachment-withdraw", "findings.attach", "POST"
    ),
    Route("sources/<int:id>/file/", finding.source_file, "source-file", "findings.view"),
)

_WORK, _REVIEW, _REOPEN, _PLAN = "workflow.work", "workflow.review", "workflow.reopen", "workflow.plan"

LOOP = (
    Route("findings/<int:id>/progress/", work.write_progress, "progress", _WORK, "POST"),
    Route(
        "findings/<int:id>/progress/<int:entry_id>/withdraw/",
        work.withdraw_progress,
        "progress-withdraw",
        _WORK,
        "POST",
    ),
    Route(
        "findings/<int:id>/measures/<int:measure_id>/complete/",
        work.complete_measure,
        "measure-complete",
        _WORK,
        "POST",
    ),
    Route("findings/<int:id>/measures/<int:measure_id>/reopen/", work.reopen_measure, "measure-reopen", _WORK, "POST"),
    Route("findings/<int:id>/evidence/", evidence.add, "evidence-add", _WORK, "POST"),
    Route("findings/<int:id>/evidence/choose/", evidence.choose, "evidence-choose", _WORK),
    Route("findings/<int:id>/evidence/link/", evidence.link, "evidence-link", _WORK, "POST"),
    Route("evidence-links/<int:id>/unlink/", evidence.unlink, "evidence-unlink", _WORK, "POST"),
    Route("evidence/<int:id>/", evidence.evidence, "evidence", "findings.view"),
    Route("evidence/<int:id>/replace/", evidence.replace, "evidence-replace", _WORK, "POST"),
    Route("evidence/<int:id>/withdraw/", evidence.withdraw, "evidence-withdraw", _WORK, "POST"),
    Route("evidence/versions/<int:id>/file/", evidence.version_file, "evidence-file", "findings.view"),
    Route("evidence/versions/<int:id>/pages/<int:no>/", evidence.version_page, "evidence-page", "findings.view"),
    Route("findings/<int:id>/submit/", review.submit, "submit", _WORK, "POST"),
    Route("findings/<int:id>/withdraw-submission/", review.withdraw, "submission-withdraw", _WORK, "POST"),
    Route("findings/<int:id>/review/", review.review, "finding-review", "findings.view"),
    Route("findings/<int:id>/pass/", review.pass_level, "pass", _REVIEW, "POST"),
    Route("findings/<int:id>/return/", review.return_work, "return", _REVIEW, "POST"),
    Route("findings/<int:id>/cosign/", review.cosign, "cosign", _REVIEW, "POST"),
    Route("findings/<int:id>/extensions/", work.ask_extension, "extension-ask", _WORK, "POST"),
    Route("extensions/<int:id>/withdraw/", work.withdraw_extension, "extension-withdraw", _WORK, "POST"),
    Route("extensions/<int:id>/decide/", work.decide_extension, "extension-decide", "workflow.extend", "POST"),
    Route("findings/<int:id>/criteria/", close_out.add_criterion, "criterion-add", _PLAN, "POST"),
    Route("criteria/<int:id>/withdraw/", close_out.withdraw_criterion, "criterion-withdraw", _PLAN, "POST"),
    Route("criteria/<int:id>/meet/", close_out.meet_criterion, "criterion-meet", _WORK, "POST"),
    Route("findings/<int:id>/reopen/", close_out.reopen, "reopen", _REOPEN, "POST"),
    Route("close-outs/<int:id>/", close_out.close_out, "close-out", "findings.view"),
    Route("close-outs/<int:id>/revoke/", close_out.revoke, "close-out-revoke", _REOPEN, "POST"),
    Route("close-outs/<int:id>/file/", close_out.file, "close-out-file", _PLAN, "POST"),
)

INTAKE = (
    Route("intake/", intake.intake, "intake", "intake.import", "GET POST"),
    Route("intake/<int:id>/", check.check, "check", "intake.import"),
    Route("intake/<int:id>/progress/", intake.progress, "import-progress", "intake.import"),
    Route("intake/<int:id>/findings/<slug:key>/", check.finding, "import-finding", "intake.import"),
    Route("intake/<int:id>/matches/", check.matches, "import-matches", "intake.import"),
    Route("intake/<int:id>/edit/", check.edit, "import-edit", "intake.import", "POST"),
    Route("intake/<int:id>/round/", check.choose_round, "import-round", "intake.import", "POST"),
    Route("intake/<int:id>/confirm/", check.confirm, "import-confirm", "intake.import", "POST"),
    Route("intake/<int:id>/retry/", intake.retry, "import-retry", "intake.import", "POST"),
    Route("intake/<int:id>/discard/", intake.discard, "import-discard", "intake.import", "POST"),
    Route("intake/<int:id>/file/", intake.original, "import-file", "intake.import"),
)

SYSTEM = (
    Route("system/units/", units.units, "units", "people.view"),
    Route("system/units/add/", units.add_unit, "unit-add", "people.manage", "POST"),
    Route("system/units/<int:id>/", units.unit, "unit", "people.view"),
    Route("system/units/<int:id>/rename/", units.rename_unit, "unit-rename", "people.manage", "POST"),
    Route("system/units/<int:id>/move/", units.move_unit, "unit-move", "people.manage", "POST"),
    Route("system/units/<int:id>/close/", units.close_unit, "unit-close", "people.manage", "POST"),
    Route("system/people/", people.people, "people", "people.view"),
    Route("system/people/add/", people.add_person, "person-add", "people.manage", "POST"),
    Route("system/people/<int:id>/", people.person, "person", "people.view"),
    Route("system/people/<int:id>/reset/", people.reset_password, "person-reset", "people.manage", "POST"),
    Route("system/people/<int:id>/deactivate/", people.deactivate, "person-deactivate", "people.manage", "POST"),
    Route("system/people/<int:id>/reactivate/", people.reactivate, "person-reactivate", "people.manage", "POST"),
    Route("system/people/<int:id>/unlock/", people.unlock, "person-unlock", "people.assign_posts", "POST"),
    Route("system/people/<int:id>/posts/", people.grant_post, "post-grant", "people.assign_posts", "POST"),
    Route("system/posts/<int:id>/end/", people.end_post, "post-end", "people.assign_posts", "POST"),
    Route("system/posts/<int:id>/charges/", people.set_charges, "post-charges", "people.assign_posts", "POST"),
    Route("system/permissions/", people.matrix, "matrix", MATRIX_READERS),
    Route("system/trail/", trail.trail, "trail", "audit.read"),
    Route("system/trail/verify/", trail.verify, "trail-verify", "audit.read", "POST"),
    Route("system/trail/export/", trail.export, "trail-export", "audit.read"),
)

PLAN = (
    Route("plan/", plan.plan, "plan", "findings.view"),
    Route("plan/open/", plan.open_version, "plan-open", "workflow.plan", "POST"),
    Route("plan/measures/", plan.bulk_measures, "plan-measures", "findings.edit", "POST"),
    Route("plan/natures/", plan.suggest_natures, "plan-natures", "findings.edit", "POST"),
    Route("plan/export/", plan.export, "plan-export", "findings.export"),
    Route("plan/versions/<int:id>/", plan.version, "plan-version", "findings.view"),
    Route("plan/versions/<int:id>/submit/", plan.submit, "plan-submit", "workflow.plan", "POST"),
    Route("plan/versions/<int:id>/decide/", plan.decide, "plan-decide", "workflow.approve_plan", "POST"),
    Route("plan/versions/<int:id>/file/", plan.file, "plan-file", "workflow.plan", "POST"),
)

POLICY = (
    Route("policy/", policy.rules, "policy", "policy.manage"),
    Route("policy/save/", policy.save, "policy-save", "policy.manage", "POST"),
    Route("policy/versions/<int:id>/", policy.version, "policy-version", "policy.manage"),
    Route("policy/course/", policy.course, "policy-course", "policy.manage", "POST"),
    Route("policy/calendar/", work_calendar.calendar, "calendar", "policy.manage"),
    Route("policy/calendar/day/", work_calendar.set_day, "calendar-day", "policy.manage", "POST"),
    Route("policy/calendar/seed/", work_calendar.seed, "calendar-seed", "policy.manage", "POST"),
    Route("policy/calendar/decree/", work_calendar.decree, "calendar-decree", "policy.manage", "POST"),
    Route("policy/calendar/changes/<int:id>/undo/", work_calendar.undo, "calendar-undo", "policy.manage", "POST"),
)

DEADLINES = (
    Route("deadlines/", deadlines.deadlines, "deadlines"),
    Route("deadlines/list/", deadlines.table, "deadline-list"),
)

# Who receives letters or was left a task sees those, and nothing else, without overseeing anything.
_OVERSEES = "oversight.view"
_ANSWERS = ("oversight.view", "workflow.work", "workflow.review")
_RECORDS = ("oversight.manage", "oversight.inspect")

OVERSIGHT = (
    Route("letters/", letters.register, "letters", _ANSWERS),
    Route("letters/new/", letters.new, "letter-new", "oversight.manage", "GET POST"),
    Route("letters/due/", letters.draft_due, "letters-due", "oversight.manage", "POST"),
    Route("letters/export/", letters.export, "letters-export", _ANSWERS),
    Route("letters/<int:id>/", letters.letter, "letter"),
    Route("letters/<int:id>/edit/", letters.edit, "letter-edit", ("oversight.manage", "watch.handle"), "GET POST"),
    Route("letters/<int:id>/docx/", letters.docx, "letter-docx"),
    Route("letters/<int:id>/pdf/", letters.pdf, "letter-pdf"),
    Route("letters/<int:id>/act/<slug:move>/", letters.act, "letter-act", methods="POST"),
    Route("letters/<int:id>/to/<int:recipient_id>/<slug:move>/", letters.recipient, "letter-recipient", methods="POST"),
    Route("visits/", visits.visits, "visits", _ANSWERS),
    Route("visits/new/", visits.record, "visit-new", _RECORDS, "GET POST"),
    Route("visits/<int:id>/", visits.visit, "visit", _OVERSEES),
    Route("visits/<int:id>/edit/", visits.record, "visit-edit", _RECORDS, "GET POST"),
    Route("visits/tasks/<int:id>/done/", visits.finish_task, "visit-task", methods="POST"),
    Route("look-backs/", checks.look_backs, "look-backs", _OVERSEES),
    Route("look-backs/plan/", checks.plan_due, "look-backs-plan", "oversight.inspect", "POST"),
    Route("findings/<int:id>/look-back/", checks.plan_one, "look-back-plan", "oversight.inspect", "POST"),
    Route("checks/<int:id>/", checks.check, "check-sheet", _OVERSEES, "GET POST"),
    Route("checks/<int:id>/evidence/<int:version_id>/", checks.evidence, "check-evidence", _OVERSEES),
    Route("checks/<int:id>/<slug:move>/", checks.act, "check-act", _OVERSEES, "POST"),
    Route("spot-checks/", checks.spot_checks, "spot-checks", _OVERSEES),
    Route("draws/new/", checks.new_draw, "draw-new", "oversight.inspect", "GET POST"),
    Route("draws/<int:id>/", checks.draw, "draw", _OVERSEES),
    Route("draws/<int:id>/population/", checks.population, "draw-population", _OVERSEES),
    Route("evaluations/", evaluations.evaluations, "evaluations", _OVERSEES),
    Route("evaluations/open/", evaluations.open_one, "evaluation-open", "oversight.evaluate", "POST"),
    Route("evaluations/<int:id>/", evaluations.evaluation, "evaluation", _OVERSEES, "GET POST"),
    Route("evaluations/<int:id>/<slug:move>/", evaluations.act, "evaluation-act", _OVERSEES, "POST"),
    Route("surveys/new/", evaluations.new_survey, "survey-new", "oversight.evaluate", "GET POST"),
    Route("surveys/<int:id>/", evaluations.survey, "survey", _OVERSEES, "GET POST"),
)

DESK = (
    Route("desk/beside/", desk.beside, "beside", "findings.view"),
    Route("desk/waiting/", desk.waiting, "waiting", "findings.view"),
    Route("desk/alerts/", desk.alerts, "alerts", "oversight.view"),
    Route("quality/", desk.quality, "quality", "oversight.view"),
    Route("quality/export/", desk.export_quality, "quality-export", "oversight.view"),
    Route("findings/board/", pictures.board, "board", "findings.view"),
    Route("findings/timeline/", pictures.timeline, "timeline", "findings.view"),
    Route("findings/month/", pictures.month, "month", "findings.view"),
    Route("overview/matrix/", pictures.matrix, "standings", "findings.view"),
    Route("overview/burn-down/", pictures.burn_down, "burn-down", "findings.view"),
    Route("overview/one-page/", pictures.one_page, "one-page", "findings.view"),
)

ROUTES = (
    ACCOUNT
    + DESK
    + NOTIFICATIONS
    + DEPUTIES
    + FINDINGS
    + LOOP
    + PLAN
    + REGISTERS
    + LEDGERS
    + POLICY
    + DEADLINES
    + TOOLS
    + REPORTS
    + ANSWERS
    + INTAKE
    + SYSTEM
    + OVERSIGHT
    + WATCH
    + NOTICES
)

urlpatterns = build_urlpatterns(ROUTES)
