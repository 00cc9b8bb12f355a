"""Whether someone has a file open for writing, as far as the kernel tells.

A read lease (fcntl(2), F_SETLEASE) is refused while a file is open for writing anywhere on this
machine. It is given back at once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
from pathlib import Path


def is_being_written(path: Path) -> bool | None:
    """Tell whether ``path`` is open for writing; None where that can't be known.

    It can't on file systems without leases (network shares, many FUSE ones), nor for the files of
    other users unless traumbox runs as root. Writers on other machines are never seen.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        # Another lease would have to be broken first: a file server's, for a client that writes.
        return True if error.errno == errno.EWOULDBLOCK else None
    try:
        # Whoever opens the file for writing in between has the kernel send a signal, which would
        # end the process were it the usual SIGIO. This one is ignored by default.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK) else None
    finally:
        os.close(descriptor)
    return False
