"""The documentation says what the program does: generated pages are up to date, and nothing is left undocumented."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import judges
import pytest

from pledge_ld.cli import command
from pledge_ld.query import load
from pledge_ld.read import PARSERS
from pledge_ld.record import TABLES
from pledge_ld.validate import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from conftest import Run

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def generate(root: Path) -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", root / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documents(root: Path) -> list[Path]:
    """Every page that a person reads in the repository."""
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("benchmarks/*.md")])


def headings(text: str, level: int) -> list[str]:
    """The titles of one level, outside code."""
    return re.findall(rf"^{'#' * level} (.+)$", _FENCE.sub("", text), re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The fragments by which a page's headings are linked to, as GitHub makes them."""
    slugs = [
        re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-")
        for title in _HEADING.findall(_FENCE.sub("", text))
    ]
    again: Counter[str] = Counter()
    found = set()
    for slug in slugs:
        found.add(f"{slug}-{again[slug]}" if again[slug] else slug)
        again[slug] += 1
    return found


def links(path: Path) -> Iterator[tuple[str, str]]:
    """The relative links of a page: file ("" for itself) and fragment."""
    for target in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", target):
            file, _, fragment = target.partition("#")
            yield file, fragment


def test_generated_pages_are_up_to_date(generate: ModuleType) -> None:
    """Fails when the program changed and nobody ran `make golden`."""
    for path, text in generate.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date: run `make golden`"


def test_every_command_is_documented(root: Path) -> None:
    """Fails when a command has no section with its help and an example, or README does not name it."""
    page = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    readme = (root / "README.md").read_text(encoding="utf-8")
    titles = {title.removeprefix("pledge-ld ") for title in headings(page, 2) if title.startswith("pledge-ld ")}
    assert titles == set(command.commands)
    for name in command.commands:
        section = page.partition(f"## pledge-ld {name}\n")[2].partition("\n## ")[0]
        assert f"Example: pledge-ld {name} " in section, f"{name} --help shows no example"
        assert f"pledge-ld {name} " in readme, f"README does not name {name}"


def test_readme_names_no_command_that_is_missing(root: Path) -> None:
    """Fails when README promises a command that the program does not have."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    code = "\n".join([*_FENCE.findall(readme), *re.findall(r"`([^`\n]+)`", _FENCE.sub("", readme))])
    named = set(re.findall(r"^(?:\$ )?pledge-ld ([a-z]+)\b", code, re.MULTILINE))
    assert {"build", "query"} <= named <= set(command.commands)


def test_every_judge_is_documented(root: Path) -> None:
    """Fails when `make test` installs a program and CONTRIBUTING.md does not say what it judges, or no longer does."""
    section = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## The judges")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    for name, package in judges.packages().items():
        assert [one for one in rows if f"`{name}`" in one and package in one], name
    modules = json.loads((judges.TOOLS / "package.json").read_bytes())["dependencies"]
    for name in modules:
        assert [one for one in rows if f"`{name}`" in one and "npm" in one], name
    named = {one for row in rows for one in re.findall(r"Debian: ([^|;]+)", row)}
    assert {one.strip() for each in named for one in each.split(",")} == set(judges.packages().values())


def test_every_query_is_documented(root: Path) -> None:
    """Fails when a saved query has no section with its question in both languages."""
    page = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    assert headings(page, 3) == list(load())
    for one in load().values():
        assert one.question["ja"] in page
        assert one.question["en"] in page


def test_every_rule_is_documented_once(root: Path, generate: ModuleType) -> None:
    """Fails when a shape, a kind of cell or a rule of the code has no section of its own in docs/rules.md."""
    page = (root / "docs" / "rules.md").read_text(encoding="utf-8")
    cells = [f"cell-{kind}" for kind in (*PARSERS, *generate.CHOICES)]
    wanted = [*rules(), *cells, *generate.explained()]
    assert Counter(headings(page, 3)) == Counter(wanted)


def test_every_rule_says_how_to_mend_in_both_languages(root: Path) -> None:
    """Fails when a section of docs/rules.md lacks one of its halves, or a placeholder of a message is left in it."""
    page = (root / "docs" / "rules.md").read_text(encoding="utf-8")
    for section in page.split("\n### ")[1:]:
        name = section.partition("\n")[0]
        for label in ("- 直し方: ", "- To mend: "):
            text = section.partition(label)[2].partition("\n")[0]
            assert len(text) > len("直す。"), f"{name}: {label}"
        assert "{" not in section, name


def test_a_rule_that_nobody_explains_stops_the_generator(generate: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a new rule could go undocumented, or an old section outlive its rule."""
    known = generate.rules_in_code()
    monkeypatch.setattr(generate, "rules_in_code", lambda: known | {"brand-new"})
    with pytest.raises(ValueError, match="lacks: brand-new"):
        generate.explained()
    monkeypatch.setattr(generate, "rules_in_code", lambda: known - {"csv-row"})
    with pytest.raises(ValueError, match="no longer has: csv-row"):
        generate.explained()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('Problem(path, 1, "row", "a", "b", "csv-row")', ["csv-row"]),
        ('Problem(path, 1, "row", "a", "b", rule="csv-row")', ["csv-row"]),
        ('self.problem("row", "a", "b", "report-order")', ["report-order"]),
        ('folder.wrong("", "file", rule=f"cell-{kind}", ja="")', ["cell-*"]),
        ("Problem(path, 1, where, expected, got, rule)", []),
        ('print("row", "a", "b", "c", "d", "e")', []),
    ],
)
def test_a_rule_is_found_however_it_is_written(generate: ModuleType, root: Path, code: str, found: list[str]) -> None:
    """Fails when a way of making a problem escapes the check that its rule is documented."""
    call = ast.parse(code, mode="eval").body
    assert list(generate._reported(call, root)) == found  # noqa: SLF001 - the one place where ways of writing are told


def test_a_rule_whose_name_is_worked_out_elsewhere_is_refused(generate: ModuleType, root: Path) -> None:
    """Fails when a rule may be named where the generator cannot see it."""
    call = ast.parse('Problem(path, 1, "row", "a", "b", NAMES[0])', mode="eval").body
    with pytest.raises(ValueError, match="cannot be read"):
        list(generate._reported(call, root))  # noqa: SLF001 - as above


def test_every_file_and_column_is_documented(root: Path, generate: ModuleType) -> None:
    """Fails when a kind of file has no section in docs/records.md, or a column no row in it."""
    page = (root / "docs" / "records.md").read_text(encoding="utf-8")
    for cls in (*TABLES, *generate.FILES):
        section = page.partition(f"## {generate.place(cls)}\n")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE) == [one.name for one in cls.columns()]


def test_every_file_of_the_data_is_in_the_layout(root: Path, data: Path) -> None:
    """Fails when a city's folder holds a file that the layout in docs/records.md does not show."""
    layout = (root / "docs" / "records.md").read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    shown = {line.split()[0].rpartition("/")[2] for line in layout.splitlines() if line.split()}
    for path in data.rglob("*"):
        if path.suffix in {".csv", ".toml"}:
            # Scales, mapping sets and days are named as a city names them: their folder is what the layout shows.
            folder = path.relative_to(data).parts[1:-1]
            kind = folder[-1] if folder and not (path.parent / "programme.toml").exists() else ""
            assert f"{kind}/" in layout if kind else path.name in shown, path


def test_every_relative_link_resolves(root: Path) -> None:
    """Fails when a page links to a file that is not there, or to a heading that its page does not have."""
    broken = []
    for page in documents(root):
        for file, fragment in links(page):
            target = (page.parent / file).resolve() if file else page
            if not target.exists():
                broken.append(f"{page.name}: {file}")
            elif fragment and target.suffix == ".md" and fragment not in anchors(target.read_text(encoding="utf-8")):
                broken.append(f"{page.name}: {file}#{fragment}")
    assert not broken


def test_every_page_is_reached_from_readme(root: Path) -> None:
    """Fails when a page of the documentation can be found by nobody who starts at README."""
    reached, waiting = set(), [root / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        waiting += [(page.parent / file).resolve() for file, _ in links(page) if file]
    assert [page for page in documents(root) if page not in reached] == []


def test_readme_and_contributing_name_every_make_target(root: Path) -> None:
    """Fails when a make target is unknown to its readers, or a page names one that does not exist."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {"site", "test"} <= targets
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (root / name).read_text(encoding="utf-8")
        assert set(re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE)) == targets, name


def test_readme_s_answer_is_the_query_s(root: Path, cli: Callable[..., Run]) -> None:
    """Fails when the figures that README shows are not those of the data."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^```console\n\$ pledge-ld (.+)\n([\s\S]+?)```$", readme, re.MULTILINE)
    assert found
    run = cli(root, *found[1].split())
    assert (run.code, run.out) == (0, found[2])


def test_what_readme_says_comes_out_comes_out(root: Path, site: Path) -> None:
    """Fails when README's tree of the site names a file that a build does not make."""
    tree = (root / "README.md").read_text(encoding="utf-8").partition("site/public/\n")[2].partition("```")[0]
    named: list[str] = []
    for word in tree.split():
        if re.fullmatch(r"\.[a-z]+", word):
            named.append(named[-1].rpartition(".")[0] + word)
        elif re.fullmatch(r"[A-Za-z0-9/_-]+\.[a-z]+", word):
            named.append(word)
    assert {"index.html", "data/all.nq", "jp/012131.jsonld", "ns.ttl"} <= set(named)
    files = {one.relative_to(site).as_posix() for one in site.rglob("*")}
    names = [one.replace("NAME", "overall_progress") for one in named]
    assert [one for one in names if one not in files] == []


def test_the_documented_order_of_imports_holds(root: Path) -> None:
    """Fails when a module imports from its own group, or from one to its right, in the order docs/design.md shows."""
    design = (root / "docs" / "design.md").read_text(encoding="utf-8")
    order = re.search(r"^problem \|.*\| cli$", design, re.MULTILINE)
    assert order
    place = {name.strip(): index for index, group in enumerate(order[0].split("|")) for name in group.split(",")}
    package = root / "src" / "pledge_ld"
    wrong = []
    for path in package.rglob("*.py"):
        name = path.relative_to(package).with_suffix("").parts[0]
        if name in {"__init__", "__main__"}:
            continue
        assert name in place, f"docs/design.md does not place {name}"
        later = [one for one in imports(path) & place.keys() - {name} if place[one] >= place[name]]
        wrong += [f"{path.relative_to(package)} imports {one}" for one in later]
    assert not wrong


def imports(path: Path) -> set[str]:
    """The modules of the package that a file imports from, by the first part of their name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pledge_ld":
            parts = (node.module or "").split(".")
            found |= {parts[1]} if len(parts) > 1 else {one.name for one in node.names}
    return found


def test_the_changelog_has_this_version(root: Path) -> None:
    """Fails when the version that is built has no entry."""
    version = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    titles = headings((root / "CHANGELOG.md").read_text(encoding="utf-8"), 2)
    assert any(version[1] in title for title in titles)
