"""Where a query is asked: the records here, in memory, or SPARQL endpoints elsewhere; and where graphs are kept."""

from pledge_ld.store.endpoint import EndpointError, Limits, Reply
from pledge_ld.store.federation import (
    Federated,
    Gathered,
    ask_all,
    ask_endpoint,
    ask_many,
    formatted,
    put_together,
    with_sources,
)
from pledge_ld.store.local import Local, local

__all__ = [
    "EndpointError", "Federated", "Gathered", "Limits", "Local", "Reply", "ask_all", "ask_endpoint",
    "ask_many", "formatted", "local", "put_together", "with_sources",
]  # fmt: skip
