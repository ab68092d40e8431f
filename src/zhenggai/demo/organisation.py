"""The invented 示例市人民检察院: its units and people, as data. Any likeness to a real body or person is chance."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "Shili-Demo-2024"
ORGANISATION = "示例市人民检察院"
INSPECTION_OFFICE = "示例市委巡察办"

# Name, other names under which papers speak of it.
DEPARTMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("办公室", ()),
    ("政治部", ()),
    ("宣传处", ()),
    ("法律政策研究室", ("研究室",)),
    ("普通犯罪检察部", ("第一检察部",)),
    ("重大犯罪检察部", ("第二检察部",)),
    ("经济犯罪检察部", ("第三检察部",)),
    ("刑事执行检察部", ("第四检察部",)),
    ("民事检察部", ("第五检察部",)),
    ("行政检察部", ("第六检察部",)),
    ("公益诉讼检察部", ("第七检察部",)),
    ("未成年人检察部", ("第八检察部",)),
    ("控告申诉检察部", ("控申部",)),
    ("案件管理办公室", ("案管办",)),
    ("检务督察处", ("检务督察部",)),
    ("计财装备处", ("计划财务装备局",)),
    ("机关党委", ()),
    ("机关纪委", ()),
    ("机关服务中心", ()),
    ("驻院纪检监察组", ("派驻纪检监察组",)),
)

# Name before 人民检察院, its chief, its liaison.
GRASSROOTS: tuple[tuple[str, str, str], ...] = (
    ("青禾区", "鲁青", "夏禾"),
    ("云溪区", "左云", "连溪"),
    ("石桥区", "桂石", "俞桥"),
    ("柳泉县", "柳振", "泉英"),
    ("松岗县", "岳松", "巩岗"),
    ("白沙县", "白帆", "沙丽"),
    ("河湾县", "贺川", "湾平"),
    ("望北县", "景望", "纪北"),
    ("高新区", "辛高", "齐新"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person with one post."""

    username: str
    """What they sign in with."""
    name: str
    """What they are called."""
    role: str
    """Role code."""
    unit: str = ORGANISATION
    """Name of the unit of the post."""
    title: str = ""
    """What people call the post."""
    charges: tuple[str, ...] = ()
    """Names of the units they are in charge of."""
    shown: bool = False
    """Whether the table of sign-in names lists them, one for each role."""


PEOPLE: tuple[Person, ...] = (
    Person("chief", "程立民", "first_responsible_person", title="党组书记、检察长", shown=True),
    Person("deputy", "何静安", "executive_deputy", title="党组副书记、常务副检察长", shown=True),
    Person("deputy", "何静安", "leader_in_charge", charges=("政治部", "案件管理办公室", "民事检察部", "行政检察部")),
    Person(
        "leader",
        "周启明",
        "leader_in_charge",
        title="党组成员、副检察长",
        charges=("办公室", "计财装备处", "机关服务中心"),
        shown=True,
    ),
    Person(
        "qinling",
        "秦岭",
        "leader_in_charge",
        title="党组成员、政治部主任",
        charges=("宣传处", "检务督察处", "机关党委", "机关纪委"),
    ),
    Person(
        "shaoyun",
        "邵云",
        "leader_in_charge",
        title="党组成员、副检察长",
        charges=("普通犯罪检察部", "重大犯罪检察部", "经济犯罪检察部"),
    ),
    Person(
        "luyuan",
        "陆远",
        "leader_in_charge",
        title="党组成员、副检察长",
        charges=("刑事执行检察部", "公益诉讼检察部", "未成年人检察部", "控告申诉检察部", "法律政策研究室"),
    ),
    Person("member", "谭静", "leading_group_member", title="检察委员会专职委员", shown=True),
    Person("office", "金鸣", "rectification_office", "办公室", "整改办主任", shown=True),
    Person("clerk", "苗青", "rectification_office", "办公室", "整改办工作人员"),
    Person("head", "段红", "department_head", "计财装备处", "处长", shown=True),
    Person("owner", "姚望", "owner", "宣传处", "干部", shown=True),
    Person("casework", "卢小川", "case_management_clerk", "案件管理办公室", "流程监控员", shown=True),
    Person("casework", "卢小川", "department_head", "案件管理办公室", "主任"),
    Person("supervision", "霍正平", "supervision_group", title="督促工作领导小组组长", shown=True),
    Person("discipline", "路明远", "discipline_group", "驻院纪检监察组", "副组长", shown=True),
    Person("office", "金鸣", "department_head", "办公室", "主任"),
    Person("xiangnan", "向楠", "department_head", "政治部", "副主任"),
    Person("qiaomu", "乔木", "department_head", "法律政策研究室", "主任"),
    Person("machi", "马驰", "department_head", "普通犯罪检察部", "主任"),
    Person("shijing", "石敬", "department_head", "重大犯罪检察部", "主任"),
    Person("ranbing", "冉冰", "department_head", "经济犯罪检察部", "主任"),
    Person("tianfeng", "田丰", "department_head", "刑事执行检察部", "主任"),
    Person("shenmo", "沈默", "department_head", "民事检察部", "主任"),
    Person("gaoyang", "高扬", "department_head", "行政检察部", "主任"),
    Person("dingxiangdong", "丁向东", "department_head", "公益诉讼检察部", "主任"),
    Person("bailu", "白露", "department_head", "未成年人检察部", "主任"),
    Person("jiangliu", "江流", "department_head", "控告申诉检察部", "主任"),
    Person("wanguoqiang", "万国强", "department_head", "检务督察处", "处长"),
    Person("ganlin", "甘霖", "department_head", "机关党委", "专职副书记"),
    Person("maofeng", "毛峰", "department_head", "机关纪委", "书记"),
    Person("yezhiqiu", "叶知秋", "owner", "计财装备处", "一级主任科员"),
    Person("zhongqing", "钟晴", "owner", "政治部", "二级主任科员"),
    Person("wuyue", "伍岳", "owner", "普通犯罪检察部", "检察官助理"),
    Person("yuliang", "余粮", "department_head", "机关服务中心", "主任"),
    Person(
        "inspector",
        "梁衡",
        "inspection_office",
        INSPECTION_OFFICE,
        "整改督导科科长",
        charges=(ORGANISATION,),
        shown=True,
    ),
    Person("sysadmin", "钟维", "system_admin", title="系统管理员", shown=True),
    Person("secadmin", "安宁", "security_admin", title="安全管理员", shown=True),
    Person("auditor", "沈鉴", "auditor", title="安全审计员", shown=True),
)
