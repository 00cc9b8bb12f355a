"""The configuration: models, loading with every mistake at once, and careful editing."""

from traumbox.config.editing import set_model
from traumbox.config.folder_editing import OPTIONS, add_folder, change_folder, remove_folder
from traumbox.config.loader import CONFIG_FILE, load
from traumbox.config.models import (
    Folder,
    KindRule,
    Library,
    Listener,
    Log,
    Model,
    Schedule,
    Search,
    Security,
    Settings,
    Web,
)
from traumbox.config.music import colours
from traumbox.config.wanted import checked_folder, folder_to_add

__all__ = [
    "CONFIG_FILE",
    "OPTIONS",
    "Folder",
    "KindRule",
    "Library",
    "Listener",
    "Log",
    "Model",
    "Schedule",
    "Search",
    "Security",
    "Settings",
    "Web",
    "add_folder",
    "change_folder",
    "checked_folder",
    "colours",
    "folder_to_add",
    "load",
    "remove_folder",
    "set_model",
]
