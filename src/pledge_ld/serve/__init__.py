"""A built site on the net: linked data by negotiation, and what its operator needs."""

from pledge_ld.serve.app import app
from pledge_ld.serve.limits import Limits
from pledge_ld.serve.run import limits_of, run
from pledge_ld.serve.sparql import Limits as QueryLimits

__all__ = ["Limits", "QueryLimits", "app", "limits_of", "run"]
