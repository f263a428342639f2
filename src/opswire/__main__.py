"""``python -m opswire``: the command line."""

import sys

from opswire.cli import main

if __name__ == "__main__":
    sys.exit(main())
