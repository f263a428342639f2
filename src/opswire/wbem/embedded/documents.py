"""CIM-XML documents as what a repository starts with."""

from collections.abc import Iterator
from pathlib import Path

from opswire.errors.wbem import CIMError, ParseError
from opswire.wbem.messages import parse
from opswire.wbem.objects import CIMClass, CIMInstance, CIMQualifierDeclaration
from opswire.wbem.status_codes import CIM_ERR_INVALID_SUPERCLASS

Declared = CIMClass | CIMInstance | CIMQualifierDeclaration


def read_document(path: str | Path) -> Iterator[tuple[str | None, str, Declared]]:
    """Iterate over what a document holds, in an order in which it can be added.

    Qualifier declarations come first, then classes, superclasses before subclasses, then instances.

    Returns:
        The namespace that the document tells, or None; words for the place in the document; the
        object.

    Raises:
        OSError: the file cannot be read.
        ParseError: it is no CIM-XML.
        CIMError: its classes are each other's superclasses, or it holds something else.
    """
    octets = Path(path).read_bytes()
    try:
        message = parse(octets)
    except ParseError as error:
        told = type(error)(f"{path}: {error}")
        told.line, told.column, told.offset = error.line, error.column, error.offset
        told.path, told.excerpt = error.path, error.excerpt
        raise told from None
    namespace: str | None = None
    found: list[tuple[str | None, str, Declared]] = []
    for number, one in enumerate((each for part in message.parts for each in part.objects), 1):
        if isinstance(one, str):
            namespace = one  # of the group that begins
            continue
        if not isinstance(one, (CIMClass, CIMInstance, CIMQualifierDeclaration)):
            raise CIMError(
                CIM_ERR_INVALID_SUPERCLASS,
                f"{path}: object {number} is {type(one).__name__}, which nothing can be made of",
            )
        own = getattr(one, "path", None)
        place = own.namespace if own is not None and own.namespace else namespace
        found.append((place, _words(number, one), one))
    yield from (each for each in found if isinstance(each[2], CIMQualifierDeclaration))
    yield from _superclasses_first(str(path), found)
    yield from (each for each in found if isinstance(each[2], CIMInstance))


def _superclasses_first(
    path: str, found: list[tuple[str | None, str, Declared]]
) -> Iterator[tuple[str | None, str, Declared]]:
    waiting = [each for each in found if isinstance(each[2], CIMClass)]
    while waiting:
        names = {(place, _classname(one)) for place, _, one in waiting}
        ready = [each for each in waiting if (each[0], _superclass(each[2])) not in names]
        if not ready:
            raise CIMError(
                CIM_ERR_INVALID_SUPERCLASS,
                f"{path}: {waiting[0][1]}: the classes are each other's superclasses",
            )
        yield from ready
        waiting = [each for each in waiting if each not in ready]


def _classname(one: Declared) -> str:
    return one.classname.lower() if isinstance(one, CIMClass) else ""


def _superclass(one: Declared) -> str:
    return (one.superclass or "").lower() if isinstance(one, CIMClass) else ""


def _words(number: int, one: Declared) -> str:
    if isinstance(one, CIMClass):
        return f"object {number}, CLASS {one.classname}"
    if isinstance(one, CIMInstance):
        return f"object {number}, INSTANCE of {one.classname}"
    return f"object {number}, QUALIFIER.DECLARATION {one.name}"
