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
from pledge_ld.store.upload import Uploaded, graphs_of, upload

__all__ = [
    "EndpointError", "Federated", "Gathered", "Limits", "Local", "Reply", "Uploaded", "ask_all", "ask_endpoint",
    "ask_many", "formatted", "graphs_of", "local", "put_together", "upload", "with_sources",
]  # fmt: skip
