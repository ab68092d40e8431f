"""Official documents to make, and a strategy that draws any."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from zhenggai.gongwen import (
    Align,
    Annex,
    Cell,
    Heading,
    ListBlock,
    NewPage,
    OfficialDocument,
    Orientation,
    Paragraph,
    TableBlock,
    break_title,
    numbered,
)

FORM = TableBlock(
    rows=(
        (Cell("问题", heading=True), Cell("学习贯彻不够深入", columns=3)),
        (Cell("责任人", heading=True), "张某", Cell("时限", heading=True), "2024-12-31"),
        (Cell("审核意见", heading=True), Cell("", columns=3, least_mm=30)),
    ),
    widths=(2, 4, 2, 4),
)
LIST = TableBlock(
    header=("序号", "问题", "责任领导", "次数"),
    rows=(("1", "学习不够深入", "李某", Cell("12", align=Align.RIGHT)), ("2", "整改不彻底\n第二行", "王某", "3")),
    widths=(1, 6, 2, 2),
    caption="表1　问题情况",
)


def full_paper() -> OfficialDocument:
    """Return a paper with everything in it."""
    return OfficialDocument(
        title=break_title("中共示例市人民检察院党组关于市委第三巡察组巡察反馈意见集中整改进展情况的通报"),
        issuer=("示例市人民检察院", "巡察整改工作领导小组办公室"),
        number="示检整改〔2025〕6号",
        addressee="各内设机构",
        blocks=(
            Paragraph("2024年7月18日，市委第三巡察组反馈了巡察意见。现将整改进展情况通报如下。", key="opening"),
            Heading(1, "履行主体责任方面", numbered(1, 1), key="aspect-1"),
            Heading(2, "学习贯彻不够深入的问题。", numbered(2, 1), run_in="党组召开专题会议12次，已完成整改。"),
            Heading(3, "压实责任", numbered(3, 1)),
            Heading(4, "建立台账", numbered(4, 1)),
            Paragraph("逐项销号，共检查55件141人，占全部案件的48.37%。"),
            ListBlock(("第一项措施；", "第二项措施。")),
            ListBlock(("另一项措施。",), ordered=False),
            LIST,
            FORM,
        ),
        attachments=("问题清单", "责任清单"),
        signature=("示例市人民检察院巡察整改工作领导小组办公室",),
        signed_on=date(2025, 1, 6),
        note="联系人：李某，电话：0000-0000000",
        annexes=(Annex(("问题清单",), (LIST,), "附件1", Orientation.LANDSCAPE), Annex(("责任清单",), (LIST,), "附件2")),
        copies="市委巡察办",
        printed_by="示例市人民检察院办公室",
        printed_on=date(2025, 1, 7),
    )


# What a mark of Typst, XML, HTML or Jinja could be made of stands among the Chinese.
_SIGNS = st.sampled_from(
    "整改巡察问题责任销号一二三、，。；：“”《》（）〔〕—…·％0123456789ABxyz#*_$<>[]{}@&\"'`~\\/=+-%|!"
)
_NASTY = st.sampled_from("\x00\x08\x1f\x7f\u202e\u2066\u200b\ufeff\ud800\ufffe\r\n\t\u2028")
words = st.text(st.one_of(_SIGNS, _SIGNS, _SIGNS, _NASTY), max_size=24)
some = st.text(_SIGNS, min_size=1, max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> TableBlock:
    """Draw a list or a form of one to four columns."""
    columns = draw(st.integers(1, 4))
    cell = st.builds(Cell, words, heading=st.booleans(), align=st.sampled_from(Align), least_mm=st.integers(0, 8))
    row = st.tuples(*[st.one_of(words, cell)] * columns)
    wide = st.tuples(st.builds(Cell, words, columns=st.just(columns)))
    rows = draw(st.lists(st.one_of(row, wide), min_size=1, max_size=3).map(tuple))
    header = draw(st.one_of(st.just(()), st.tuples(*[some] * columns)))
    return TableBlock(rows, header, widths=(1,) * columns, caption=draw(words), small=draw(st.booleans()))


blocks = st.lists(
    st.one_of(
        st.builds(Paragraph, words),
        st.builds(Heading, st.integers(1, 4), words, st.sampled_from(["", "一、", "（二）", "3."]), words),
        st.builds(ListBlock, st.lists(words, max_size=3).map(tuple), st.booleans()),
        tables(),
        st.builds(NewPage, st.lists(some, max_size=1).map(tuple)),
    ),
    max_size=5,
).map(tuple)
_title = st.lists(some, min_size=1, max_size=2).map(tuple)
documents = st.builds(
    OfficialDocument, _title, blocks, issuer=st.lists(words, max_size=2).map(tuple), number=words, under_title=words,
    addressee=words, attachments=st.lists(words, max_size=3).map(tuple), signature=st.lists(words, max_size=2).map(tuple),
    signed_on=st.one_of(st.none(), st.dates(), words), note=words, copies=words, printed_by=words,
    annexes=st.lists(st.builds(Annex, _title, blocks, orientation=st.sampled_from(Orientation)), max_size=2).map(tuple),
    printed_on=st.one_of(st.none(), st.dates()), orientation=st.sampled_from(Orientation),
)  # fmt: skip
