"""Records → a published site: one city after the other through the pipeline, then pages and files, then the swap."""

from pledge_ld.publish.city import CityData, city_data
from pledge_ld.publish.swap import swapped
from pledge_ld.publish.whole import Built, build

__all__ = ["Built", "CityData", "build", "city_data", "swapped"]
