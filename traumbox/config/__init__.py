"""The configuration: models, loading with every mistake at once, and careful editing."""

from traumbox.config.editing import add_folder, set_model
from traumbox.config.loader import CONFIG_FILE, load
from traumbox.config.models import (
    Folder,
    Listener,
    Log,
    Model,
    Schedule,
    Search,
    Security,
    Settings,
    Web,
)

__all__ = [
    "CONFIG_FILE",
    "Folder",
    "Listener",
    "Log",
    "Model",
    "Schedule",
    "Search",
    "Security",
    "Settings",
    "Web",
    "add_folder",
    "load",
    "set_model",
]
