"""The panel in English: the page of the watched folders."""

from __future__ import annotations

COUNTS = {
    "indexed": "heard",
    "pending": "waiting",
    "failed": "failed",
    "excluded": "ignored",
    "missing": "gone, kept for their return",
}

DEMO = {
    "demo_title": "Just looking?",
    "demo_text": "Have some two dozen short pieces made on this machine, and search them "
    "within two minutes. No download, nothing leaves your network.",
    "demo_button": "Try it with demo music",
}

FOLDERS = {
    **COUNTS,
    **DEMO,
    "title": "Folders",
    "page_title": "Folders · traumbox",
    "add": "Add a folder",
    "close": "Close",
    "dismiss": "Dismiss",
    "undo": "Undo",
    "removed": "“{name}” is no longer watched. Its files stay as they are, and what was heard of "
    "them is kept.",
    # without folders
    "empty": "No folder is being watched yet",
    "empty_hint": "traumbox listens to the music in the folders you name, and notices what you "
    "add, change or take away. It never writes into them.",
    "empty_own": "Your own music",
    "demo_making": "Making demo music…",
    # a folder
    "online": "online",
    "offline": "offline",
    "looking": "being looked through",
    "offline_kept": "Its tracks can still be found. They are marked, and play again as soon as "
    "the folder is back.",
    "progress": "Files that have been listened to",
    "counts": "Files by state",
    "files_one": "file",
    "files_other": "files",
    "changes": "Changes",
    "watch_live": "noticed at once",
    "watch_partial": "noticed at once in part of it; the rest is looked through every {every}",
    "watch_polled": "looked for every {every}",
    "watch_remedy": "To have all changes noticed at once, run this on the machine, once:",
    "copy": "Copy the command",
    "copied": "Copied",
    "last_look": "Looked through",
    "next_look": "Next time",
    "never": "not yet",
    "patterns": "Patterns",
    "only": "only {patterns}",
    "without": "without {patterns}",
    "unreadable_one": "{count} subfolder or file can’t be read. What is known of it stays as it "
    "is; “traumbox doctor” names it.",
    "unreadable_other": "{count} subfolders or files can’t be read. What is known of them stays "
    "as it is; “traumbox doctor” names them.",
    "scan": "Look through now",
    "edit": "Edit",
    "remove": "Stop watching",
    # a removal that waits
    "held_one": "{count} of {total} tracks of “{folder}” is gone from the disk. Nothing has been "
    "removed yet.",
    "held_other": "{count} of {total} tracks of “{folder}” are gone from the disk. Nothing has "
    "been removed yet.",
    "held_rule_one": "{count} of {total} tracks of “{folder}” would be left out by a pattern. "
    "Nothing has been removed yet.",
    "held_rule_other": "{count} of {total} tracks of “{folder}” would be left out by a pattern. "
    "Nothing has been removed yet.",
    "held_part_one": "{count} of them is there, but left out by a pattern.",
    "held_part_other": "{count} of them are there, but left out by a pattern.",
    "held_reason": "That is more than usually goes at a time, so it waits for your word. If a "
    "disk or a share is missing, bring it back: nothing is lost then.",
    "held_offline": "It looks as if the disk weren’t there, so it waits for your word. If one is "
    "missing, bring it back: nothing is lost then.",
    "examples": "Some of them",
    "and_more_one": "and {count} more",
    "and_more_other": "and {count} more",
    "look_again": "Look again",
    "let_go": "They are gone: remove them",
    "ask_confirm_one": "Remove {count} track of “{folder}”?",
    "ask_confirm_other": "Remove {count} tracks of “{folder}”?",
    "confirm_search": "Searches won’t find them any more.",
    "confirm_kept": "Should their files come back within {keep}, so do they, and nothing has to be "
    "heard anew.",
    "yes_confirm": "Remove them",
    "no_confirm": "Leave them",
    # what went lately
    "removals": "Recently gone",
    "removals_hint": "Their files are no longer there. What was heard of them is kept for a time: "
    "they come back with their files, as if nothing had been.",
    "removal_one": "{count} track, {ago}",
    "removal_other": "{count} tracks, {ago}",
    "kept_until": "kept until {day} at least",
    "unwatched": "no longer watched",
    "forget": "Forget now",
    "ask_forget_one": "Forget {count} track of “{folder}” for good?",
    "ask_forget_other": "Forget {count} tracks of “{folder}” for good?",
    "forget_lost": "What was heard of them is deleted. Should their files come back, they are "
    "heard anew, as new tracks.",
    "forget_files": "No file is touched.",
    "yes_forget": "Forget them",
    "no_forget": "Keep them",
    # the form
    "edit_title": "Edit “{name}”",
    "path": "Folder on this machine",
    "path_example": "/srv/music",
    "path_hint": "The path as the machine that traumbox runs on has it. In a container: as the "
    "container has it.",
    "name": "Name",
    "name_example": "Music",
    "colour": "Colour",
    "colour_4e79a7": "Blue",
    "colour_f28e2b": "Orange",
    "colour_59a14f": "Green",
    "colour_b07aa1": "Purple",
    "colour_e15759": "Red",
    "colour_76b7b2": "Teal",
    "colour_9c755f": "Brown",
    "colour_edc948": "Yellow",
    "another_colour": "The colour {colour}",
    "more": "More: kind, order, patterns",
    "kind": "What is in it",
    "kind_auto": "Told apart by paths and genres",
    "kind_music": "Music",
    "kind_audiobook": "Audiobooks",
    "kind_podcast": "Podcasts",
    "priority": "Order of hearing",
    "priority_first": "Heard first",
    "priority_normal": "In between",
    "priority_last": "Heard last",
    "include": "Only files that match",
    "example_include": "*.flac",
    "exclude": "Leave out",
    "example_exclude": "Karaoke/",
    "patterns_hint": "One pattern a line, as in .gitignore: “*.wav” is every file of that name, "
    "“Drafts/” every folder. Leave it empty to take everything that sounds.",
    "watch": "Watch this folder",
    "save": "Save",
    "cancel": "Cancel",
}
