"""Finding: from a question to the moments that answer it."""

from traumbox.search.asking import Ways
from traumbox.search.service import Clocks, SearchService
from traumbox.search.starters import Starters
from traumbox.search.walks import Tuned, Walk, Walks

__all__ = ["Clocks", "SearchService", "Starters", "Tuned", "Walk", "Walks", "Ways"]
