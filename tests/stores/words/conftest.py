from __future__ import annotations

import pytest

from tests.stores.words.library import NAMED, Library
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words


@pytest.fixture
def library(ledger: Ledger) -> Library:
    """The library of names, all of it heard."""
    library = Library(ledger, Words(ledger.database))
    library.hear(NAMED)
    return library


@pytest.fixture
def empty(ledger: Ledger) -> Library:
    return Library(ledger, Words(ledger.database))
