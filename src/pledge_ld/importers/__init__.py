"""Reports → records: all the files of a city's folder, or none."""

from pledge_ld.importers.corrections import Correction, Translation
from pledge_ld.importers.kinds import KINDS, Imported, run

__all__ = ["KINDS", "Correction", "Imported", "Translation", "run"]
