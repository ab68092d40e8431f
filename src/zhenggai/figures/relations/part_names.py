"""What parts of a whole are called, and what their names tell: kinds that leave nothing out, grades, steps, degrees.

Two opposites make all; kinds of one scale cannot overlap; steps of a procedure and marks of honour do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ATTRIBUTE_RE = re.compile(
    "民生|党员|女|少数民族|岁|本科|研究生|硕士|博士|学历|(?<!及)以上|(?<!及)以下|退役|残疾|贫困|重点|典型|首[次批]|新增|新进|优秀|先进|骨干|高级|中级|专职|兼职|连续|省级以上|国家级|涉企|未成年|群体|留守|高中以上|拔尖|示范|获|评为|硬化|绿化|亮化|美化|安装|认罪认罚|速裁|简易|听证|公开|寄宿|规模|一贯制|跨|兼|开放|小时|全天|投用|配备|设有|实行|验收"
)
PROCESS_RE = re.compile(
    "立案|结案|办结|审结|起诉|判决|移送|处分|处理|整改|采纳|回复|通过|完成|提出|发出|追回|挽回|查实|查处|受理|接收|发现|批准|逮捕|抗诉|立行|督办|约谈|通报|送达|解决|化解|处置|诫勉|问责|签约|开工|竣工|投产|覆盖|检查|抽查|抽检|走访|培训|支持|采取|适用|参加|主持"
)
DISCIPLINE_RE = re.compile(
    "处分|诫勉|谈话提醒|提醒谈话|批评教育|警告|记过|组织处理|问责|通报批评|书面检查|约谈|撤职|开除|降级|免职|调离|责令检查"
)
DEGREE_RE = re.compile("^(?:党内)?(?:严重)?警告|记大?过|降级|撤职|^开除|撤销|留党察看|开除党籍")
GRADE_RE = re.compile(
    "(?:优秀|优良|良好|合格|基本合格|不合格|一般|较差|优质|瑕疵|满意|基本满意|不满意|(?:^|为)[优良中差好]|较好|达标)(?:等次|案件|案卷|单位|的|的有|等级)?$"
)
FAMILIES = (
    re.compile("岁"), re.compile("研究生|博士|硕士|本科|大专|专科|高中|中专|初中"), re.compile("初级|中级|高级|技师"), re.compile("[一二三四]级$"),
)  # fmt: skip
"""Attributes of which each thing has just one."""
MIXED_RE = re.compile("党员|女|以上|以下|少数民族|重点|典型|新增")
_OPPOSITES = tuple(
    tuple(re.compile(words) for words in group)
    for group in (
        ("市本级|本级|市直|市级$", "县区|区县|县市区|县级|各县|基层|区级|所辖"), ("集中", "分散"), ("首次|初次|初信", "重复"),  ("现场|当场|立行立改|立即", "限期|分阶段|持续|会后|交办|转办"), ("本地|市内|县内", "外地|市外|县外"),  ("^男", "^女"), ("城镇|城市|城区", "农村|乡村"), ("公办|公立", "民办|民营|民立|私立"), ("^一般", "^重大"), ("^规范", "^问题|^不规范"), ("^骨干|^重点", "^普通|^一般"),
        ("个人访|个访|个体访", "集体访|集访"), ("线上|网上", "线下|现场|窗口"), ("新建", "续建|改建|改扩建"), ("实名", "匿名"), ("^单位", "^个人"), ("国有", "民营|非国有"),
        ("上级|中央", "本级|地方|自筹"), ("存量|原有|遗留", "新增|增量"), ("^正式", "列席|预备|临时"), ("专职|专任", "兼职|兼任"), ("上半年", "下半年"), ("财政", "自筹|社会资本"), ("固定", "流动"),
        ("水田|水浇地", "旱地|旱田"), ("短期", "中长期|长期"), ("一般性", "专项"), ("一般债", "专项债"), ("基本支出", "项目支出"), ("税收", "非税"), ("内资", "外资"), ("正职", "副职"), ("主办", "协办|会办"), ("^教师|专任教师", "学生"),
        ("户内", "户外"), ("^示范", "^达标|^普通"), ("直营", "加盟"), ("上划", "地方|留存"), ("脱产", "不脱产|在职"), ("批发", "零售"), ("进口", "出口"), ("纸质", "电子"), ("商业", "住宅"), ("公益林", "商品林"), ("本部|本级|机关", "所属|下属|基层|直属"), ("本地|本市|本县", "异地|市外|县外"), ("判决", "调解撤诉|调解|撤诉"), ("公共", "专用|自用"), ("自有", "租赁|租用"), ("统建", "自建"), ("常住", "暂住|流动"), ("盈利", "亏损"), ("直接", "间接"), ("现金", "转账|实物"), ("固定资产", "流动资产"), ("当年", "以前年度|往年|历年"), ("本年", "上年|以前年度"), ("一级", "二级"), ("在职|在编", "离退休|退休|编外|聘用|合同制"), ("境内|国内", "境外|国外"), ("门诊", "住院"), ("合格", "不合格"), ("定点医院|医院|医疗机构", "药店"),
    )
)  # fmt: skip
_LED_RE = re.compile("^(?:已|均|共|被|依法|予以|给予|提请|作出|成功|全部|及时|督促)+|“[^”]*”")
_NOMINAL_RE = re.compile("(?:费|补贴|资金|支出|收入|金|款|类|户|费用|方面|领域|岗|班|课|程序|园|站|店|厂)$")
OUTCOMES = tuple(
    re.compile(words)
    for words in (
        "(?:立行立改|立即整改|现场整改|当场整改|限期整改|分阶段整改|持续整改|长期整改|长期坚持)",
        "(?:拟)?(?:保留|取消|下放|合并|废止|宣布失效|继续有效|调整|划转|移交|降低标准|下调|整合)", "(?:决定)?(?:维持|撤销|变更|驳回|终止|终结|确认违法|责令履行|不予受理|调解)", "(?:实现)?(?:盈利|亏损|持平|保本)(?:企业)?", "(?:审议)?(?:通过|缓议|否决|暂缓|未通过|不予通过)",
    )
)  # fmt: skip
"""Outcomes of which each thing has just one."""


def is_act(name: str) -> bool:
    """Tell whether a part is named by a step of a procedure, which others of the list may have taken too."""
    name = _LED_RE.sub("", name)
    return PROCESS_RE.match(name) is not None and _NOMINAL_RE.search(name) is None


_LEVELS = (
    (re.compile("^高"), re.compile("^中"), re.compile("^低")),
    (re.compile("^一般"), re.compile("^较大"), re.compile("^重大")),
    (re.compile(".*中央"), re.compile(".*省"), re.compile("[^省中]*(?:[市县区镇]|地方|本级|自筹)")),
    (re.compile("^(?:第)?一产"), re.compile("^(?:第)?二产"), re.compile("^(?:第)?三产")),
    (re.compile("^第一产业"), re.compile("^第二产业"), re.compile("^第三产业")),
    (re.compile("^党委"), re.compile("^党总支"), re.compile("^(?:党)?支部")),
    (re.compile("^医[生师]"), re.compile("^护[士理]"), re.compile("^医技")),
    (re.compile("^刑事"), re.compile("^民事"), re.compile("^行政")),
)


def are_levels(names: Sequence[str]) -> bool:
    """Tell whether the names are all levels of one scale: 高风险, 中风险, 低风险."""
    return len(names) == 3 and any(
        all(sum(1 for name in names if level.match(name)) == 1 for level in scale) for scale in _LEVELS
    )


def are_opposite(names: Sequence[str]) -> bool:
    """Tell whether two names are opposites that leave nothing out."""
    if len(names) != 2:
        return False
    bounds = [re.fullmatch("(.{1,8}?)(以上|以下|以内|以外|不满)的?(.{0,6})", name) for name in names]
    if bounds[0] and bounds[1]:
        return bounds[0][1] == bounds[1][1] and bounds[0][2] != bounds[1][2]
    short, long = sorted((name.removeprefix("已") for name in names), key=len)
    if len(short) >= 2 and long in {mark + short for mark in ("未", "不", "非", "尚未", "没有", "未能", "未予")}:
        return True
    return any(
        (first.search(names[0]) and second.search(names[1])) or (first.search(names[1]) and second.search(names[0]))
        for first, second in _OPPOSITES
    )
