"""What the program's exit codes mean; scripts rely on them."""

DONE = 0
FAILED = 1
WRONG_USE = 2
FOUND_NOTHING = 3
INTERRUPTED = 130
"""128 + SIGINT, as shells count."""

MEANING = {
    DONE: "done",
    FAILED: "failed",
    WRONG_USE: "wrong usage or configuration",
    FOUND_NOTHING: "found nothing, or nothing that fits",
    INTERRUPTED: "interrupted from the keyboard",
}
