"""Gives the inline scripts of NiceGUI's page the nonce that the guard's CSP asks for.

Only the scripts written in NiceGUI's own template get it: marking them in the answer instead would
also mark whatever had slipped into the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import BaseLoader, Environment

_SCRIPT = re.compile(r"<script(?=[\s>])")
_MARKED = '<script nonce="{{ request.state.csp_nonce }}"'


class NonceLoader(BaseLoader):
    """Loads templates through another loader and marks their scripts."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the template's text with a nonce in each script tag."""
        source, filename, is_fresh = self._inner.get_source(environment, template)
        return _SCRIPT.sub(_MARKED, source), filename, is_fresh


def give_nonces(environment: Environment) -> None:
    """Have all templates of ``environment`` loaded with nonces; doing it twice does no harm."""
    if environment.loader is not None and not isinstance(environment.loader, NonceLoader):
        environment.loader = NonceLoader(environment.loader)
        if environment.cache is not None:
            environment.cache.clear()
