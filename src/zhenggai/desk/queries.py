"""What pages and commands may ask of this room."""

from zhenggai.desk.area import LIGHT_LABELS, Area, Light, area_of, lights_of
from zhenggai.desk.beside import Beside, HandedIn, beside_of, waiting_of
from zhenggai.desk.board import FLOW, Board, board_of
from zhenggai.desk.burndown import BurnDown, burn_down
from zhenggai.desk.matrix import SIDES, Matrix, matrix_of
from zhenggai.desk.month import KINDS, Month, month_of
from zhenggai.desk.one_page import OnePage, one_page
from zhenggai.desk.quality.base import Check, Severity
from zhenggai.desk.quality.run import CHECKS, Report, build_workbook, examine
from zhenggai.desk.timeline import Timeline, timeline_of
from zhenggai.desk.workbench import SECTIONS, Workbench, workbench

__all__ = [
    "CHECKS",
    "FLOW",
    "KINDS",
    "LIGHT_LABELS",
    "SECTIONS",
    "SIDES",
    "Area",
    "Beside",
    "Board",
    "BurnDown",
    "Check",
    "HandedIn",
    "Light",
    "Matrix",
    "Month",
    "OnePage",
    "Report",
    "Severity",
    "Timeline",
    "Workbench",
    "area_of",
    "beside_of",
    "board_of",
    "build_workbook",
    "burn_down",
    "examine",
    "lights_of",
    "matrix_of",
    "month_of",
    "one_page",
    "timeline_of",
    "waiting_of",
    "workbench",
]
