"""German words for sounds and their English ones: tables, read by ``translate`` and ``sounds``.

A line holds German words, a colon, and the English for any of them. Umlauts are written as they
are; spellings without them, inflections and compounds are the reader's business, save for plurals
that change a vowel.
"""
