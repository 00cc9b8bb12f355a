"""From a sentence or a sound to the moments that match it."""

from traumbox.search.service import SearchService

__all__ = ["SearchService"]
