"""Small ledgers of an office with a rule of each kind, for the tests of this room."""

from __future__ import annotations

CASES = """
ledger: tw_cases
label: 试用案件
one: 案件
key: [no]
title: [no]
date: accepted_on
unit: office
fields:
  - {code: no, label: 案号, type: text, required: true}
  - {code: suspect, label: 嫌疑人, type: text, personal: name}
  - {code: office, label: 承办单位, type: unit}
  - {code: department, label: 承办部门, type: department}
  - {code: handler, label: 承办人, type: person}
  - {code: lawyer, label: 律师, type: text}
  - {code: kind, label: 类别, type: choice, enumeration: tw_kinds}
  - {code: tags, label: 特征, type: choices, enumeration: tw_kinds}
  - {code: accepted_on, label: 受理日期, type: date}
  - {code: closed_on, label: 结案日期, type: date}
  - {code: problem, label: 事项, type: long_text}
  - {code: amount, label: 金额, type: money}
  - {code: days, label: 在办天数, type: integer, computed: "days_between(accepted_on, coalesce(closed_on, as_of))"}
rules:
  - rule: stalled
    label: 停滞案件
    source: 本院案件管理办法第3条
    message: "{no}（{suspect}）受理超过{limit}天没有结案。"
    severity: orange
    when: closed_on is null and days_between(accepted_on, as_of) > :limit
    letter: urge
    recipient: department
    parameters:
      limit: {value: 60, label: 几天为停滞, verified: false, source: 本院规定}
  - rule: due
    kind: due
    label: 办案期限
    message: "{no}应于{due}前办结。"
    due: add_months(accepted_on, 3)
    unless: closed_on is not null
    ladder: [{days: 7, severity: yellow}, {days: 1, severity: orange}, {days: -1, severity: red}]
    recipient: handler
  - rule: busy_lawyer
    kind: group
    label: 同一律师代理较多
    message: "{lawyer}半年内代理{count}件。"
    by: [lawyer]
    at_least: ":many"
    within: {amount: 6, unit: month}
    date: accepted_on
    parameters:
      many: {value: 3, label: 几件}
  - rule: same_tags
    kind: group
    label: 同一特征较多
    by: [tags]
    at_least: 2
    where: closed_on is null
  - rule: no_office
    kind: completeness
    label: 没有登记承办人
    when: accepted_on is not null
    fields: [handler]
    enabled: false
  - rule: files
    kind: completeness
    label: 结案没有附件
    when: closed_on is not null
    attachments: 1
  - rule: relative
    kind: comparison
    label: 亲属代理
    message: "{no}的律师{lawyer}在亲属名册上。"
    severity: red
    with_ledger: tw_relatives
    on: left.lawyer = right.name and right.ended_on is null
  - rule: again
    kind: repeat
    label: 事项重复
    message: "{no}与{other}事项近似。"
    text: [problem]
    same: [office]
    differs: [no]
    likeness: 0.7
    within: {amount: 12, unit: month}
    date: accepted_on
  - rule: nothing
    kind: absence
    label: 整季没有受理
    message: "{who}{period}没有受理。"
    who: unit
    field: office
    per: quarter
    date: accepted_on
    grace_days: 5
  - rule: slow
    kind: indicator
    label: 结案率偏低
    indicator: closed_rate
    per: year
    when: value < :least
    message: "{period}结案率为{value}%。"
    parameters:
      least: {value: 50, label: 低于百分之几, verified: false}
indicators:
  - {indicator: accepted, label: 受理案件, numerator: {of: count}, by: [kind, office]}
  - indicator: closed_rate
    label: 结案率
    unit: "%"
    numerator: {of: count, where: closed_on is not null}
    denominator: {of: count}
    factor: 100
    decimals: 2
    target: 90
    better: higher
  - {indicator: money, label: 涉案金额, unit: 万元, numerator: {of: sum, value: amount}, factor: 0.0001, decimals: 2}
  - {indicator: standing, label: 在办案件, standing: true, numerator: {where: "accepted_on <= as_of and (closed_on is null or closed_on > as_of)"}, by: [kind]}
  - {indicator: mean_days, label: 平均在办, unit: 天, numerator: {of: mean, value: days}, decimals: 1}
letters:
  - letter: urge
    label: 办案期限提示函
    serial: 期限提示
    title: 关于{count}件停滞案件的提示函
    opening: "截至{as_of}，{to}下列{count}件案件办理时间较长，现予提示。"
    line: "{n}.{no}，犯罪嫌疑人{suspect}，{accepted_on}受理。{message}"
    closing: ["请于{reply_due}前书面回复。"]
    reply_days: 5
"""
RELATIVES = """
ledger: tw_relatives
label: 亲属名册
key: [name]
fields:
  - {code: name, label: 姓名, type: text, required: true}
  - {code: ended_on, label: 退出日期, type: date}
"""
KINDS = """
enumeration: tw_kinds
label: 类别
versions:
  - since: 2020-01-01
    values:
      - {code: public, label: 公诉}
      - {code: civil, label: 民事}
"""
BROKEN = """
ledger: tw_broken
label: 有误台账
key: [no]
fields:
  - {code: no, label: 编号, type: text}
  - {code: on_day, label: 日期, type: date}
rules:
  - {rule: wrong, label: 写错的规则, when: "no_such_field > 3"}
  - {rule: right, label: 没写错的规则, when: "on_day < as_of"}
"""
