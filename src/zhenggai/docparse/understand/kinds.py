"""Papers that speak of rectification without listing any problem: tenders, awards, rules, articles, exam papers.

Two questions are asked.  Is the title that of such a paper?  A title that announces problems or their rectification never
is.  And does the paper claim that somebody looked into a body and found problems there: in its title, or in words before
the first item?  Where nothing says so, and no item carries measures, a list is not one of findings however it sounds.
"""

from __future__ import annotations

import re

from zhenggai.docparse.understand.family import title_of
from zhenggai.docparse.understand.lexicon import PROBLEM_RE
from zhenggai.docparse.understand.nodes import Roles
from zhenggai.docparse.understand.view import View

_END = r"\s?(?:\([^()\n]{1,20}\))?\s*$"
_OTHER_RES = tuple(
    re.compile(pattern)
    for pattern in (
        # tenders, contracts
        r"(?:采购|磋商|招标|投标|中标|成交|竞价|比选|拍卖|询价|招租|出让|谈判)[^。\n]{0,24}(?:公告|公示|文件|邀请书?|通知书?|结果|需求)" + _END,
        r"[一-龥]{2}(?:合同|协议|协议书|合同书|委托书|承诺书|责任书|保密书)" + _END,
        # acts of authorities, reports of a year's work, what an inspection is going to look at
        r"(?:处罚决定书|答复书|判决书|裁定书|调解书|决定书|告知书|起诉书|认定书|公证书|鉴定书)" + _END,
        r"(?:20\d\d年|年度|半年|季度|政府|人大|法院|检察院|党建)[^。\n]{0,8}工作(?:报告|总结|汇报|要点|计划)(?:[及和暨][^。\n]{2,16})?" + _END,
        r"^(?!.*整改).*(?:巡察|巡视|督察|督查|检查|评估|考核|审计)(?:工作|实施|监督)*(?:方案|计划|安排)" + _END,
        r"(?:调查问卷|问卷调查|调查表|征求意见表|倡议书)" + _END,
        r"(?:提案|议案|建议)[^。\n]{0,8}的?(?:答复|回复|复函|办理情况)(?:函|意见)?" + _END,
        r"述职|述廉|述学|个人总结",
        # people
        r"(?:招聘|招录|选调|遴选|录用|任职|任前|选拔|拟提拔)[^。\n]{0,20}(?:公告|公示|简章|通知|名单)" + _END,
        r"(?:试题|试卷|题库|测试题|练习题|考题|竞赛题|复习资料|参考答案|模拟题|知识测试|应知应会)",
        r"(?:表扬|表彰|嘉奖|先进(?:集体|个人|单位|典型)|优秀(?:党员|个人|集体|组织)|评选|授予|通报表扬)[^。\n]{0,30}(?:通报|决定|公告|公示|名单|通知)" + _END,
        # writing about the work
        r"(?:的|几点|一些|与|及)(?:思考|启示|体会|探析|探索|探讨|感悟|建议)" + _END,
        r"(?:怎样|如何|怎么)(?:写|做|抓|当|开展)|(?:学习材料|培训教材|讲义|课件|辅导材料|业务知识|写作技巧)",
        r"(?:浅谈|浅析|试论|刍议|浅议|略论|论如何|之我见|心得体会|学习体会|读后感|观后感|有感|学习笔记|理论文章|评论员文章)",
        r"(?:答记者问|政策解读|政策问答|问答|百问百答|一图读懂|知识问答|名词解释|小知识)" + _END,
        r"(?:典型案例|典型问题|典型事例|违纪案例|案例选编|案例汇编|警示录)",
        r"^(?!.*(?:反馈|巡察情况|对照检查|检视)).*(?:讲话|致辞|主持词|讲话稿|开幕词|倡议书|公开信|感谢信|慰问信|贺信|邀请函)" + _END,
        # news of meetings and visits
        r"^(?!.*反馈)[^。\n]*(?:召开|举行|主持召开)[^。\n]{0,40}(?:会议?|大会|座谈|动员|仪式)" + _END,
        r"^(?!.*(?:反馈|关于|对照|自查|剖析|材料|情况))[^。\n]{0,20}(?:书记|省长|市长|县长|区长|镇长|局长|厅长|主任|院长|校长|董事长|领导)[^。\n]{0,10}(?:调研|督导|督查|检查|走访|慰问)",
        # letters from the public and their answers, questions
        r"网友留言|留言(?:回复|选登|办理)|来信(?:选登|回复)|(?:咨询|投诉)(?:回复|答复|处理结果)|(?:怎么办|怎么样|吗|呢)\??" + _END,
        # rules
        r"[一-龥](?:办法|规定|细则|条例|规则|规程|章程|制度|准则|守则|公约|操作规范|工作规范|指引|指南|工作流程|须知|操作手册|说明书)" + _END,
        r"^关于(?:开展|召开|举办|组织|推荐|报送|征集|申报|调整|成立)(?!.{0,40}(?:问题|反馈|整改(?:方案|情况)))[^。\n]{0,50}的(?:通知|请示|批复)" + _END,
    )
)  # fmt: skip
_REPORTING_RE = re.compile(
    r"整改(?:落实|工作|推进)*(?:的)?(?:情况|进展|方案|报告|台账|清单|公示|公告|成效|措施)|反馈(?:意见|情况|问题)|问题(?:整改)?(?:清单|台账)"
    r"|对照检查|检视|自查|查摆|销号|审计(?:查出|发现|指出)|督察(?:反馈|整改)"
)


_MINUTES_RE = re.compile(r"(?:会议)?纪要" + _END)


def lists_no_problems(view: View, roles: Roles) -> bool:
    """Tell from the title whether the paper is of a kind that lists no problems of an inspected body.

    Args:
        view: Working view.
        roles: Roles decided; minutes list problems only where they name them as such (关于…的问题).
    """
    other = False
    wrong = sum(
        1
        for node in roles.findings
        if (title := roles.titles[node]).shape in ("about", "quoted")
        and PROBLEM_RE.search(view.norm[title.start : title.end])
    )
    named = wrong * 2 > len(roles.findings)
    for line in title_of(view).split("\n"):
        line = line.strip()
        if len(line) < 4:
            continue
        if any(pattern.search(line) for pattern in _OTHER_RES) or (_MINUTES_RE.search(line) and not named):
            other = True
        elif _REPORTING_RE.search(line):
            return False
    return other


_HYPOTHETICAL_RE = re.compile(
    r"(?:是否|有无|可能|容易|易|常见|如|若|凡|下列|哪些|对于?|就)[^。,;:\n]{0,16}(?:存在|发现|出现|查出|反映)[^。,;:\n]{0,12}(?:问题|不足|隐患|情形)"
    r"|(?:常见|易发|易错|多发|高发|可能出现)[^。,;:\n]{0,6}(?:问题|不足|隐患|错误)(?:清单)?"
)
"""Words that speak of problems which may be found one day."""
_CLAIM_RE = re.compile(
    r"(?:巡察|巡视|审计|督察|督查|检查|核查|抽查|暗访|自查|自检|检视|评估|评查|监测|考核|排查|反馈|调研|对照|回头看|整改)[^。\n]{0,60}"
    r"(?:反馈|指出|发现|查出|存在|查摆|梳理|提出|认为)[^。\n]{0,30}(?:问题|不足|差距|短板|隐患|缺陷|意见)"
    r"|(?:存在|发现|查摆|反馈|指出|主要|突出|检视|排查|查找|梳理|查出)(?:出)?的?(?:主要|突出|具体)?(?:问题|不足|隐患|差距)"
)


def claims_findings(view: View, roles: Roles) -> bool:
    """Tell whether the paper says that problems were found: in its title, before the first item, or by measures below.

    Args:
        view: Working view.
        roles: Roles decided.
    """
    if roles.labelled or not roles.findings:
        return True
    title = _HYPOTHETICAL_RE.sub("", title_of(view))
    if _REPORTING_RE.search(title) or "反馈" in title:
        return True
    lead = view.norm[: min(node.start for node in roles.findings)]
    return bool(_CLAIM_RE.search(_HYPOTHETICAL_RE.sub("", lead)))
