"""The REST API and the streams, one router a module."""
