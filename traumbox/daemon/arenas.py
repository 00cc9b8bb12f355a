"""Keep glibc's allocator from holding hundreds of megabytes for threads that come and go."""

from __future__ import annotations

from traumbox.allocator import ARENAS, M_ARENA_MAX, tell_malloc


def limit_arenas() -> None:
    """Do what MALLOC_ARENA_MAX=2 would have done at the start of the process.

    LanceDB's worker threads each get an arena otherwise: after 3,000 commits that is 600 MB
    instead of 230.
    """
    tell_malloc({M_ARENA_MAX: ARENAS})
