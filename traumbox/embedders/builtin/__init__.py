"""The model that comes with traumbox: a small CLAP of our own, see MODEL.md."""
