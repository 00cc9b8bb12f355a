"""The web panel: a NiceGUI shell around the search, with a player that never stops."""

from traumbox.web.panel.installation import install
from traumbox.web.panel.shell import PAGES

__all__ = ["PAGES", "install"]
