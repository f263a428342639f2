"""The one sentence for a package of an extra that is not installed."""

from opswire.errors import LibraryMissingError

__all__ = ["missing"]


def missing(what: str, package: str, extra: str) -> LibraryMissingError:
    """Return the exception of ``what`` (a name that users know), which needs ``package``.

    Args:
        what: the name of a function, class or argument that the user has called or given.
        package: as it is installed.
        extra: of opswire, that brings it.
    """
    return LibraryMissingError(
        f"{what} needs the package {package}: pip install 'opswire[{extra}]'", name=package
    )
