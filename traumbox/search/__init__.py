"""Finding: from a question to the moments that answer it."""

from traumbox.search.asking import Ways
from traumbox.search.service import Clocks, SearchService

__all__ = ["Clocks", "SearchService", "Ways"]
