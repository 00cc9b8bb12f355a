"""Watching by inotify, through watchdog: it only says *where* to look, never what happened.

It knows its limits: file systems that don't tell, a kernel that allows too few watches, a queue
that overflowed, a root that was replaced. Where it can't be relied on it says so, with the remedy,
and the clock finds the changes.
"""

from traumbox.library.watch.watcher import Watcher

__all__ = ["Watcher"]
