"""The sections of benchmarks/README.md that the benchmarks write themselves."""

from __future__ import annotations

from pathlib import Path

_README = Path(__file__).parent / "README.md"


def keep(section: str, text: str) -> None:
    """Puts the text between the marks of this section, in the place of what stood there."""
    start, end = f"<!-- {section} -->", f"<!-- end of {section} -->"
    content = _README.read_text(encoding="utf-8")
    head, tail = content.split(start)[0], content.split(end)[1]
    _README.write_text(f"{head}{start}\n{text}\n{end}{tail}", encoding="utf-8")
