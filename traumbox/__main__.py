"""The program: ``traumbox`` and ``python -m traumbox``."""

import sys

from traumbox.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
