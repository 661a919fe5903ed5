"""A mayor's pledges as five-star linked open data, and as a site people read."""

__version__ = "0.1.0"
__all__ = ["__version__"]
