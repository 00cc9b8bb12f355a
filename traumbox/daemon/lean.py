"""What the service leaves out of memory: parts of its libraries that it never calls.

Measured on x86-64 in an empty house: 215 MiB of RSS with them, 172 without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from traumbox.daemon.deferred import Deferred

ABSENT = (
    # The client half of python-engineio; NiceGUI uses the server half.
    "aiohttp",
    "requests",
    # uvicorn's reloader for developers.
    "watchfiles",
    # FastAPI asks of every type whether it is a model of pydantic 1; none is.
    "pydantic.v1",
    # Arrow's own file systems and formats: LanceDB brings its own, in Rust.
    "pyarrow._azurefs",
    "pyarrow._dataset_orc",
    "pyarrow._dataset_parquet",
    "pyarrow._dataset_parquet_encryption",
    "pyarrow._gcsfs",
    "pyarrow._hdfs",
    "pyarrow._parquet",
    "pyarrow._s3fs",
    "pyarrow._substrait",
    "pyarrow.substrait",
)
"""Modules whose absence the packages that import them provide for (``except ImportError``)."""

DEFERRED = "lance_namespace_urllib3_client"
"""LanceDB's client for catalogues over HTTP: 160 modules of generated code, 20 MB, named at import
and used by connections to such catalogues only."""


def go_without(absent: Iterable[str] = ABSENT) -> None:
    """Make ``import`` pass over what the service never calls; before anything else is imported.

    For the service's own process. What is imported already stays.
    """
    for name in absent:
        # Python refuses to import what is None here, as importlib documents it.
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    if DEFERRED not in sys.modules:
        sys.meta_path.insert(0, Deferred(DEFERRED))
    # Arrow's own allocator sets 4 MB aside at its first use; what we hand it are small batches.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
