"""The one door to OpenVINO: imported without its telemetry."""

from __future__ import annotations

import importlib
import sys
from typing import Any

TELEMETRY = ("openvino_telemetry", "openvino.tools.ovc")
"""What ``import openvino`` would otherwise take along, and through it a message to Google Analytics
at each import and files in the home folder: consent is assumed until somebody opts out."""


def openvino() -> Any:
    """Import OpenVINO so that it tells nobody; ImportError where it isn't installed.

    Python refuses to import what ``sys.modules`` calls None, and OpenVINO goes on without both
    (they are optional to it). That also saves 15 MB and 140 modules: a converter nobody here needs.
    """
    for name in TELEMETRY:
        sys.modules[name] = None  # type: ignore[assignment]  # as importlib documents it
    return importlib.import_module("openvino")
