"""Patterns for files and folders, in the language of ``.gitignore``."""

from __future__ import annotations

import re
from typing import Annotated

from pathspec import GitIgnoreSpec
from pydantic import AfterValidator


def check_patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``patterns``; ValueError for one that is broken or says nothing.

    An empty line or a comment is fine in a ``.gitignore``; in a list it is a slip.
    """
    for pattern in patterns:
        if "\n" in pattern or "\0" in pattern:
            raise ValueError(f"{pattern!r} is no pattern")
        try:
            compiled = GitIgnoreSpec.from_lines([pattern], backend="simple").patterns
            # Rules that don't know upper from lower case read it so: [Z-a] becomes [z-a].
            GitIgnoreSpec.from_lines([pattern.casefold()], backend="simple")
        except (ValueError, re.error) as error:
            raise ValueError(f"{pattern!r} is no pattern") from error
        if all(one.include is None for one in compiled):
            raise ValueError(f"{pattern!r} matches nothing")
    return patterns


Patterns = Annotated[tuple[str, ...], AfterValidator(check_patterns)]
