"""Triples against the shapes and the ontology → problems on the very row that can be mended."""

from pledge_ld.validate.engine import ENGINES, Result, as_turtle, default_engine, run, shapes_text, validate
from pledge_ld.validate.files import Checked, check, record_problems
from pledge_ld.validate.notes import warning_notes
from pledge_ld.validate.report import ontology_terms, problems, rules, unknown_terms

__all__ = [
    "ENGINES",
    "Checked",
    "Result",
    "as_turtle",
    "check",
    "default_engine",
    "ontology_terms",
    "problems",
    "record_problems",
    "rules",
    "run",
    "shapes_text",
    "unknown_terms",
    "validate",
    "warning_notes",
]
