"""What the public may not read is found and masked; what it may is left alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.answers import make_answer
from tests.factories.notices import make_publication
from zhenggai.notices.masking import find_personal, mask
from zhenggai.notices.models import Publication
from zhenggai.notices.private import private_of

HIDDEN = [
    ("身份证号430102199003072519的人员", "430102199003072519", "identity_no"),
    ("联系13812345678核实", "13812345678", "phone"),
    ("联系138-1234-5678核实", "138-1234-5678", "phone"),
    ("请拨0731-88001234", "0731-88001234", "phone"),
    ("发至zhang.san@example.com。", "zhang.san@example.com", "email"),
    ("卡号6222021234567890128转账", "6222021234567890128", "bank_card"),
    ("驾驶湘A12345轿车", "湘A12345", "plate"),
    ("驾驶湘AD12345轿车", "湘AD12345", "plate"),
    ("（2024）示0102刑初123号判决", "（2024）示0102刑初123号", "case_no"),
    ("示检刑诉〔2024〕12号起诉书（2023）示01民终88号", "（2023）示01民终88号", "case_no"),
    ("犯罪嫌疑人张三丰，系累犯", "张三丰", "person"),
    ("举报人李四的诉求已答复", "李四", "person"),
    ("对干部钱塘江、职工批评教育", "钱塘江", "person"),
    ("对韦克明予以诫勉", "韦克明", "person"),
    ("来信称某院采购有问题且多次反映未果", "来信称某院采购有问题", "restricted"),
]
PUBLIC = [
    "截至2025年1月16日，巡察反馈的40个问题，已完成整改24个。",
    "印发《示例市人民检察院建设项目管理办法》（示检发〔2024〕31号）。",
    "示检党组〔2024〕15号", "会纪〔2024〕5号", "立行立改〔2024〕1号通知书",
    "对犯罪嫌疑人应当逮捕的，依法批准逮捕。", "听取检察官意见，由承办人负责。", "当事人不服的，依法告知。",
    "责令1个单位书面检查，诫勉3人、批评教育2人、谈话提醒8人。", "责任人对应落实", "律师参与化解", "当事人张某某已获救助",
    "追缴资金12.68万元，挽损30000000元", "2024年1月至2024年12月", "邮政编码：410000", "法官惩戒制度", "检察官业务能力评审会",
    "群众满意度达98.5%。", "干部职级晋升办法", "书记员和有关人员",
]  # fmt: skip


@pytest.mark.parametrize(("text", "quote", "kind"), HIDDEN)
def test_what_may_not_be_public_is_found_and_masked(text: str, quote: str, kind: str) -> None:
    hits = find_personal(text, names=["韦克明"], secrets=["来信称某院采购有问题"])
    assert [(hit.quote, hit.kind.value) for hit in hits] == [(quote, kind)]
    assert quote not in mask(text, hits)


@pytest.mark.parametrize("text", PUBLIC)
def test_what_may_be_public_is_left_alone(text: str) -> None:
    assert find_personal(text) == []


def test_names_are_masked_as_papers_do() -> None:
    text = "被害人欧阳某某与犯罪嫌疑人张三丰、证人王五"
    assert mask(text, find_personal(text)) == "被害人欧阳某某与犯罪嫌疑人张某某、证人王某"


@pytest.mark.django_db
def test_quoting_a_notice_in_a_petition_makes_no_secret_of_it() -> None:
    publication = make_publication()
    quoted = max(publication.text.replace("。", "\n").split("\n"), key=len)
    own = "另外想说明的是这件事情还没有人回复过我"
    make_answer(publication, f"{quoted}。{own}")
    secrets = private_of(publication.unit).secrets
    assert own in secrets
    assert quoted not in secrets
    Publication.objects.update(withdrawn_at=timezone.now())
    assert quoted in private_of(publication.unit).secrets
