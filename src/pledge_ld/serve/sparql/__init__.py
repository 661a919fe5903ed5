"""A read-only SPARQL 1.1 endpoint that no query can kill, and the saved queries as an API."""

from pledge_ld.serve.sparql.held import on_disk
from pledge_ld.serve.sparql.limits import MIB, Limits
from pledge_ld.serve.sparql.routes import sparql_routes
from pledge_ld.serve.sparql.workers import Workers, sparql_workers

__all__ = ["MIB", "Limits", "Workers", "on_disk", "sparql_routes", "sparql_workers"]
