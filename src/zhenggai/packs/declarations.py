"""What a pack may declare: ledgers with their fields and views, enumerations, rules, indicators, letters and draws.

Every class is a pydantic model without unknown keys: a word that is not in it is a mistake of the author.  Texts are Chinese, for
people; codes are for machines and stay the same when a text changes.  Expressions are text here and are checked
against the fields of the ledger by :mod:`zhenggai.packs.checking`.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
"""Name for machines: small letters, digits and underscores."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
"""A short text for people."""
Prose = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
"""A longer text for people."""
Expression = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
"""A condition or value over the fields of a ledger; see ``docs/rulesql.md``."""


class Declaration(BaseModel):
    """Base of everything declared: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FieldType(StrEnum):
    """What a field may hold, and how it is kept in a row."""

    TEXT = "text"
    """One line of text."""
    LONG_TEXT = "long_text"
    """Text of several lines."""
    INTEGER = "integer"
    """A whole number."""
    DECIMAL = "decimal"
    """A number with decimals, kept as text to be exact."""
    MONEY = "money"
    """Yuan, with two decimals, kept as text to be exact."""
    PERCENT = "percent"
    """Per cent: 48.37 stands for 48.37 %."""
    DATE = "date"
    """A day, ISO."""
    DATETIME = "datetime"
    """A moment, ISO with minutes."""
    BOOLEAN = "boolean"
    """Yes or no."""
    CHOICE = "choice"
    """One value of an enumeration, kept as its code."""
    CHOICES = "choices"
    """Several values of an enumeration, kept as a list of codes."""
    REFERENCE = "reference"
    """A row of a ledger, kept as the key of that row."""
    UNIT = "unit"
    """A unit of the organisation, kept as its code."""
    DEPARTMENT = "department"
    """A department, kept as its name within the unit."""
    PERSON = "person"
    """A user, kept as the sign-in name."""


class Value(Declaration):
    """One value of an enumeration."""

    code: Code
    """Kept in rows."""
    label: Text
    """Shown, and accepted in imports."""
    also: tuple[Text, ...] = ()
    """Other words for it that imports accept."""
    grade: int | None = None
    """Order among the values, where they have one (grades, severity)."""


class EnumerationVersion(Declaration):
    """The values of an enumeration from a day on."""

    since: datetime.date
    """First day on which these values hold."""
    source: Prose = ""
    """The rule that lays them down."""
    values: tuple[Value, ...] = Field(min_length=1)
    """The values, in the order people see."""


class Enumeration(Declaration):
    """A set of values in versions: a row keeps the value of its time."""

    enumeration: Code
    """Code of the set."""
    label: Text
    """Name of the set."""
    versions: tuple[EnumerationVersion, ...] = Field(min_length=1)
    """From the earliest on."""


class LedgerField(Declaration):
    """A field of a ledger."""

    code: Code
    """Name in rows, expressions and files."""
    label: Text
    """Name on pages and in column heads; expressions may use it too."""
    type: FieldType
    """What it holds."""
    also: tuple[Text, ...] = ()
    """Other column heads that mean this field."""
    help: Prose = ""
    """What to enter, for the person at the form."""
    unit: Text | None = None
    """Measure word or unit of a number: 件, 人, 天, 元."""
    required: bool = False
    """Whether a row needs it."""
    unique: bool = False
    """Whether no two rows of a body may share it."""
    format: Annotated[str, StringConstraints(max_length=200)] = ""
    """Pattern that the whole text must match."""
    format_help: Prose = ""
    """The pattern in words, for the error."""
    minimum: float | None = None
    """Smallest number accepted."""
    maximum: float | None = None
    """Largest number accepted."""
    enumeration: Code | None = None
    """Of a choice: which set."""
    ledger: Code | None = None
    """Of a reference: which ledger."""
    personal: Literal["name", "identity", "phone", "address", "account", "other"] | None = None
    """What personal data it holds; masked unless the reader's post allows."""
    computed: Expression | None = None
    """Value computed from other fields of the row; nobody enters it."""
    default: str | int | float | bool | None = None
    """What a new row starts with."""
    renamed_from: tuple[Code, ...] = ()
    """Earlier codes of this field; rows kept under them are migrated."""


class View(Declaration):
    """A way of looking at a ledger that everybody is offered."""

    view: Code
    """Code of the view."""
    label: Text
    """Name of the view."""
    where: Expression | None = None
    """Which rows."""
    columns: tuple[Code, ...] = ()
    """Which fields, in order; all when empty."""
    sort: tuple[str, ...] = ()
    """Fields to sort by; a leading minus sorts downwards."""
    group: Code | None = None
    """Field to group by."""


class Severity(StrEnum):
    """How urgent an alert is, as offices colour it."""

    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class Parameter(Declaration):
    """A number or word of a rule that an office may set otherwise."""

    value: str | int | float | bool | None
    """What holds unless an office says otherwise."""
    label: Text
    """What it means."""
    verified: bool = True
    """Whether a published rule states this value; false for values that are customary or assumed."""
    source: Prose = ""
    """Where the value is stated."""


class Step(Declaration):
    """A step of a warning ladder."""

    days: int
    """Days before the due day from which the step holds; 0 the day itself, negative after it."""
    severity: Severity
    """How urgent it is from then on."""


class Period(Declaration):
    """A length of time."""

    amount: int = Field(ge=1, le=1000)
    """How many."""
    unit: Literal["day", "month", "year"]
    """Of what."""


class _Rule(Declaration):
    rule: Code
    """Code of the rule."""
    label: Text
    """Name, as it stands on an alert."""
    about: Prose = ""
    """Why it matters and what is to be done."""
    source: Prose = ""
    """Statute and article, or the office's own rule."""
    message: Prose = ""
    """Sentence of the alert; ``{field}`` stands for the field of the row."""
    severity: Severity = Severity.YELLOW
    """How urgent an alert is, where no ladder says so."""
    letter: Code | None = None
    """Letter that the alert offers to draft."""
    recipient: Code | None = None
    """Field that names whom the alert is for: a person, department or unit."""
    parameters: dict[Code, Parameter] = {}
    """Values an office may set otherwise; expressions use them as ``:name``."""
    enabled: bool = True
    """Whether it runs unless an office says otherwise."""


class RowRule(_Rule):
    """A condition on each row."""

    kind: Literal["row"] = "row"
    when: Expression
    """The rows that the rule speaks of."""


class DueRule(_Rule):
    """A day by which something must be done, with warnings before and after."""

    kind: Literal["due"]
    due: Expression
    """The last day, a date."""
    unless: Expression
    """The rows where it is done."""
    when: Expression | None = None
    """The rows that the rule looks at; all when absent."""
    ladder: tuple[Step, ...] = ()
    """From which day how urgent; the scheme ``ladder_scheme`` when empty."""
    ladder_scheme: Code | None = None
    """A shared warning scheme of the packs."""


class GroupRule(_Rule):
    """Too many rows alike within a time."""

    kind: Literal["group"]
    by: tuple[Code, ...] = Field(min_length=1)
    """Fields that make rows alike."""
    at_least: int | str = Field(description="a number, or :name of a parameter")
    """How many are too many."""
    within: Period | None = None
    """Within what time of each other; at any time when absent."""
    date: Code | None = None
    """Field that places a row in time."""
    where: Expression | None = None
    """Rows that count."""
    distinct: Code | None = None
    """Count different values of this field rather than rows."""


class AbsenceRule(_Rule):
    """Somebody or some unit has nothing in a period."""

    kind: Literal["absence"]
    who: Literal["unit", "department", "value"]
    """Every unit of the organisation, every department, or every value of an enumeration or rows of a ledger."""
    field: Code
    """Field of the ledger that names them."""
    among: Code | None = None
    """Ledger (its key) or enumeration that lists who is expected, for ``value``."""
    among_where: Expression | None = None
    """Rows of that ledger that are expected."""
    per: Literal["week", "month", "quarter", "half", "year"]
    """The period that must not be empty."""
    date: Code
    """Field that places a row in a period."""
    where: Expression | None = None
    """Rows that count."""
    grace_days: int | str = 0
    """Days after the period before the rule speaks."""


class ComparisonRule(_Rule):
    """Rows of this ledger against rows of another."""

    kind: Literal["comparison"]
    with_ledger: Code
    """The other ledger."""
    on: Expression
    """When a pair fits; fields as ``left.x`` (this ledger) and ``right.x`` or 左.… and 右.…."""
    find: Literal["pairs", "unmatched"] = "pairs"
    """Report each pair, or each row here that has no partner there."""
    where: Expression | None = None
    """Rows of this ledger that are looked at."""


class RepeatRule(_Rule):
    """Texts that are alike."""

    kind: Literal["repeat"]
    text: tuple[Code, ...] = Field(min_length=1)
    """Fields whose text is compared."""
    same: tuple[Code, ...] = ()
    """Fields that must be equal for two rows to be compared."""
    differs: tuple[Code, ...] = ()
    """Fields that must differ for two rows to be compared."""
    likeness: float | str = 0.8
    """From which likeness on, 0 to 1."""
    within: Period | None = None
    """Within what time of each other."""
    date: Code | None = None
    """Field that places a row in time."""
    where: Expression | None = None
    """Rows that count."""


class IndicatorRule(_Rule):
    """An indicator off its target, base line or trend."""

    kind: Literal["indicator"]
    indicator: Code
    """Which one."""
    when: Expression
    """Over ``value``, ``target``, ``base``, ``previous`` and ``last_year``."""
    per: Literal["month", "quarter", "half", "year"] = "month"
    """The period looked at: the last one that ended."""
    by: Code | None = None
    """Looked at for each value of this field."""


class CompletenessRule(_Rule):
    """What a row must have once it has come so far."""

    kind: Literal["completeness"]
    when: Expression | None = None
    """The rows that must be complete."""
    fields: tuple[Code, ...] = ()
    """Fields that must not be empty."""
    attachments: int = Field(default=0, ge=0)
    """Files that must be attached."""


Rule = Annotated[
    RowRule | DueRule | GroupRule | AbsenceRule | ComparisonRule | RepeatRule | IndicatorRule | CompletenessRule,
    Field(discriminator="kind"),
]


class Measure(Declaration):
    """A number made from rows."""

    of: Literal["count", "sum", "mean", "median", "minimum", "maximum", "distinct"] = "count"
    """How."""
    value: Expression | None = None
    """Of what: a field or an expression; nothing for a count of rows."""
    where: Expression | None = None
    """Of which rows."""
    ledger: Code | None = None
    """Of which ledger; the indicator's own when absent."""


class Indicator(Declaration):
    """A figure over a ledger, by period, unit and any field."""

    indicator: Code
    """Code of the indicator."""
    label: Text
    """Name."""
    about: Prose = ""
    """How it is counted, for readers."""
    source: Prose = ""
    """Where it is defined."""
    unit: Text = "件"
    """Measure word, or % for a rate."""
    numerator: Measure
    """What is counted."""
    denominator: Measure | None = None
    """What it is divided by; undefined when that is nothing."""
    factor: float = 1
    """By what the quotient is multiplied: 100 for per cent, 0.0001 for 万元."""
    decimals: int = Field(default=0, ge=0, le=6)
    """Decimals shown, rounded half up."""
    date: Code | None = None
    """Field that places a row in a period; the ledger's own when absent."""
    standing: bool = False
    """What stands at the end of a period, by conditions over ``as_of``, rather than what fell into it."""
    by: tuple[Code, ...] = ()
    """Fields it is offered by."""
    target: float | None = None
    """What is to be reached."""
    base: float | None = None
    """What it is compared with, e.g. the mean of the province."""
    better: Literal["higher", "lower", "neither"] = "neither"
    """Which way is better; ``neither`` where comparing is not the point."""
    compare_units: bool = False
    """Whether units may be shown beside each other; figures of cases must not rank units."""


class Letter(Declaration):
    """Wording of a letter that an alert offers to draft."""

    letter: Code
    """Code of the letter."""
    label: Text
    """Kind of letter: 办案期限提示函."""
    serial: Text
    """Word of the number: 〔2026〕 stands after it."""
    title: Text
    """Title; slots as in the wording."""
    opening: Prose
    """First paragraph. Slots: ``{body}`` ``{to}`` ``{rule}`` ``{count}`` ``{as_of}`` ``{reply_due}``."""
    line: Prose
    """One paragraph per row: ``{n}`` and fields of the row."""
    closing: tuple[Prose, ...] = ()
    """Last paragraphs."""
    reply_days: int | None = None
    """Days for the answer."""
    reply_workdays: bool = True
    """Whether those are working days."""
    source: Prose = ""
    """Statute and article."""


class Relatives(Declaration):
    """A ledger that says who is related to whom; reviewers stand aside from the work of their relatives."""

    ledger: Code
    """The ledger."""
    person: Code
    """Its field with one of the two."""
    relative: Code
    """Its field with the other."""


class Draw(Declaration):
    """A draw of rows by a seed that is kept, in strata, with people to look at them who need not stand aside."""

    draw: Code
    """Code of the draw."""
    label: Text
    """Name."""
    about: Prose = ""
    """What it is for."""
    source: Prose = ""
    """The rule that asks for it."""
    where: Expression | None = None
    """Rows that may be drawn."""
    again: bool = False
    """Whether a row that a draw of the same name took before may be drawn again."""
    each: tuple[Code, ...] = ()
    """Fields whose every value gives its own share: each prosecutor."""
    strata: tuple[Code, ...] = ()
    """Fields that part such a share evenly: the type of case."""
    percent: float | str = Field(description="a number, or :name of a parameter")
    """What share of the rows, rounded up."""
    at_least: int | str = Field(default=0, description="a number, or :name of a parameter")
    """How many at the least, as far as there are as many."""
    into: Code | None = None
    """Ledger that takes what was drawn; fields of the same code on both sides are carried over."""
    fill: dict[Code, Text] = {}
    """What else stands there, field → text; slots are fields of the row drawn and {seed}, {reviewer}, {day}, {draw} and {n}."""
    reviewers: Code | None = None
    """Ledger of the people who may be asked to look at it; ``reviewer_name`` tells who each is."""
    reviewer_name: Code = "name"
    """Field of that ledger with the person."""
    present: Expression | None = None
    """Rows of that ledger that count: who is in the pool at the time."""
    category: tuple[Code, Code] | None = None
    """Field here and field there that must be equal: the type of case and what the reviewer knows."""
    own: Code | None = None
    """Field here that names whose work it is: never looked at by the same person."""
    avoid: tuple[Code, ...] = ()
    """Fields of both ledgers; who agrees with a row in all of them stands aside."""
    relatives: Relatives | None = None
    """Where relatives are recorded; whoever draws must be able to read it."""
    parameters: dict[Code, Parameter] = {}
    """Values an office may set otherwise."""


class Ledger(Declaration):
    """A ledger: what is recorded, and what is made of it."""

    ledger: Code
    """Code of the ledger."""
    label: Text
    """Name."""
    about: Prose = ""
    """What a row is and who keeps it, for readers."""
    group: Text = "业务台账"
    """Under which heading the ledger stands in the list."""
    source: Prose = ""
    """Statute and article, or the office's own rule."""
    one: Text = "记录"
    """What a row is called: 案件, 听证, 检察建议."""
    store: Literal["rows", "snapshots"] = "rows"
    """Kept by hand, or imported whole from another system."""
    secrecy: Literal["open", "named"] = "open"
    """Open to who may see the body's ledgers, or closed to all but named posts."""
    key: tuple[Code, ...] = ()
    """Fields that tell a row from every other, in imports and references."""
    title: tuple[Code, ...] = ()
    """Fields that stand for a row in links; the key when empty."""
    date: Code | None = None
    """Field that places a row in a period."""
    unit: Code | None = None
    """Field that names the unit a row is about; the body that keeps it when absent."""
    fields: tuple[LedgerField, ...] = Field(min_length=1)
    """The fields, in the order people see."""
    views: tuple[View, ...] = ()
    """Ways of looking that everybody is offered."""
    rules: tuple[Rule, ...] = ()
    """What raises alerts."""
    indicators: tuple[Indicator, ...] = ()
    """Figures."""
    letters: tuple[Letter, ...] = ()
    """Letters that alerts offer to draft."""
    draws: tuple[Draw, ...] = ()
    """How rows are drawn for looking at."""

    def field(self, code: str) -> LedgerField | None:
        """Return the field called *code*, or ``None``."""
        return next((each for each in self.fields if each.code == code), None)


class Extension(Declaration):
    """Changes of an office, or of a pack above, to a ledger declared elsewhere: parts of the same code take the place, others are added."""

    extends: Code
    """The ledger."""
    label: Text | None = None
    about: Prose | None = None
    secrecy: Literal["open", "named"] | None = None
    fields: tuple[LedgerField, ...] = ()
    drop_fields: tuple[Code, ...] = ()
    """Fields that this office does not keep."""
    views: tuple[View, ...] = ()
    rules: tuple[Rule, ...] = ()
    drop_rules: tuple[Code, ...] = ()
    """Rules that this office does not use."""
    indicators: tuple[Indicator, ...] = ()
    letters: tuple[Letter, ...] = ()
    draws: tuple[Draw, ...] = ()
    parameters: dict[str, str | int | float | bool] = {}
    """Values of rules, as ``rule.parameter``."""


class Manifest(Declaration):
    """What a pack says of itself, in ``pack.yaml``."""

    pack: Code
    """Code of the pack."""
    label: Text
    """Name."""
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$")] = "1"
    """Version of the declarations."""
    about: Prose = ""
    """What it is for."""
    requires: tuple[Code, ...] = ()
    """Packs that must be there."""
