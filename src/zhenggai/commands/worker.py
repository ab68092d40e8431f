"""``zhenggai worker``: run the background tasks (reading uploads, sending messages) and the day's work until stopped."""

from __future__ import annotations

import argparse

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from zhenggai.commands import migrate
from zhenggai.commands.clock import Clock
from zhenggai.notifications.delivering import forget_old
from zhenggai.people.models import SignedInSession
from zhenggai.people.policy import POLICY


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--only", action="store_true", help="本进程是唯一的任务进程：接手上次中断的任务")


def run(arguments: argparse.Namespace) -> int:
    """Take tasks one by one; a signal lets the present one end first."""
    migrate.require_current()
    if arguments.only:
        resumed = resume_interrupted()
        if resumed:
            print(f"接手 {resumed} 个上次中断的任务。", flush=True)
    tidy()
    Clock().start()
    call_command("db_worker", interval=0.5, startup_delay=False, reload=False, verbosity=0)
    return 0


def tidy() -> None:
    """Drop the records of tasks that ended a month ago, of old deliveries, and of sessions that ended by themselves."""
    forget_old()
    call_command("prune_db_task_results", min_age_days=30, failed_min_age_days=90, verbosity=0)
    call_command("clearsessions", verbosity=0)
    SignedInSession.objects.filter(started_at__lt=timezone.now() - POLICY.longest).delete()


def resume_interrupted() -> int:
    """Queue again the tasks that a process was running when it was killed; return how many."""
    interrupted = DBTaskResult.objects.filter(status="RUNNING")
    return interrupted.update(status="READY", started_at=None)
