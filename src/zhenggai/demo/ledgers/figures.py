"""What the public notice of the demo states in figures, and the indicator that each of them comes out of.

The notice is the invented city's; its figures are those a real one might state.  Some of them are wrong in the
notice itself, and say so here: an indicator that is right must then differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from zhenggai.demo.ledgers.people import CITY, INSPECTED_UNTIL, NOTICE_ON
from zhenggai.demo.ledgers.supervision import GREEN
from zhenggai.demo.ledgers.terms import AID_CRIME, FRAUD_CRIME, FUND_CRIME

Y2023 = (date(2023, 1, 1), date(2023, 12, 31))
Y2024 = (date(2024, 1, 1), date(2024, 12, 31))
THREE_YEARS = (date(2021, 1, 1), date(2023, 12, 31))
SINCE_2021 = (date(2021, 1, 1), date(2024, 12, 31))
SUSPENDED = (date(2022, 1, 1), INSPECTED_UNTIL)
MEASURED = (date(2024, 7, 18), NOTICE_ON)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that the notice states."""

    finding: str
    """Number of the problem in the notice; ``O`` for its first part."""
    words: str
    """What it is a figure of."""
    stated: str
    """The number as it stands there."""
    ledger: str
    """The ledger."""
    indicator: str
    """The indicator of that ledger."""
    period: tuple[date, date] | None = Y2024
    """First and last day counted, by the indicator's date; all rows when ``None``."""
    as_of: date = NOTICE_ON
    """The day to which it speaks."""
    where: Mapping[str, str | bool] = field(default_factory=dict)
    """Fields and the values looked at."""
    against: tuple[date, date] | None = None
    """Period that it is a rise or fall against, in per cent."""
    at_least: bool = False
    """Whether the notice says “more than”."""
    right: str = ""
    """What it should have been, where the notice itself is wrong."""
    note: str = ""
    """Why, or how the number comes about."""

    def agrees(self, value: Decimal | None) -> bool:
        """Return whether *value*, with as many decimals as the notice gives, is what it states."""
        if value is None:
            return False
        return (
            value >= Decimal(self.stated) if self.at_least else rounded_as(self.stated, value) == Decimal(self.stated)
        )


def rounded_as(stated: str, value: Decimal) -> Decimal:
    """Return *value* with as many decimals as *stated* has, rounded half up."""
    exponent = Decimal(stated).as_tuple().exponent
    return value.quantize(Decimal(1).scaleb(min(0, int(exponent))), ROUND_HALF_UP)


FIGURES: tuple[Figure, ...] = (
    Figure("O", "推进巡察整改的党组会", "6", "meetings", "meetings", MEASURED, where={"kind": "party_group", "subject": "rectification"}),
    Figure("O", "推进巡察整改的院务会", "2", "meetings", "meetings", MEASURED, where={"kind": "administration", "subject": "rectification"}),
    Figure("O", "推进巡察整改的检察长办公会", "2", "meetings", "meetings", MEASURED, where={"kind": "chief_office", "subject": "rectification"}),
    Figure("O", "推进巡察整改的民主生活会", "1", "meetings", "meetings", MEASURED, where={"kind": "democratic_life", "subject": "rectification"}),
    Figure("2", "未办产权证的房屋（巡察时）", "2", "fixed_assets", "buildings_without_cert", None, as_of=INSPECTED_UNTIL),
    Figure("2", "未办产权证的房屋（通报时）", "0", "fixed_assets", "buildings_without_cert", None),
    Figure("3", "就评查征求部门意见", "22", "quality_reviews", "consulted"),
    Figure("3", "评定瑕疵案件", "12", "quality_reviews", "flawed"),
    Figure("3", "评查人才库类别", "8", "reviewer_pool", "categories", None),
    Figure("4", "管辖内完成甄别", "1678", "three_rules_records", "screened"),
    Figure("4", "查实处理违规问题（件）", "3", "integrity_clues", "verified"),
    Figure("4", "查实处理违规问题（人）", "3", "integrity_clues", "verified_persons"),
    Figure("4", "移送外省市线索（件）", "2", "integrity_clues", "other_province"),
    Figure("4", "移送外省市线索（人）", "2", "integrity_clues", "other_province_persons"),
    Figure("6", "审结帮信案件", "581", "prosecution_cases", "decided", where={"crime": AID_CRIME}),
    Figure("6", "帮信案件起诉", "403", "prosecution_cases", "prosecuted", where={"crime": AID_CRIME}),
    Figure("9", "审查重大诉判不一案件", "34", "divergences", "major"),
    Figure("9", "其中提出抗诉", "10", "divergences", "protested"),
    Figure("9", "抗诉占比（由上两数得出）", "29.41", "divergences", "protest_share"),
    Figure("9", "抗诉案件", "28", "protests", "protests"),
    Figure("12", "公益诉讼立案", "461", "public_interest", "filed"),
    Figure("12", "四大传统领域", "254", "public_interest", "traditional"),
    Figure("12", "四大传统领域占比", "55.1", "public_interest", "traditional_share"),
    Figure("12", "生态环境和食药领域", "223", "public_interest", "two_fields"),
    Figure("12", "生态环境和食药领域占比", "48.3", "public_interest", "two_fields_share", right="48.4", note="通报截断取数，223除以461四舍五入是48.4"),
    Figure("12", "绿心专项立案", "26", "public_interest", "filed", where={"tag": GREEN}),
    Figure("12", "绿心专项检察建议", "8", "public_interest", "suggested", where={"tag": GREEN}),
    Figure("12", "绿心专项起诉", "1", "public_interest", "sued", where={"tag": GREEN}),
    Figure("12", "三年行政公益诉讼起诉", "9", "public_interest", "sued", THREE_YEARS),
    Figure("12", "三年起诉后判决", "1", "public_interest", "sued_judged", THREE_YEARS),
    Figure("12", "三年裁定终结审理", "2", "public_interest", "sued_terminated", THREE_YEARS),
    Figure("12", "三年撤回起诉", "6", "public_interest", "sued_withdrawn", THREE_YEARS),
    Figure("12", "行政公益诉讼起诉", "3", "public_interest", "sued"),
    Figure("12", "起诉后撤回", "2", "public_interest", "sued_withdrawn"),
    Figure("12", "起诉后判决", "1", "public_interest", "sued_judged"),
    Figure("12", "备案审查社会治理检察建议", "108", "suggestions", "filing_reviewed"),
    Figure("12", "备案审查意见（200余条）", "200", "suggestions", "filing_opinions", at_least=True),
    Figure("12", "审查意见采纳率（均被采纳）", "100", "suggestions", "filing_adopted_rate"),
    Figure("13", "发函提示的共性问题", "18", "process_issues", "common_topics"),
    Figure("13", "受到追责问责的办案人员", "13", "accountability", "persons"),
    Figure("13", "其中诫勉", "3", "accountability", "admonished"),
    Figure("14", "中止审查案件", "218", "suspensions", "suspended", SUSPENDED, INSPECTED_UNTIL),
    Figure("14", "适用其他情形", "112", "suspensions", "other_ground", SUSPENDED, INSPECTED_UNTIL),
    Figure("14", "适用其他情形占比", "51.38", "suspensions", "other_share", SUSPENDED, INSPECTED_UNTIL),
    Figure("14", "中止一年以上", "27", "suspensions", "over_a_year", SUSPENDED, INSPECTED_UNTIL),
    Figure("14", "中止一年以上占比", "12.4", "suspensions", "over_a_year_share", SUSPENDED, INSPECTED_UNTIL),
    Figure("14", "通报时尚未恢复的中止案件", "18", "suspensions", "open_now", None),
    Figure("14", "通报时适用其他情形", "0", "suspensions", "open_other_ground", None),
    Figure("14", "通报时超过一年", "1", "suspensions", "open_over_a_year", None),
    Figure("15", "意识形态联席会议", "2", "meetings", "meetings", where={"kind": "joint", "subject": "ideology", "unit": CITY}),
    Figure("17", "司法救助联席会议", "2", "meetings", "meetings", where={"kind": "joint", "subject": "judicial_aid"}),
    Figure("17", "司法救助案件", "173", "judicial_aid", "cases"),
    Figure("17", "司法救助人数", "359", "judicial_aid", "people"),
    Figure("17", "发放救助金（万元）", "202.6", "judicial_aid", "amount"),
    Figure("17", "案均救助（万元）", "1.17", "judicial_aid", "amount_each"),
    Figure("18", "检察听证", "874", "hearings", "hearings"),
    Figure("18", "检察长主持", "54", "hearings", "by_chief"),
    Figure("18", "检察长主持占比", "6.18", "hearings", "chief_share"),
    Figure("18", "副检察长主持", "596", "hearings", "by_deputy"),
    Figure("18", "副检察长主持占比", "68.19", "hearings", "deputy_share"),
    Figure("18", "其他院领导主持", "77", "hearings", "by_other_leader"),
    Figure("18", "其他院领导主持占比", "8.81", "hearings", "other_leader_share"),
    Figure("18", "听证件次同比", "67.11", "hearings", "hearings", against=Y2023),
    Figure("18", "拟不起诉案件听证", "788", "hearings", "non_prosecution"),
    Figure("18", "拟不起诉案件听证同比", "120", "hearings", "non_prosecution", against=Y2023, note="通报写“120个百分点”，件次的同比只能是百分之几"),
    Figure("19", "非法吸收公众存款案件", "90", "prosecution_cases", "accepted", where={"crime": FUND_CRIME}),
    Figure("19", "非法吸收公众存款人数", "298", "prosecution_cases", "persons", where={"crime": FUND_CRIME}),
    Figure("19", "集资诈骗案件", "7", "prosecution_cases", "accepted", where={"crime": FRAUD_CRIME}),
    Figure("19", "集资诈骗人数", "36", "prosecution_cases", "persons", where={"crime": FRAUD_CRIME}),
    Figure("20", "发出检察意见", "419", "agency_opinions", "opinions", SINCE_2021),
    Figure("20", "没有收到反馈", "233", "agency_opinions", "unanswered", SINCE_2021),
    Figure("20", "再次提出检察意见", "206", "agency_opinions", "again", SINCE_2021),
    Figure("20", "公安机关采纳并处罚", "206", "agency_opinions", "again_punished", SINCE_2021),
    Figure("20", "跟进制发检察建议", "27", "agency_opinions", "suggested", SINCE_2021),
    Figure("20", "检察建议已回复", "18", "agency_opinions", "suggested_answered", SINCE_2021),
    Figure("21", "全系统会议同比", "-13.3", "meetings", "system_wide_meetings", against=Y2023),
    Figure("21", "发文同比", "-20", "documents", "formal_documents", against=Y2023),
    Figure("21", "市院评查重点案件", "513", "quality_reviews", "key_reviews"),
    Figure("21", "瑕疵率（由12和513得出）", "2.34", "quality_reviews", "flawed_rate"),
    Figure("22", "检察官未参加讯问", "10", "quality_reviews", "interrogation_missed"),
    Figure("25", "未入账资产（通报时）", "0", "fixed_assets", "unbooked", (date(1990, 1, 1), NOTICE_ON)),
    Figure("26", "应处置未处置的涉案财物", "0", "case_property", "undisposed", None),
    Figure("31", "检察长办公会", "5", "meetings", "meetings", where={"kind": "chief_office", "unit": CITY}),
    Figure("31", "审议执法督察的检察长办公会", "2", "meetings", "meetings", where={"kind": "chief_office", "subject": "law_enforcement"}),
    Figure("32", "“三个规定”月通报", "12", "monthly_reports", "months"),
    Figure("33", "记录报告重大事项", "1692", "three_rules_records", "records"),
    Figure("33", "不属本市管辖（由两数得出）", "14", "three_rules_records", "outside"),
    Figure("33", "移送律师违规过问线索", "27", "integrity_clues", "to_the_bar"),
    Figure("33", "内部监督联席会议", "1", "meetings", "meetings", where={"kind": "joint", "subject": "internal_supervision"}),
    Figure("34", "党纪学习教育中心组学习", "4", "meetings", "meetings", where={"kind": "centre_group", "subject": "discipline_study"}),
    Figure("35", "批评教育", "2", "accountability", "persons", where={"kind": "criticism"}),
    Figure("35", "谈话提醒", "8", "accountability", "persons", where={"kind": "talk_reminder"}),
    Figure("35", "责令书面检查的单位", "1", "accountability", "units", where={"kind": "written"}),
    Figure("40", "审核院发文件", "38", "documents", "reviewed_documents"),
    Figure("40", "审核意见（152余条）", "152", "documents", "review_opinions", at_least=True),
)  # fmt: skip
