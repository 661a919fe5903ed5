"""Records → a published site: one city after the other through the pipeline, then pages and files, then the swap."""

from pledge_ld.publish.city import KINDS, CityData, city_data, city_triples
from pledge_ld.publish.inputs import Inputs, inputs
from pledge_ld.publish.swap import (
    STATE,
    Edition,
    apart,
    checked,
    edition,
    intact,
    locked,
    remembered,
    rollback,
    store_at,
    unstored,
)
from pledge_ld.publish.whole import Built, blocking, build, gone, shrunk

__all__ = [
    "KINDS",
    "STATE",
    "Built",
    "CityData",
    "Edition",
    "Inputs",
    "apart",
    "blocking",
    "build",
    "checked",
    "city_data",
    "city_triples",
    "edition",
    "gone",
    "inputs",
    "intact",
    "locked",
    "remembered",
    "rollback",
    "shrunk",
    "store_at",
    "unstored",
]
