"""From a file that stirred to a track that can be found: scan, hear, store."""
