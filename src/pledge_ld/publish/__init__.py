"""Records → a published site: one city after the other through the pipeline, then pages and files, then the swap."""

from pledge_ld.publish.city import CityData, city_data
from pledge_ld.publish.swap import STATE, rollback
from pledge_ld.publish.whole import Built, build, site_artefacts

__all__ = ["STATE", "Built", "CityData", "build", "city_data", "rollback", "site_artefacts"]
