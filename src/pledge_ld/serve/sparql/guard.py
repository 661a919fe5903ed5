"""A query's text, looked at before any parser sees it: what it asks for, and what no worker should be given.

The engine's parser calls itself once for every bracket and every ``UNION``: a text of 4 kB ends the process
(docs/decisions/014). And ``SERVICE`` would make the engine call out. Both are seen in the tokens, in one pass that
takes time in proportion to the text. A worker could not call out even if this were fooled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.serve.sparql.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 100
"""Brackets inside one another, of any kind; the engine dies of 2,195 braces, of fewer than 1,000 ``EXISTS``."""
CHAIN = 1000
"""Operators, unions and other parts that nest in the engine though the text is flat; it dies of some thousands."""
RUN = 50
"""Unary operators in a row."""

_LETTER = r"\w\u0080-\U0010ffff"
_IRI = r'[^<>"{}|^`\\\x00-\x20]*+'
_TOKEN = re.compile(
    rf"""[\x20\t\r\n]*+(?:
    (?P<comment>\#[^\r\n]*+)
  | (?P<iri><{_IRI}(?:\\(?:u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}){_IRI})*+>)
  | (?P<string>\"\"\"(?:\"(?!\"\")|[^"\\]|\\.)*+\"\"\" | '''(?:'(?!'')|[^'\\]|\\.)*+'''
      | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
  | (?P<variable>[?$][{_LETTER}]++)
  | (?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
  | (?P<word>[A-Za-z_\u0080-\U0010ffff][{_LETTER}.\-]*+(?!:))
  | (?P<name>(?:[A-Za-z_\u0080-\U0010ffff][{_LETTER}.\-]*+)?+:
      (?:[{_LETTER}.:\-]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*+)
  | (?P<number>(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
  | (?P<open>\{{\||<<\(|<<|[({{\[])
  | (?P<close>\|\}}|\)>>|>>|[)}}\]])
  | (?P<sign>&&|\|\||\^\^|[<>!]=|[=<>!+*/|^,;.\-~?])
  | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_VARYING = frozenset({"NOW", "RAND", "UUID", "STRUUID"})
"""Functions whose value is another each time."""
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "ADD", "MOVE", "COPY", "WITH"}
_CHAINING = {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "LATERAL", "GRAPH", "EXISTS", "SELECT"}
_SIGNS = {"&&", "||", "+", "-", "*", "/", "|", "^", "!", "=", "<", ">", "<=", ">=", "!="}
_UNARY = {"!", "-", "+", "^"}
_OPERAND = {"variable", "string", "name", "number", "tag", "iri", "close"}
_HIDDEN = {"string", "comment", "iri"}
_BEFORE_A_GRAPH = {"GRAPH", "FROM", "NAMED", "DESCRIBE"}
TOKENS = 200_000
"""Words, names, signs and values of one query."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for: its form, whether it names graphs by ``FROM``, and whether its answer varies by itself."""

    form: str
    names_graphs: bool
    varies: bool


def guarded(text: str) -> Asked:
    """What the text asks for.

    :raises Refusal: for an update, SERVICE, what is no query, or one so nested that no parser should read it
    """
    watch = _Watch()
    for kind, token in _tokens(text):
        watch.see(kind, token)
    watch.end()
    return Asked(watch.form, watch.names_graphs, watch.varies)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    match = _TOKEN.match
    for _ in range(TOKENS):
        found = match(text, place)
        if found and found.lastgroup == "end":
            return
        if found is None or found.lastgroup is None:
            raise Refusal(
                400,
                f"not a SPARQL query: nothing readable at character {place + 1} (an open string or IRI?)",
                f"SPARQLとして読めません。{place + 1}文字目(閉じていない文字列やIRI)を確かめてください",
            )
        place = found.end()
        yield found.lastgroup, found[found.lastgroup]
    raise Refusal(413, f"the query has more than {TOKENS} words", f"問い合わせの語が{TOKENS}を超えます")


class _Watch:
    """What has been seen of a query so far."""

    def __init__(self) -> None:
        self.form = ""
        self.names_graphs = False
        self.varies = False
        self._brackets: list[str] = []
        self._chain = 0
        self._run = 0
        self._last = self._before = ("", "")
        self._hides_service = False
        self._may_be_less_than = False

    def see(self, kind: str, token: str) -> None:
        """Take the next token into account."""
        if kind in _HIDDEN:
            self._hides_service |= "service" in token.lower()
        if kind == "comment":
            return
        if kind == "word":
            # The engine reads keywords where they stand, with nothing between: "true.SERVICE<http://…>".
            for word in re.split(r"[.\-]", token.upper()):
                self._word(word)
        elif kind == "open":
            self._open(token)
        elif kind == "close" and self._brackets:
            self._brackets.pop()
        elif kind == "sign" and token in _SIGNS:
            self._count()
        self._doubt(kind, token)
        self._run = self._run + 1 if kind == "sign" and token in _UNARY else 0
        if self._run > RUN:
            raise _too_deep(f"more than {RUN} operators in a row", f"演算子が{RUN}を超えて続きます")
        self._before, self._last = self._last, (kind, token)

    def _open(self, bracket: str) -> None:
        self._brackets.append(bracket)
        if len(self._brackets) > DEPTH:
            raise _too_deep(f"more than {DEPTH} brackets inside one another", f"括弧の入れ子が{DEPTH}を超えます")
        # "SERVICE:x {" is SERVICE and the name ":x" for the engine, where no triple can stand.
        kind, name = self._last
        prefix = name.partition(":")[0].lower()
        if bracket == "{" and kind == "name" and "service" in prefix and self._before[1].upper() not in _BEFORE_A_GRAPH:
            raise service_refused()

    def end(self) -> None:
        """Look at what only the whole text shows."""
        if not self.form:
            raise Refusal(
                400,
                "not a SPARQL query: expected SELECT, ASK, CONSTRUCT or DESCRIBE",
                "SPARQLとして読めません。SELECT・ASK・CONSTRUCT・DESCRIBE のどれかが必要です",
            )
        if self._hides_service and self._may_be_less_than:
            raise Refusal(
                400,
                "this can be read in two ways: put a space after each < that means 'less than'",
                "二通りに読めます。「より小さい」の < の後に空白を入れてください",
            )

    def _word(self, word: str) -> None:
        if "SERVICE" in word:
            raise service_refused()
        if not self._brackets and word in _UPDATES and not self.form:
            raise updates_refused()
        if word in _FORMS and not self.form:
            self.form = word
        if word == "FROM" and not self._brackets:
            self.names_graphs = True
        self.varies |= word in _VARYING
        if word in _CHAINING:
            self._count()

    def _count(self) -> None:
        self._chain += 1
        if self._chain > CHAIN:
            raise _too_deep(f"more than {CHAIN} operators and groups", f"演算子とグループが{CHAIN}を超えます")

    def _doubt(self, kind: str, text: str) -> None:
        """Remember what the engine might read otherwise: a ``<`` after a value as "less than", up to a # or a quote.

        So ``FILTER(1<2#>'''`` begins a comment for it, and a string here.
        """
        after_value = self._last[0] in _OPERAND and "(" in self._brackets
        if kind == "iri":
            self._may_be_less_than |= "'" in text or ("#" in text and after_value)
        elif text == "<<":
            self._may_be_less_than |= after_value


def service_refused() -> Refusal:
    """The answer to every query that would ask another endpoint."""
    return Refusal(
        403,
        "SERVICE is refused: this endpoint asks no other",
        "SERVICE は使えません。ほかのエンドポイントには問い合わせません",
    )


def updates_refused() -> Refusal:
    """The answer to every update."""
    return Refusal(403, "updates are refused: this endpoint only reads", "更新はできません。読み取り専用です")


def _too_deep(english: str, japanese: str) -> Refusal:
    return Refusal(400, f"too deep for any parser: {english}", f"入れ子が深すぎます。{japanese}")
