"""Every visible text of the panel, by language and component.

``{name}`` is filled in; a text with a count has one form for each of the language's plural
categories (``tracks_one``, ``tracks_other``).
"""

from traumbox.web.panel.texts.english import ENGLISH, Texts

__all__ = ["ENGLISH", "Texts"]
