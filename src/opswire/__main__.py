"""``python -m opswire``: the command line."""

from opswire.cli import main

if __name__ == "__main__":
    main()
