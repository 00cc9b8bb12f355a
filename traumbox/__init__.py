"""traumbox: find your own music by describing it."""

__version__ = "0.1.0"
