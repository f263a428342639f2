"""Log lines of the library on standard error, for -d and --debug."""

import logging


def show_log() -> None:
    """Show all that opswire logs.  No secret is ever logged, nor what commands say or answer."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(name)s: %(message)s", "%T"))
    logger = logging.getLogger("opswire")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
