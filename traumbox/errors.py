"""Every error traumbox raises on purpose, drawn as a tree.

TraumboxError
├── ConfigError          the configuration can't be used (exit code 2)
├── UnknownFolderError   no watched folder has that name
├── NothingHeldError     no removal waits for a word in that folder
├── AudioError           this file can't be heard, and trying again won't help until it changes
├── ListenerError        the listener process died or hung on a file
│   ├── ListenerBusyError    it has no time for somebody's sound just now
│   ├── ListenerClosedError  it was closed on purpose; no file is to blame
│   └── ListenerStartError   it can't be started or talked to; no file is to blame
├── ModelError           a model's files are absent, damaged or of another version
│   ├── FetchError           one can't be had now (embedders/supply, with its own kinds)
│   └── FetchStopped         its getting was stopped on purpose
├── StoreError           the ledger or the index can't be read or written
└── AlreadyRunningError  another process holds the data folder

A message names the thing, the value and the remedy, in words for the owner of the machine.
"""

from __future__ import annotations

from pathlib import Path


class TraumboxError(Exception):
    """Root of all errors that are meant for a person to read."""


class ConfigError(TraumboxError):
    """The configuration can't be used; the message lists every mistake, one a line."""


class UnknownFolderError(TraumboxError):
    """No watched folder has that name; the message tells the names there are."""


class NothingHeldError(TraumboxError):
    """Nothing waits to be confirmed in that folder."""


class AudioError(TraumboxError):
    """A file can't be heard; the message is the reason shown beside the file."""


class ListenerError(TraumboxError):
    """The listener process died or hung; the message says on which file and how.

    ``company`` are the other files that were in its hands: any of them may be to blame instead.
    """

    company: frozenset[Path] = frozenset()


class ListenerBusyError(ListenerError):
    """The listener has other files in hand; the message says what to do. No file is to blame."""


class ListenerClosedError(ListenerError):
    """The listener was closed while or before it was asked to hear: the daemon is stopping."""


class ListenerStartError(ListenerError):
    """The listener can't be started, or is of another version; the message says what to do."""


class ModelError(TraumboxError):
    """A model can't be loaded or doesn't fit what is stored."""


class StoreError(TraumboxError):
    """The ledger or the index can't be read or written."""


class AlreadyRunningError(TraumboxError):
    """Another traumbox process holds this data folder; the message names its pid."""
