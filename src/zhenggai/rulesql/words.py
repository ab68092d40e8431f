"""Plain text → the words of the language, and nothing else: the first gate.

sqlglot's tokenizer for DuckDB cuts the text.  Every word that is no keyword of ours becomes a plain name, and every sign
that is not on the list is refused here, so that the parser never meets a statement, a cast, a lambda or a parameter.
What a statement could have been made of is told apart only to say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import pairwise

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from zhenggai.rulesql.problems import Problem
from zhenggai.rulesql.reading import Plain

MOST_WORDS = 6_000
DEEPEST = 40
"""Levels of brackets and CASE."""
_LONGEST_RUN = 8
"""Signs or NOTs in a row."""
_MOST_NOTS = 200

KEYWORDS = {
    TokenType.AND: "AND", TokenType.OR: "OR", TokenType.NOT: "NOT", TokenType.IN: "IN", TokenType.IS: "IS",
    TokenType.LIKE: "LIKE", TokenType.BETWEEN: "BETWEEN", TokenType.CASE: "CASE", TokenType.WHEN: "WHEN",
    TokenType.THEN: "THEN", TokenType.ELSE: "ELSE", TokenType.END: "END",
}  # fmt: skip
"""Words with a meaning of their own."""
_SIGNS = {
    TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA, TokenType.DOT, TokenType.EQ, TokenType.NEQ, TokenType.LT,
    TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH,
    TokenType.DIV, TokenType.MOD, TokenType.DPIPE, TokenType.NUMBER, TokenType.STRING, TokenType.IDENTIFIER,
}  # fmt: skip
_VALUES = {TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER}
_ENDS = _VALUES | {TokenType.R_PAREN, TokenType.END}
_STATEMENTS = frozenset(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "WITH",
        "UNION",
        "INSERT",
        "UPDATE",
        "DELETE",
        "DROP",
        "CREATE",
        "ALTER",
        "ATTACH",
        "DETACH",
        "COPY",
        "PRAGMA",
        "SET",
        "INSTALL",
        "LOAD",
        "EXPORT",
        "IMPORT",
        "CALL",
        "EXECUTE",
        "PREPARE",
        "EXISTS",
        "JOIN",
        "GROUP",
        "HAVING",
        "VACUUM",
        "DESCRIBE",
        "SHOW",
        "USE",
        "TRUNCATE",
        "MERGE",
        "GRANT",
        "OVER",
        "FILTER",
        "LATERAL",
    ]
)
_CHINESE = {
    "且": "AND", "并且": "AND", "而且": "AND", "和": "AND", "与": "AND", "或": "OR", "或者": "OR", "不": "NOT", "非": "NOT",
    "并非": "NOT", "等于": "=", "不等于": "<>", "大于": ">", "小于": "<", "大于等于": ">=", "小于等于": "<=", "不小于": ">=",
    "不大于": "<=", "早于": "<", "晚于": ">", "属于": "IN", "包含": "contains(字段, '文字')", "为空": "IS NULL", "不为空": "IS NOT NULL",
    "是空": "IS NULL", "介于": "BETWEEN", "如果": "if(条件, 值, 否则的值)",
}  # fmt: skip
_UNITS = (
    "天",
    "日",
    "个",
    "月",
    "年",
    "件",
    "人",
    "次",
    "万",
    "元",
    "小时",
    "工作日",
    "周",
    "岁",
    "倍",
    "项",
    "条",
    "户",
)
DATE_LITERALS = {"DATE": TokenType.DATE, "TIMESTAMP": TokenType.TIMESTAMP, "DATETIME": TokenType.DATETIME}
_WORD = re.compile(r"[^\W\d]\w*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an expression, ready for the parser."""

    tokens: list[Token]
    """Only of kinds that the parser may see."""
    dated: dict[int, str]
    """Where a string stands that was written ``DATE '…'`` → that word."""
    brackets: dict[int, int]
    """Where the word before a bracket ends → behind its closing bracket."""


def words(text: Plain, names: Callable[[str], bool], report: Callable[[Problem], None]) -> Words | None:
    """Return the words of *text*, or None when the parser should not see them.

    Args:
        text: What to read.
        names: Tells whether a word names a column.
        report: Is told each problem.
    """
    try:
        tokens = Dialect.get_or_raise("duckdb").tokenize(text.text)
    except TokenError:
        report(Problem("open_quote", *text.span(len(text.text) - 1, len(text.text))))
        return None
    if not tokens:
        report(Problem("empty", 0, 0))
        return None
    if len(tokens) > MOST_WORDS:
        span = text.span(0, len(text.text))
        report(Problem("too_many_words", *span, {"count": len(tokens), "limit": MOST_WORDS}))
        return None
    gate = _Gate(text, tokens, names, report)
    kept = gate.pass_all()
    return None if gate.refused else Words(kept, gate.dated, gate.brackets)


class _Gate:
    def __init__(
        self, text: Plain, tokens: list[Token], names: Callable[[str], bool], report: Callable[[Problem], None]
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.names = names
        self.tell = report
        self.refused = False
        self.dated: dict[int, str] = {}
        self.brackets: dict[int, int] = {}

    def report(self, code: str, token: Token, last: Token | None = None, **slots: object) -> None:
        self.refused = True
        self.tell(Problem(code, *self.text.span(token.start, (last or token).end + 1), slots))

    def pass_all(self) -> list[Token]:
        kept: list[Token] = []
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
            at += self._one(token, following, at, kept)
        self._nesting(kept)
        return kept

    def _one(self, token: Token, following: Token | None, at: int, kept: list[Token]) -> int:
        """Pass one word on, or report it; return how many words were read."""
        token.comments = []
        kind = token.token_type
        raw = self.text.text[token.start : token.end + 1]
        if kind in KEYWORDS:
            kept.append(token)
            return 1
        if raw.upper() in DATE_LITERALS and following is not None and following.token_type is TokenType.STRING:
            self.dated[following.start] = raw.upper()
            return 1
        if kind is TokenType.COLON and following is not None and _WORD.fullmatch(following.text):
            kept.append(
                Token(TokenType.VAR, f":{following.text}", following.line, following.col, token.start, following.end)
            )
            return 2
        if kind is TokenType.NUMBER:
            return self._number(token, at, kept)
        if kind in _SIGNS:
            kept.append(token)
            return 1
        if _WORD.fullmatch(raw):
            return self._word(token, raw, following, kept)
        if kind is TokenType.SEMICOLON:
            self.report("semicolon", token)
        else:
            self.report("refused", token, what=f"“{raw[:20]}”")
        return 1

    def _word(self, token: Token, raw: str, following: Token | None, kept: list[Token]) -> int:
        known = self.names(raw)
        if not known and raw.upper() in _STATEMENTS:
            self.report("statement", token, word=raw.upper())
        elif not known and raw in _CHINESE:
            self.report("chinese_word", token, word=raw, sql=_CHINESE[raw])
        else:
            token.token_type = TokenType.VAR
            token.text = raw
            kept.append(token)
        return 1

    def _number(self, token: Token, at: int, kept: list[Token]) -> int:
        run = self.tokens[at : at + 5]
        kinds = [each.token_type for each in run]
        dashes = [TokenType.NUMBER, TokenType.DASH] * 2 + [TokenType.NUMBER]
        slashes = [TokenType.NUMBER, TokenType.SLASH] * 2 + [TokenType.NUMBER]
        if kinds in (dashes, slashes) and len(token.text) == 4 and run[4].end - token.start <= 9:
            touching = all(a.end + 1 == b.start for a, b in pairwise(run))
            if touching:
                year, month, day = (run[0].text, run[2].text, run[4].text)
                self.report("bare_date", token, run[4], text=f"{year}-{month.zfill(2)}-{day.zfill(2)}")
                return 5
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if following is not None and following.start == token.end + 1 and _WORD.match(following.text):
            unit = following.text
            if unit.startswith(_UNITS) or following.token_type is TokenType.VAR:
                self.report("unit", following, unit=unit[:10])
                return 2
        kept.append(token)
        return 1

    def _nesting(self, kept: Collection[Token]) -> None:
        """Refuse what is nested so deeply that parsing it is not worth a try, and brackets without partners."""
        open_brackets: list[tuple[Token, Token | None]] = []
        before: Token | None = None
        cases = run = nots = 0
        deepest = 0
        for token in kept:
            kind = token.token_type
            if kind is TokenType.L_PAREN:
                open_brackets.append((token, before))
            elif kind is TokenType.R_PAREN:
                if not open_brackets:
                    self.report("extra_bracket", token)
                    return
                _opened, named = open_brackets.pop()
                if named is not None:
                    self.brackets[named.end] = token.end + 1
            if kind in _VALUES and before is not None and before.token_type in _ENDS and not self.refused:
                self.report("no_operator", before, token)
                return
            before = token
            cases += {TokenType.CASE: 1, TokenType.END: -1}.get(kind, 0)
            nots += kind is TokenType.NOT
            run = run + 1 if kind in (TokenType.NOT, TokenType.DASH, TokenType.PLUS) else 0
            deepest = max(deepest, len(open_brackets) + cases)
            if deepest > DEEPEST or run > _LONGEST_RUN or nots > _MOST_NOTS:
                self.report("too_deep", token, limit=DEEPEST)
                return
        if open_brackets:
            self.report("open_bracket", open_brackets[-1][0])
