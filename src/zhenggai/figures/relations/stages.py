"""In which order the steps of an official course are taken: what is dated before that which it follows is wrong.

A step is told by the words right behind its date. Only steps of one course are compared, and not where the text itself
remarks on the order (已, 先, 却, 倒签), for that is then what it complains of.
"""

from __future__ import annotations

import re

_COURSES: tuple[tuple[re.Pattern[str], ...], ...] = tuple(
    tuple(re.compile(step) for step in course)
    for course in (
        ("立项|可研批复|项目批复", "发布招标公告|招标公告|招标", "开标", "中标", "签订|签约", "开工|动工|进场施工", "竣工|完工|建成|通车", "验收", "交付|投用|投产|投入使用|启用|决算|审计"),
        ("签订|签约|订立|生效", "履行完毕|到期|届满|终止|解除|续签"),
        ("收到|接到|受理|接报|举报|移送|移交|交办|转办", "核查|立案|调查|核实|初核|受理|现场检查", "拘留|留置|移送起诉|移送司法|审查起诉|提起公诉|起诉", "办结|审结|结案|判决|宣判|处分|答复|回复|反馈|回访"),
        ("进驻|进点", "撤离|撤点|撤出|反馈|移交"),
        ("反馈|下达|下发|发出|送达|印发|责令|交办|发现|查出", "整改|落实整改|开展自查|自查|制定方案|制定整改", "上报|报送|完成整改|整改到位|整改完毕|整改完成|销号|办结|回复|书面回复", "验收|复查|回头看|回访"),
        ("起草|征求意见", "审议|讨论|审定|审议通过|研究通过|通过", "印发|公布|发布|出台", "实施|施行|执行|生效"),
        ("报送|提交|提请|报请|申请|申报|送审|呈报|上报|报市|报县|报省", "获批|审核|审批|批准|批复|核准|受理|通过|审议|同意", "拨付|兑付|发放|到账|下达"),
        ("开始|启动|起步|开幕|开馆|开班|开展", "结束|完成|届满|闭幕|闭馆|结业|截止"),
        ("借款|借出|放款|贷出|预借|预支", "归还|还款|偿还|收回|核销|冲销"),
        ("任命|任职|到任|上任|入职|聘任|录用", "离任|卸任|免职|离职|辞职|退休|调离|解聘"),
        ("报名", "笔试|考试", "面试", "体检|考察", "公示", "录用|聘用|任命"),
        ("发布公告|公告|公示开始", "公示结束|公示期满|期满"),
        ("通知|召集", "召开|举行", "印发纪要|形成纪要"),
        ("开户|注册|登记|成立|设立", "注销|撤销|销户|吊销"),
    )
)  # fmt: skip
"""Steps of a course in their order."""
REMARKED_RE = re.compile(
    "已|先|却|但|倒签|补[签办录]|提前|尚未|未|之前|以前|此前|早在|才|仍|应|须|要求|计划|拟|预计|前$|曾|原定"
)
"""Words that tell what was planned, or that the text remarks on the order itself."""


def follows_in_course(before: str, after: str) -> bool:
    """Tell whether what *after* says is a later step of one course than what *before* says."""
    if REMARKED_RE.search(before) or REMARKED_RE.search(after[:8]):
        return False
    found = False
    for course in _COURSES:
        first, second = _step(course, before), _step(course, after)
        if first is None or second is None:
            continue
        if first >= second:
            return False
        found = True
    return found


def _step(course: tuple[re.Pattern[str], ...], words: str) -> int | None:
    """Return which step of *course* is named first in *words*; of those that begin there the longest."""
    places = [(match.start(), -len(match[0]), at) for at, step in enumerate(course) if (match := step.search(words))]
    return min(places)[2] if places else None
