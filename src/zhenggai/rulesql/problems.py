"""What can be wrong with an expression: each kind with its words and a hint, and where it is.

The table is the whole list; the checker names a kind and fills its slots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from zhenggai.kit.messages import Sentence, gettext_noop


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or worth a note, in an expression."""

    code: str
    """Its kind, a key of :data:`KINDS`."""
    start: int
    """First character in the author's text."""
    end: int
    """Behind the last character."""
    slots: Mapping[str, object] = field(default_factory=dict)
    """What its words speak of."""

    @property
    def message(self) -> str:
        """What is wrong, in Chinese."""
        return self.describe()[0]

    @property
    def hint(self) -> str:
        """What to write instead, in Chinese; may be empty."""
        return self.describe()[1]

    def describe(self, translate: Callable[[str], str] = gettext_noop) -> tuple[str, str]:
        """Return message and hint in words, each format passed through *translate* first."""
        what, hint = KINDS[self.code]
        return Sentence(what, self.slots).describe(translate), Sentence(hint, self.slots).describe(translate) if (
            hint
        ) else ""


KINDS: dict[str, tuple[str, str]] = {
    # -- the text
    "empty": (gettext_noop("没有写条件。"), gettext_noop("例如：状态 = '在办' AND 退查次数 >= 2。")),
    "too_long": (
        gettext_noop("表达式有 %(count)s 个字符，最多 %(limit)s 个。"),
        gettext_noop("请拆成几条规则，或把长名单做成台账再对照。"),
    ),
    "too_many_words": (gettext_noop("表达式有 %(count)s 个词，最多 %(limit)s 个。"), gettext_noop("请拆成几条规则。")),
    "too_deep": (gettext_noop("括号或嵌套超过 %(limit)s 层。"), gettext_noop("请减少嵌套，或拆成几条规则。")),
    "too_big": (gettext_noop("展开后的查询过大。"), gettext_noop("请减少函数套函数的层数，或拆成几条规则。")),
    "too_many_values": (
        gettext_noop("IN 的名单有 %(count)s 项，最多 %(limit)s 项。"),
        gettext_noop("请把名单做成台账，用两个台账对照的规则。"),
    ),
    "long_string": (gettext_noop("一段文字超过 %(limit)s 个字符。"), ""),
    "open_quote": (gettext_noop("这里的引号没有配对。"), gettext_noop("文字前后都要有单引号，例如 '在办'。")),
    "open_bracket": (gettext_noop("这个左括号没有对应的右括号。"), ""),
    "extra_bracket": (gettext_noop("这个右括号没有对应的左括号。"), ""),
    "bad_character": (gettext_noop("不能使用字符“%(char)s”。"), ""),
    "semicolon": (gettext_noop("表达式里不能有分号，只能写一个条件。"), gettext_noop("两个条件之间用 AND 或 OR。")),
    "statement": (
        gettext_noop("不能使用 %(word)s：这里只写条件，不写查询语句。"),
        gettext_noop("直接写条件，例如：退查次数 >= 2。"),
    ),
    "chinese_word": (gettext_noop("“%(word)s”请写成 %(sql)s。"), ""),
    "bare_date": (
        gettext_noop("“%(text)s”会被当作减法。"),
        gettext_noop("日期要加引号：'%(text)s'。"),
    ),
    "unit": (gettext_noop("数字后面不写“%(unit)s”。"), gettext_noop("天数用 days_between 计算后与数字比较。")),
    "syntax": (
        gettext_noop("从这里起看不懂。"),
        gettext_noop("请检查前后是否缺少运算符、括号、逗号或引号。"),
    ),
    "unfinished": (
        gettext_noop("表达式没有写完。"),
        gettext_noop("请检查末尾：运算符右边要有值，CASE 要有 END，BETWEEN 要有 AND。"),
    ),
    "refused": (gettext_noop("不能使用 %(what)s。"), gettext_noop("可用的函数和运算见函数表。")),
    "no_operator": (gettext_noop("两项之间缺少运算符。"), gettext_noop("条件之间用 AND 或 OR，比较用 = < > 等。")),
    # -- names
    "unknown_column": (gettext_noop("没有字段“%(name)s”。"), gettext_noop("可用字段：%(known)s。")),
    "unknown_column_likely": (gettext_noop("没有字段“%(name)s”。"), gettext_noop("您是不是要写“%(likely)s”？")),
    "text_without_quotes": (
        gettext_noop("没有字段“%(name)s”。"),
        gettext_noop("如果是文字，请加单引号：'%(name)s'。"),
    ),
    "need_side": (
        gettext_noop("“%(name)s”属于哪个台账不明确。"),
        gettext_noop("请写明：左.%(name)s 或 右.%(name)s。"),
    ),
    "unknown_side": (gettext_noop("“%(word)s”不是台账。"), gettext_noop("请写 左.字段 或 右.字段。")),
    "no_side": (gettext_noop("这里只有一个台账，不写“%(word)s.”。"), gettext_noop("直接写字段名。")),
    "unknown_function": (gettext_noop("没有函数 %(name)s。"), gettext_noop("可用的函数见函数表。")),
    "unknown_function_likely": (
        gettext_noop("没有函数 %(name)s。"),
        gettext_noop("您是不是要写 %(likely)s？"),
    ),
    "use_instead": (gettext_noop("不能使用 %(name)s。"), gettext_noop("请改用 %(instead)s。")),
    "unknown_parameter": (gettext_noop("没有参数“%(name)s”。"), gettext_noop("可用参数：%(known)s。")),
    "unknown_limit": (gettext_noop("没有办案期限 %(name)s。"), gettext_noop("期限编号见期限表，例如 %(known)s。")),
    "limit_in_hours": (gettext_noop("期限 %(name)s 以小时计，不能算出日期。"), gettext_noop("请用 hours_between。")),
    "unknown_variant": (gettext_noop("期限 %(name)s 没有情形“%(variant)s”。"), gettext_noop("可用情形：%(known)s。")),
    # -- types
    "not_boolean": (
        gettext_noop("条件的结果应是“是/否”，这里得到的是%(type)s。"),
        gettext_noop("请与一个值比较，例如 … > 0。"),
    ),
    "wrong_result": (gettext_noop("结果应是%(want)s，这里得到的是%(type)s。"), ""),
    "need_boolean": (
        gettext_noop("%(where)s 处要写条件，这里是%(type)s。"),
        gettext_noop("请与一个值比较，例如 … = '是' 或 … > 0。"),
    ),
    "not_comparable": (
        gettext_noop("%(left)s不能与%(right)s比较。"),
        gettext_noop("%(advice)s"),
    ),
    "wrong_operands": (
        gettext_noop("%(left)s与%(right)s之间不能用 %(operator)s。"),
        gettext_noop("%(advice)s"),
    ),
    "wrong_operand": (gettext_noop("%(type)s前面不能用 %(operator)s。"), ""),
    "wrong_arguments": (
        gettext_noop("函数 %(name)s 不能用于（%(types)s）。"),
        gettext_noop("写法：%(signature)s，例如 %(example)s。"),
    ),
    "argument_count": (
        gettext_noop("函数 %(name)s 的参数个数不对：写了 %(count)s 个。"),
        gettext_noop("写法：%(signature)s，例如 %(example)s。"),
    ),
    "need_literal": (
        gettext_noop("函数 %(name)s 的“%(parameter)s”要直接写出，不能用字段或计算。"),
        gettext_noop("例如 %(example)s。"),
    ),
    "mixed_types": (gettext_noop("各分支的结果类型不一致：%(types)s。"), gettext_noop("请让各分支的结果同为一种类型。")),
    "no_type": (gettext_noop("全部是 NULL，看不出类型。"), ""),
    "order_of_booleans": (gettext_noop("%(type)s不能比较大小。"), gettext_noop("请用 = 或 <>。")),
    # -- values
    "bad_date": (gettext_noop("“%(text)s”不是存在的日期。"), gettext_noop("日期写成 'YYYY-MM-DD'，例如 '2026-01-31'。")),
    "bad_datetime": (
        gettext_noop("“%(text)s”不是存在的时间。"),
        gettext_noop("时间写成 'YYYY-MM-DD HH:MM:SS'，例如 '2026-01-31 09:30:00'。"),
    ),
    "bad_number": (gettext_noop("数字 %(text)s 过大，或小数超过 6 位。"), ""),
    "bad_range": (gettext_noop("%(parameter)s 应在 %(low)s 至 %(high)s 之间。"), ""),
    "not_a_choice": (gettext_noop("“%(column)s”没有取值“%(value)s”。"), gettext_noop("可用取值：%(known)s。")),
    "not_a_choice_likely": (
        gettext_noop("“%(column)s”没有取值“%(value)s”。"),
        gettext_noop("您是不是要写“%(likely)s”？"),
    ),
    "equals_null": (
        gettext_noop("与 NULL 比较永远得不到“是”。"),
        gettext_noop("判断空白请写 %(instead)s。"),
    ),
    "is_what": (gettext_noop("IS 后面只能是 NULL、TRUE 或 FALSE。"), gettext_noop("比较请用 = 或 <>。")),
    "bad_pattern": (gettext_noop("LIKE 的式样不能使用：%(reason)s。"), gettext_noop("要找包含某段文字的，请用 contains。")),
    "empty_between": (gettext_noop("BETWEEN 的下限大于上限，永远不成立。"), gettext_noop("请交换两个值。")),
    # -- notes
    "note_width": (gettext_noop("全角符号“%(char)s”已按“%(plain)s”处理。"), ""),
    "note_quotes": (
        gettext_noop("弯引号里的“%(text)s”已按文字处理。"),
        gettext_noop("文字请用英文单引号；要写字段名就不加引号。"),
    ),
    "note_comment": (gettext_noop("注释不会保留。"), ""),
    "note_today": (gettext_noop("%(word)s 按计算所用的日期（as_of）处理，以便以后可以重算。"), ""),
    "note_not_in_null": (
        gettext_noop("NOT IN 的名单含有 NULL，永远得不到“是”。"),
        gettext_noop("请从名单中去掉 NULL；要排除空白请加上 … IS NOT NULL。"),
    ),
    "note_in_null": (gettext_noop("IN 的名单含有 NULL，NULL 不会与任何值相等。"), gettext_noop("要包括空白请加上 OR … IS NULL。")),
    "note_datetime_equals_date": (
        gettext_noop("日期时间与日期相等，只有恰好零点才成立。"),
        gettext_noop("请写 date(…) = …。"),
    ),
    "note_held": (
        gettext_noop("期限 %(name)s 与是否在押有关，没有写明时按未羁押（遇节假日顺延）计算。"),
        gettext_noop("请在 deadline 的起算日之后写明在押的条件。"),
    ),
    "note_unverified": (gettext_noop("期限 %(name)s 的条文尚未核对。"), ""),
    "note_no_equality": (
        gettext_noop("两个台账之间没有相等的条件，要逐行对照，台账大时很慢。"),
        gettext_noop("请加上 左.字段 = 右.字段。"),
    ),
    "note_constant": (gettext_noop("条件与台账的任何字段无关，对每一行都一样。"), ""),
}  # fmt: skip
"""Kind → what is wrong and the hint, as formats; those that begin with ``note_`` do not refuse the expression."""
