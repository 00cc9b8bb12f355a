"""The outcome of looking at one thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How it stands: fine, fine for now, or broken."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding in a sentence, with the remedy unless all is well."""

    name: str
    verdict: Verdict
    message: str
    remedy: str = ""


def ok(name: str, message: str) -> Check:
    """Return a good finding."""
    return Check(name, Verdict.OK, message)


def warn(name: str, message: str, remedy: str) -> Check:
    """Return a finding that traumbox can live with."""
    return Check(name, Verdict.WARN, message, remedy)


def fail(name: str, message: str, remedy: str) -> Check:
    """Return a finding that traumbox can't live with."""
    return Check(name, Verdict.FAIL, message, remedy)
