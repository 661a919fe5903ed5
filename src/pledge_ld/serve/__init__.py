"""A built site on the net: linked data by negotiation, and what its operator needs."""

from pledge_ld.serve.app import app
from pledge_ld.serve.limits import Limits
from pledge_ld.serve.run import run

__all__ = ["Limits", "app", "run"]
