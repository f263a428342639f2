"""How much of a program's values is looked at, remembered and shown: a report must have an end."""

MAX_DEPTH = 4
MAX_TEXT = 1024 * 1024
MAX_NODES = 100_000
"""Values of one report; whatever comes after them is only counted."""

MAX_ITEMS = 10_000
"""Of one collection."""

MAX_SEARCHED = 10_000
"""Values inside one object that are looked at before its repr is trusted."""

MAX_SECRETS = 200
"""Different ones that are removed by value."""

MAX_SECRET_TEXT = 64 * 1024
"""Characters of all of them."""

MAX_BITS = 10_000
"""Of a number that is shown: Python does not print one of more than some 4,300 digits."""

MAX_READ = 2 * MAX_TEXT
"""Characters of texts that are read for the secrets in them."""

MAX_REDACTED = 6 * MAX_TEXT
"""Characters of one report that are searched; of whatever comes after them nothing is shown."""
