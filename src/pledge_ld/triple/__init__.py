"""Records → triples: pure functions, one a kind of record. Nothing here reads a file, a clock or a setting.

Each yields `Triple`s of N-Triples terms (`pledge_ld.term`). Every node carries where it came from: the line of the
report it stands on, or the pages its facts were read from.
"""

from pledge_ld.triple.city import city_graph, places

__all__ = ["city_graph", "places"]
