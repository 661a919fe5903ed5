"""What pages show of a programme, policy, pledge or measure: plain data, both languages at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

Text = dict[str, str]
"""Language → text."""

_FIGURES = frozenset({"percent", "stars", "level", "printedValue"})
"""What a note is on that corrects or concludes a figure."""
_BESIDE = frozenset({"responsibleDepartment", "lastChecked", "evidence"})
"""What a score has beside its figure: who is named, when it was looked at, on what it stands."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A link to a node: its document's path below the base, its fragment, its number and its label."""

    path: str
    fragment: str
    number: str
    text: Text


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One score: what it says, by whom, and where it stands.

    ``thing`` is the path of what it is a score of, on whose page it stands; ``quotes`` are the texts of ``lines``,
    each "" where it is not a line. ``interval_origin`` is who says from where to where the grade reaches: what a scale
    prints is Published, what we take its levels for is Inferred; "" where the interval is no grade's.
    """

    id: str
    thing: str
    as_of: str
    origin: str
    adopted: bool
    percent: str
    stars: int | None
    level: Ref | None
    low: str
    high: str
    rounding: str
    printed: str
    method: Ref | None
    lines: list[Ref]
    quotes: list[str]
    derived_from: list[Ref]
    checked: str
    report: Ref | None
    assessors: list[str]
    interval_origin: str = ""

    @property
    def interval_shown(self) -> str:
        """As what the interval is drawn: what hangs on anything that is inferred is inferred."""
        return "Inferred" if "Inferred" in {self.origin, self.interval_origin} else self.interval_origin

    @property
    def star_string(self) -> str:
        """The stars as the report prints them, in two groups of five."""
        if self.stars is None:
            return self.printed
        row = "★" * self.stars + "☆" * (10 - self.stars)
        return f"{row[:5]} {row[5:]}"


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note. ``home`` is the document it lives in."""

    id: str
    home: str
    kind: str
    property: str
    printed: str
    adopted: str
    uncertain: bool
    comment: Text
    targets: list[Ref]
    lines: list[Ref]

    def about(self, score: ScoreView) -> bool:
        """Whether it is about this score; a note on the print also says why another figure was concluded."""
        here = [one.fragment for one in self.targets if one.path == score.thing]
        concluded = score.origin != "Computed" and self.property in _FIGURES
        return score.id in here or (bool(here) and concluded)

    def doubts(self, score: ScoreView) -> bool:
        """Whether it leaves a doubt about the score's figure, and not about what stands beside it."""
        return self.uncertain and self.property not in _BESIDE and self.about(score)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A document that a score is said to stand on, and the place in it."""

    id: str
    as_of: str
    title: Text
    address: str
    page: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action as reported in one assessment."""

    id: str
    as_of: str
    order: int
    text: str
    lines: list[Ref]


@dataclass(slots=True)
class ItemView:
    """A programme, policy, pledge or measure with everything that is said about it."""

    ref: Ref
    kind: str
    id: str
    parents: list[Ref]
    departments: list[Ref]
    lines: list[Ref]
    scores: list[ScoreView] = field(default_factory=list)
    notes: list[NoteView] = field(default_factory=list)
    actions: list[ActionView] = field(default_factory=list)
    evidence: list[EvidenceView] = field(default_factory=list)
    children: list[ItemView] = field(default_factory=list)

    @property
    def as_of(self) -> str:
        """The latest date it is graded for, or ""."""
        return max((score.as_of for score in self.scores), default="")

    def latest(self, origin: str) -> list[ScoreView]:
        """The scores of the latest assessment by one origin."""
        return [score for score in self.scores if score.origin == origin and score.as_of == self.as_of]

    @property
    def printed(self) -> ScoreView | None:
        """The printed score of the latest assessment."""
        return next(iter(self.latest("Published")), None)

    @property
    def adopted(self) -> ScoreView | None:
        """The score that counts in the latest assessment."""
        return next((score for score in self.scores if score.adopted and score.as_of == self.as_of), None)

    @property
    def computed(self) -> list[ScoreView]:
        """The scores computed for the latest assessment."""
        return self.latest("Computed")

    @property
    def uncertain(self) -> bool:
        """Whether a doubt of any kind hangs on it, its scores or its actions."""
        return any(note.uncertain for note in self.notes)

    def doubtful(self, score: ScoreView | None) -> bool:
        """Whether one of its figures is uncertain: the mark beside a figure means this and nothing else."""
        return score is not None and any(note.doubts(score) for note in self.notes)

    @property
    def consistent(self) -> bool | None:
        """Whether the printed percent meets the interval that its parts allow; None where there is none."""
        printed = self.printed
        interval = next((score for score in self.computed if score.low and not score.percent), None)
        if not printed or not printed.percent or not interval:
            return None
        percent = Decimal(printed.percent)
        return percent + 1 > Decimal(interval.low) and (not interval.high or percent < Decimal(interval.high))


def below(item: ItemView, kind: str) -> list[ItemView]:
    """All items of a kind below this one, in order."""
    found = [child for child in item.children if child.kind == kind]
    return found + [one for child in item.children for one in below(child, kind)]
