"""Values that cannot be: a share above 100 %, a fall of more than all, a fifth quarter."""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, percent, plain, start_of
from zhenggai.figures.shapes import Claim, Verdict

_BOUNDED_RE = re.compile(
    r"(?:占比|(?:办|办理|办结|结案|审结|抽查|检查|审批|受理|见面|整治|落实)”?率|占[一-龥]{0,16}的|占[一-龥]{0,10}|满意率|满意度|合格率|采纳率|覆盖率|回复率|反馈率|通过率|出席率|到会率|参与率|参会率|知晓率|知晓度|办结率|及格率|优良率|优秀率|起诉率|采信率|成功率|整改率|销号率|签约率|入学率|就业率|达标率|及时率|准确率|完好率|普及率|发案率|破案率|率先率|胜诉率|服判率|息诉率|化解率|抽检率|安装率|接种率|报销比例|入住率|送达率|答复率|办复率|处结率|执结率|到案率|归案率|查结率|入户率|走访率|排查率|治理率|回访率|参评率|体检率|签收率|兑付率|配备率|安置率|处理率|开工率|竣工率|出勤率|到课率|上座率|检出率|处置率|查处率|公开率|整改完成率|出勤率|到岗率|安装率|参训率|投票率|录取率|升学率|巩固率|接种率|建档率|签字率|见面率|通办率|好评率|响应率|受理率|建成率|拆除率|清理率|追回率|调解率|息访率|监测率|公示率|归档率|录入率|上传率|闭环率|兑现率|参选率|参评率|参保率|帮教率|就业率|登记率|建档率|培训率|参合率|应检率|成活率|出席率|亮证率|上线率|入库率|发放率|缴费率|见效率|命中率|捕获率|安全率|优良天数比例)(?:均|已|为|达到?了?|达|是|约|高达|超过|仅|只|有|就)*$"
)
_UNBOUNDED_RE = re.compile(
    "拨备|偿付|负债|杠杆|计划|目标|预算|任务|增长|产能|不良贷款|流动性|偿债|资本|利用|容积|入库|同比|上年|去年"
)
_FALL_RE = re.compile(r"(?:下降|减少|降低|下滑|压减|缩减|减)(?:了|约|近|幅度|幅|达|为)*$")
_LOSS_RE = re.compile("利润|收益|净额|余额|亏|盈|净利|现金流|增速|结余|效益")


_NO_SUCH = (
    (
        re.compile(r"(?:全年|20\d\d年)[^，。；\d]{0,16}天数?(?:为|达到?|共)?(?:36[7-9]|3[7-9]\d|[4-9]\d\d)天"),
        "一年最多366天",
    ),
    (
        re.compile(r"(?:上午|下午|晚上?|凌晨|中午|日|当天)(?:2[5-9]|[3-9]\d)(?:时|：[0-5]\d|点(?![一-龥]*[位名人]))"),
        "一天只有24小时",
    ),
    (re.compile(r"(?:上午|下午|晚上?|凌晨|中午|日|当天)\d{1,2}(?:时|：)(?:6\d|[7-9]\d)分?(?!\d)"), "一小时只有60分"),
    (re.compile(r"第(?:五|六|七|八|[5-9])(?:个)?季度(?![一-龥]{0,4}(?:连续|来))"), "一年只有四个季度"),
    (re.compile(r"(?:上午)(?:1[3-9]|2[0-4])(?:时|：[0-5]\d)"), "这一时刻不在上午"),
)
"""Times that there are not."""


def check_impossible(page: Page) -> list[Claim]:
    """Return the claims about values that cannot be."""
    claims = [
        claim(page, "impossible", Verdict.CONTRADICTORY, words, match.start(), match.end())
        for pattern, words in _NO_SUCH
        for match in pattern.finditer(page.text)
    ]
    for mention in page.mentions:
        if (
            mention.unit == "倍"
            and mention.value >= 1
            and _FALL_RE.search(mention.lead)
            and not mention.lead.endswith(("减至", "降至"))
        ):
            reason = f"减少不能以倍计，减少{mention.quantity.text}即为负数"
            claims.append(
                claim(
                    page, "impossible", Verdict.CONTRADICTORY, reason, start_of(page, mention), mention.end, [mention]
                )
            )
            continue
        broken = _broken(page, mention)
        if broken is not None:
            claims.append(broken)
            continue
        if not mention.is_ratio or mention.quantity.upper is not None:
            continue
        value = percent(mention)[0]
        if value <= 100:
            continue
        found = _share(page, mention) or _fall(page, mention)
        if found is not None:
            claims.append(found)
    return claims


_WHOLE_UNITS = frozenset("人名户家所座辆栋位")
_SPREAD_RE = re.compile("均|每|折合|相当|当量|约合|比|标准|单位|得分|指数")


def _broken(page: Page, mention: Mention) -> Claim | None:
    """Report a fraction of what comes whole: ``32180户89.4人``."""
    if (
        mention.unit not in _WHOLE_UNITS
        or mention.scaled
        or mention.quantity.step >= 1
        or mention.value == mention.value.to_integral_value()
    ):
        return None
    before = re.split("[。；\n]", page.text[max(0, mention.start - 60) : mention.start])[-1]
    if _SPREAD_RE.search(before) or page.text.startswith(("/", "／", "每"), mention.end):
        return None
    if mention.unit == "次" and mention.tail.startswith("方"):
        return None
    reason = f"{mention.unit}只能以整数计，文中为{mention.quantity.text}，疑缺“千”“万”或小数点有误"
    return claim(page, "impossible", Verdict.CONTRADICTORY, reason, mention.start, mention.end, [mention])


def _share(page: Page, mention: Mention) -> Claim | None:
    lead = mention.lead
    if (
        re.fullmatch("(?:提高|上升|提升|增加|增长|升|增)(?:到|至|为)了?", lead)
        and mention.index
        and page.mentions[mention.index - 1].is_ratio
    ):
        # 成功率由96%提高到102%
        lead = re.sub("(?:由|从)[^，]{0,8}$", "", page.mentions[mention.index - 1].lead)
    if not _BOUNDED_RE.search(lead) or _UNBOUNDED_RE.search(lead):
        return None
    reason = f"这一比例不可能超过100%，文中为{mention.quantity.text}"
    return claim(page, "impossible", Verdict.CONTRADICTORY, reason, start_of(page, mention), mention.end, [mention])


def _fall(page: Page, mention: Mention) -> Claim | None:
    if not _FALL_RE.search(mention.lead):
        return None
    clause = page.clause_of(mention)
    before = page.text[max(0, clause.start - 40) : mention.start]
    if _LOSS_RE.search(before.rpartition("。")[2]):
        return None
    reason = f"下降幅度不可能超过100%，文中为{plain(mention.value)}{mention.unit}"
    return claim(page, "impossible", Verdict.CONTRADICTORY, reason, start_of(page, mention), mention.end, [mention])
