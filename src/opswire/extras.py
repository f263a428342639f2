"""What is said when an optional package is missing."""

from opswire.errors import LibraryMissingError

__all__ = ["missing"]


def missing(what: str, package: str) -> LibraryMissingError:
    """Return the exception of ``what``, which needs ``package`` of the extra ``agents``."""
    return LibraryMissingError(
        f"{what} needs the package {package}: pip install 'opswire[agents]'", name=package
    )
