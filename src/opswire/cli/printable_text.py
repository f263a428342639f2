"""Text of others, made fit for a terminal."""


def printable(text: str) -> str:
    """Replace control characters: what a remote host says must not drive this terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
