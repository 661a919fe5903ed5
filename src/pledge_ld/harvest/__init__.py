"""Other catalogues' pledge data → checked copies in a folder, each in a graph of its own with where it comes from.

Here is what reads the folder. What fills it is `pledge_ld.harvest.run`, which nobody needs to load who only reads.
"""

from pledge_ld.harvest.bounds import MIB, Bounds
from pledge_ld.harvest.folder import Kept, graph_names, harvested, harvested_files, kept, load_into
from pledge_ld.harvest.provenance import Old, Part, Source, graph_of, provenance_graph

__all__ = [
    "MIB",
    "Bounds",
    "Kept",
    "Old",
    "Part",
    "Source",
    "graph_names",
    "graph_of",
    "harvested",
    "harvested_files",
    "kept",
    "load_into",
    "provenance_graph",
]
