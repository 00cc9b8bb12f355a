"""A small orchestra of our own: the music of the demo, the tests and the training."""
