"""Synthetic municipalities: folders of records as large and as damaged as a real city's, and marked as made up.

``python benchmarks/synthetic.py FOLDER NUMBER`` writes them. Nothing in them is of a real place: the country is ``zz``,
which ISO 3166 leaves to users, and every label says in both languages that it is synthetic. The same seed writes the
same bytes, and a municipality's records do not depend on how many others are made.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pledge_ld.importers.write import as_csv, as_toml
from pledge_ld.record import (
    Action,
    BandMapping,
    Change,
    City,
    Department,
    Level,
    LineRef,
    MappingSet,
    Measure,
    Note,
    Person,
    Pledge,
    Policy,
    Programme,
    Record,
    Report,
    Scale,
    Score,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

R = TypeVar("R", bound=Record)

COUNTRY, TERM, AS_OF = "zz", "2022", "2024-03-31"
JA, EN = "【合成】", "Synthetic: "
PAGE = "https://example.org/synthetic"
POLICIES, PLEDGES, MEASURES, ACTIONS, DEPARTMENTS = 5, 5, 2, 130, 20
"""Of a municipality; of a policy; of a pledge; of a municipality; of a municipality."""
_ALL = POLICIES * PLEDGES * MEASURES
DAMAGED = 3
"""Measures of a municipality whose stars cannot be read as printed."""
EXTREME = 0.1
"""The share of the measures that are done, or hardly begun."""
BREAKS = 10
"""One municipality in so many prints a policy's figure that its own method does not give."""
STEPS = 10
"""Stars on the scale, besides none."""
_ROMAN = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ")
_FIELDS = (
    ("子育て支援", "support for families"), ("高齢者福祉", "care for older people"), ("防災", "preparedness"),
    ("観光振興", "tourism"),
    ("行政改革", "administrative reform"), ("学校教育", "schools"), ("環境保全", "environment"),
    ("港湾整備", "the harbour"), ("地域交通", "local transport"), ("農業振興", "farming"), ("文化財", "heritage"),
    ("健康づくり", "public health"), ("移住定住", "settlement"), ("上下水道", "water and sewerage"),
    ("公園緑地", "parks"), ("中小企業支援", "small businesses"), ("スポーツ", "sport"),
    ("窓口サービス", "counter services"),
    ("財政運営", "finances"), ("デジタル化", "digital services"),
)  # fmt: skip
_DEEDS = (
    ("計画を策定します", "draw up a plan for"), ("体制を強化します", "strengthen the organisation of"),
    ("利用者の負担を軽減します", "lower what users pay for"), ("施設を改修します", "renovate the facilities of"),
    ("相談窓口を設置します", "open an advice desk for"), ("民間との協働を進めます", "work with partners on"),
)  # fmt: skip
_DONE = (
    "検討会を3回開催した",
    "実施計画を公表した",
    "対象を拡大した",
    "設計を終えた",
    "補助制度を開始した",
    "調査を行った",
)
_KANA = "あいうえおかきくけこさしすせそたちつてと"


@dataclass(slots=True)
class _Made:
    """What a municipality's tables hold so far, and the lines of its report."""

    policies: list[Policy]
    pledges: list[Pledge]
    measures: list[Measure]
    actions: list[Action]
    scores: list[Score]
    notes: list[Note]
    lines: list[str]

    def printed(self, text: str) -> int:
        """The number of the report's new line."""
        self.lines.append(f"{JA}{text}")
        return len(self.lines)


def _made(cls: type[R], **values: Any) -> R:
    """A record whose columns are empty but for ``values``: a column that is new in the program need not be named."""
    cells: dict[str, Any] = {one.name: values.get(one.name) for one in cls.columns()}
    make: Any = cls
    record: R = make("", 0, **cells)
    return record


def folder(number: int) -> str:
    """The name of a municipality's folder."""
    return f"{COUNTRY}-{900000 + number}-synthetic-{number:04d}"


def files(number: int, seed: int = 0) -> dict[str, bytes]:
    """The files of one municipality by their paths below its folder."""
    dice = random.Random(f"{seed} {number}")  # noqa: S311 - a seed must give the same city again, which no secure source of numbers does
    broken = number % BREAKS == 0
    departments = [_department(index) for index in range(DEPARTMENTS)]
    made = _Made([], [], [], [], [], [], [])
    made.printed("市長公約の取組状況(架空の自治体の架空の報告書)")
    damaged = frozenset(dice.sample(range(_ALL), DAMAGED))
    _policies(made, dice, damaged, [one.id for one in departments], broken=broken)
    charged = {id_ for score in made.scores for id_ in score.departments}
    departments = [one for one in departments if one.id in charged]
    tables: dict[str, bytes] = {
        "city.toml": as_toml(_city(number)),
        "departments.csv": as_csv(Department, departments),
        "people.csv": as_csv(Person, [_mayor(number)]),
        "changes.csv": as_csv(Change, [_change()]),
        "scales/ten-step.toml": as_toml(_scale()),
        "scales/ten-step.csv": as_csv(Level, [_level(step) for step in range(STEPS + 1)]),
        "mappings/ten-step.toml": as_toml(_mapping_set()),
        "mappings/ten-step.csv": as_csv(BandMapping, [_mapping(step) for step in range(STEPS + 1)]),
        f"{TERM}/programme.toml": as_toml(_programme(number, broken=broken)),
        f"{TERM}/policies.csv": as_csv(Policy, made.policies),
        f"{TERM}/pledges.csv": as_csv(Pledge, made.pledges),
        f"{TERM}/measures.csv": as_csv(Measure, made.measures),
        f"{TERM}/actions/{AS_OF}.csv": as_csv(Action, made.actions),
        f"{TERM}/scores/{AS_OF}.csv": as_csv(Score, made.scores),
        f"{TERM}/notes/{AS_OF}.csv": as_csv(Note, made.notes),
        f"{TERM}/reports/{AS_OF}.toml": as_toml(_report(number)),
        "source/report.txt": ("\n".join(made.lines) + "\n").encode(),
    }
    return tables


def _policies(
    made: _Made, dice: random.Random, damaged: frozenset[int], departments: list[str], *, broken: bool
) -> None:
    """Grades from below upwards, as a city that keeps to its method works them out."""
    percents = [_percent(dice, readable=place not in damaged) for place in range(_ALL)]
    wholes: list[int] = []
    for policy in range(1, POLICIES + 1):
        at = (policy - 1) * PLEDGES * MEASURES
        pledges = [
            sum(percents[place : place + MEASURES]) // MEASURES
            for place in range(at, at + PLEDGES * MEASURES, MEASURES)
        ]
        # A misprint that no rounding explains, in a city that does not say how it rounds.
        wholes.append(sum(pledges) // PLEDGES + (4 if broken and policy == 1 else 0))
        ja, en = _FIELDS[dice.randrange(len(_FIELDS))]
        line = made.printed(f"{_ROMAN[policy - 1]} {ja}のまちを築きます {wholes[-1]}%")
        made.policies.append(_named(Policy, f"{policy}", _ROMAN[policy - 1], (f"{ja}のまちを築きます", en), line))
        made.scores.append(_score(f"policy/{policy}", line, percent=Decimal(wholes[-1])))
        for pledge, percent in enumerate(pledges, 1):
            _pledge(made, dice, f"{policy}-{pledge}", percent)
            for measure in range(1, MEASURES + 1):
                place = at + (pledge - 1) * MEASURES + measure - 1
                id_, stars = f"{policy}-{pledge}-{measure}", percents[place] * STEPS // 100
                _measure(made, dice, id_, stars, departments, damaged=place in damaged, place=place)
    overall = Decimal(sum(wholes)) / POLICIES
    made.scores.insert(0, _score("programme", made.printed(f"全体 {overall}%"), percent=overall))


def _percent(dice: random.Random, *, readable: bool) -> int:
    """How far a measure is: now and then done, or hardly begun. Ten stars fill the line, so none is lost there."""
    return dice.choice((0, 5, 100)) if readable and dice.random() < EXTREME else dice.randint(15, 99)


def _title(dice: random.Random) -> tuple[str, str]:
    field, deed = _FIELDS[dice.randrange(len(_FIELDS))], _DEEDS[dice.randrange(len(_DEEDS))]
    return f"{field[0]}の{deed[0]}", f"{deed[1]} {field[1]}"


def _named(cls: type[R], id_: str, number: str, title: tuple[str, str], line: int, **more: Any) -> R:
    ja, en = title
    lines = (LineRef(AS_OF, line),)
    return _made(
        cls, id=id_, number=number, title_ja=f"{JA}{ja}", title_en=f"{EN}{en} ({id_})", source_lines=lines, **more
    )


def _score(thing: str, line: int, **more: Any) -> Score:
    given = {"origin": "published", "departments": ()} | more
    return _made(Score, thing=thing, source_lines=(LineRef("", line),), **given)


def _pledge(made: _Made, dice: random.Random, id_: str, percent: int) -> None:
    title, number = _title(dice), f"{_ROMAN[int(id_[0]) - 1]}{id_[1:]}"
    line = made.printed(f"{number} {title[0]} {percent}%")
    made.pledges.append(_named(Pledge, id_, number, title, line, policy=id_.partition("-")[0]))
    made.scores.append(_score(f"pledge/{id_}", line, percent=Decimal(percent)))


def _measure(
    made: _Made, dice: random.Random, id_: str, stars: int, departments: list[str], *, damaged: bool, place: int
) -> None:
    title, number, thing = _title(dice), f"{_ROMAN[int(id_[0]) - 1]}{id_[1:]}", f"measure/{id_}"
    print_ = "★" * stars + "☆" * (STEPS - stars - damaged)
    line = made.printed(f"{title[0]} {print_}")
    made.measures.append(_named(Measure, id_, number, title, line, pledge=id_.rpartition("-")[0]))
    responsible = tuple(sorted(dice.sample(departments, dice.randint(1, 3))))
    if damaged:
        made.scores.append(_score(thing, line, printed=print_, departments=responsible))
        made.scores.append(_score(thing, line, origin="inferred", stars=stars))
        made.notes.append(_note(f"n{place}", thing, print_, str(stars), line))
    else:
        made.scores.append(_score(thing, line, stars=stars, departments=responsible))
    for order in range(1, ACTIONS // _ALL + (place < ACTIONS % _ALL) + 1):
        text = f"{JA}{_FIELDS[dice.randrange(len(_FIELDS))][0]}について{_DONE[dice.randrange(len(_DONE))]}。"
        made.actions.append(_made(Action, measure=id_, order=order, text_ja=text, source_lines=(LineRef("", line),)))


def _note(id_: str, thing: str, printed: str, adopted: str, line: int) -> Note:
    return _made(
        Note, id=id_, kind="inferred", targets=(f"{thing}#score", f"{thing}#score-inferred"), property="pledge:stars",
        printed=printed, adopted=adopted, adopted_thing=f"{thing}#score-inferred", uncertain=True,
        comment_ja=f"{JA}印刷された星が九つしかない。塗られた星の数を採った。",
        comment_en=f"{EN}nine stars are printed; the filled ones were counted.", source_lines=(LineRef("", line),),
    )  # fmt: skip


def _department(index: int) -> Department:
    ja, en = _FIELDS[index]
    name = f"division-{index + 1:02d}"
    return _made(
        Department, id=name, name_ja=f"{JA}{ja}課", reading=f"ごうせいか{_KANA[index]}", name_en=f"{EN}division of {en}"
    )


def _city(number: int) -> City:
    return _made(
        City, country=COUNTRY, code=f"{900000 + number}", name_ja=f"{JA}架空市{number:04d}",
        name_en=f"{EN}City {number:04d}", reading="かくうし", region_ja=f"{JA}架空県", region_en=f"{EN}prefecture",
        sources=(PAGE,),
    )  # fmt: skip


def _mayor(number: int) -> Person:
    return _made(
        Person, id="mayor", name_ja=f"{JA}市長{number:04d}", reading="ごうせい", name_en=f"{EN}mayor {number:04d}",
        sources=(PAGE,),
    )  # fmt: skip


def _change() -> Change:
    day = date(2024, 5, 1)
    return _made(
        Change, date=day, programme=TERM, as_of=date.fromisoformat(AS_OF), change_ja=f"{JA}作成", change_en=f"{EN}made"
    )


def _scale() -> Scale:
    return _made(
        Scale, title_ja=f"{JA}10段階評価", title_en=f"{EN}ten steps", construct="degree-of-completion",
        definition_ja=f"{JA}定義は公表されていない。", definition_en=f"{EN}none published.", sources=(PAGE,),
    )  # fmt: skip


def _level(step: int) -> Level:
    return _made(
        Level, id=str(step), order=step, label_ja=f"{JA}★{step}", label_en=f"{EN}{step} stars",
        definition_ja=f"{JA}定義は公表されていない", definition_en=f"{EN}none published",
        percent_at_least=Decimal(step * 10), percent_below=Decimal(step * 10 + 10) if step < STEPS else None,
    )  # fmt: skip


def _mapping_set() -> MappingSet:
    return _made(
        MappingSet, title_ja=f"{JA}10段階評価と共通の区分", title_en=f"{EN}ten steps and the bands", scale="ten-step",
        author_ja=f"{JA}作成者", author_en=f"{EN}author", date=date(2024, 5, 1), adopted=True,
        note_ja=f"{JA}架空の判断", note_en=f"{EN}a judgement on nothing real",
    )  # fmt: skip


def _mapping(step: int) -> BandMapping:
    match, band = {0: ("close", "not-begun-or-dropped"), STEPS: ("exact", "done")}.get(step, ("exact", "under-way"))
    return _made(
        BandMapping, level=str(step), match=match, band=band, note_ja=f"{JA}架空の判断",
        note_en=f"{EN}a judgement on nothing real",
    )  # fmt: skip


def _programme(number: int, *, broken: bool) -> Programme:
    return _made(
        Programme, title_ja=f"{JA}架空市{number:04d}長公約", title_en=f"{EN}pledges of the mayor of City {number:04d}",
        mayor="mayor", term_start=date(2022, 7, 1), term_months=48, ended_early=False, unofficial_languages=("en",),
        measures_per_pledge=MEASURES, pledges_per_policy=PLEDGES,
        calculation=("mean-of-measures", "mean-of-pledges", "mean-of-policies"),
        rounding_measure="floor", rounding_pledge="unknown", rounding_policy="unknown" if broken else "floor",
        rounding_overall="none", sources=(PAGE,),
    )  # fmt: skip


def _report(number: int) -> Report:
    return _made(
        Report, title_ja=f"{JA}架空市{number:04d}の取組状況", title_en=f"{EN}progress in City {number:04d}",
        published="2024-05", period_start=date(2022, 7, 1), period_end=date.fromisoformat(AS_OF), scale="ten-step",
        assessors=("department",), graded="measure", unit_ja="施策", unit_en="measure",
        item_count=_ALL, source="source/report.txt", source_lines=(LineRef("", 1),),
    )  # fmt: skip


def write(out: Path, numbers: range, seed: int = 0) -> Iterator[Path]:
    """Writes the municipalities of these numbers below ``out``; the folder of each when it is there."""
    for number in numbers:
        place = out / folder(number)
        for name, content in files(number, seed).items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield place


def main() -> None:
    """Writes as many municipalities as asked for."""
    arguments = argparse.ArgumentParser(description="Write folders of made-up records to measure and test with.")
    arguments.add_argument("folder", type=Path, help="an empty folder, never data/")
    arguments.add_argument("number", type=int, help="how many municipalities")
    arguments.add_argument("--seed", type=int, default=0)
    asked = arguments.parse_args()
    if asked.folder.exists() and any(asked.folder.iterdir()):
        arguments.error(f"{asked.folder} is not empty: made-up records never stand beside real ones")
    print(f"{sum(1 for _ in write(asked.folder, range(1, asked.number + 1), asked.seed))} municipalities")


if __name__ == "__main__":
    main()
