"""The outside of the house: the REST API, the streams and the panel, behind one guard."""
