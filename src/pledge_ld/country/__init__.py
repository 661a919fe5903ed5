"""Many cities → their dumps: one city a task, mapped over processes or a cluster, and never all of them in memory."""

from pledge_ld.country.build import build
from pledge_ld.country.disk import opened
from pledge_ld.country.spread import Cluster, Lost, Processes, mapped, spread_over
from pledge_ld.publish import store_at

__all__ = ["Cluster", "Lost", "Processes", "build", "mapped", "opened", "spread_over", "store_at"]
