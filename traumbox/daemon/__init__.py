"""Builds the house from its parts, starts it in order, stops it in reverse.

The only place that names concrete classes. Nothing is imported here, because the listener process
imports this package too and must stay small.
"""
