"""A class with what it inherits (DSP0004, 5.1.2.5 and 7.6)."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from opswire.errors.wbem import CIMError
from opswire.wbem.objects import (
    CIMClass,
    CIMMethod,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    NocaseDict,
)
from opswire.wbem.status_codes import CIM_ERR_INVALID_PARAMETER

Element = TypeVar("Element", CIMProperty, CIMMethod)
Declarations = Mapping[str | None, CIMQualifierDeclaration]


class ClassNode:
    """One class of a namespace, and its place in the tree.

    Attributes:
        declared: the class as it was added.
        resolved: the same with everything that it inherits; ``propagated`` and ``class_origin`` are
            set on each property and method.
        superclass: its node; None for a root.
        subclasses: the nodes of those that name it as their superclass.
        keys: the names of its key properties, as declared.
        is_association: it has the qualifier Association.
        is_abstract: it has the qualifier Abstract itself.
        reference_classes: for each reference, the name of the class that it may refer to.
    """

    __slots__ = (
        "declared",
        "is_abstract",
        "is_association",
        "keys",
        "reference_classes",
        "resolved",
        "subclasses",
        "superclass",
    )

    def __init__(
        self, declared: CIMClass, superclass: "ClassNode | None", declarations: Declarations
    ) -> None:
        """Resolve a class.

        Raises:
            CIMError: an element contradicts what is inherited.
        """
        self.declared = declared
        self.superclass = superclass
        self.subclasses: list[ClassNode] = []
        above = superclass.resolved if superclass is not None else None
        self.resolved: CIMClass = _resolved(declared, above, declarations)
        properties = self.resolved.properties.values()
        self.keys = [each.name for each in properties if _is_true(each.qualifiers, "Key")]
        self.is_association = _is_true(self.resolved.qualifiers, "Association")
        self.is_abstract = _is_true(declared.qualifiers, "Abstract")
        self.reference_classes = {
            each.name: each.reference_class or "" for each in properties if each.type == "reference"
        }

    @property
    def name(self) -> str:
        """The class's name, as declared."""
        return self.resolved.classname

    def with_subclasses(self) -> Iterator["ClassNode"]:
        """Iterate over it and everything below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.subclasses))

    def with_superclasses(self) -> Iterator["ClassNode"]:
        """Iterate over it and everything above it."""
        node: ClassNode | None = self
        while node is not None:
            yield node
            node = node.superclass

    def is_a(self, classname: str) -> bool:
        """Whether it is that class, or one below it."""
        folded = classname.lower()
        return any(node.name.lower() == folded for node in self.with_superclasses())


def _is_true(qualifiers: NocaseDict[CIMQualifier], name: str) -> bool:
    found = qualifiers.get(name)
    return found is not None and found.value is True


def _resolved(declared: CIMClass, above: CIMClass | None, declarations: Declarations) -> CIMClass:
    if above is None:
        above = CIMClass("")
    return CIMClass(
        declared.classname,
        properties=_elements(
            declared.classname, declared.properties, above.properties, declarations
        ),
        methods=_elements(declared.classname, declared.methods, above.methods, declarations),
        superclass=declared.superclass,
        qualifiers=_qualifiers(
            declared.classname,
            declared.qualifiers,
            above.qualifiers,
            declarations,
        ),
    )


def _elements(
    classname: str,
    declared: NocaseDict[Element],
    inherited: NocaseDict[Element],
    declarations: Declarations,
) -> list[Element]:
    made: list[Element] = []
    for element in inherited.values():
        local = declared.get(element.name)
        # A class that a server told in full has what it inherits, marked so.
        if local is None or local.propagated:
            made.append(_inherited(element))
        else:
            _check_override(classname, local, element)
            made.append(_local(classname, local, element, declarations))
    made += [
        _local(classname, element, None, declarations)
        for element in declared.values()
        if element.name not in inherited
    ]
    return made


def _inherited(element: Element) -> Element:
    copy = element.copy()
    copy.propagated = True
    for name, qualifier in list(copy.qualifiers.items()):
        if qualifier.tosubclass is False:
            del copy.qualifiers[name]
        else:
            copy.qualifiers[name] = _propagated(qualifier)
    return copy


def _local(
    classname: str, element: Element, above: Element | None, declarations: Declarations
) -> Element:
    nothing: NocaseDict[CIMQualifier] = NocaseDict()
    where = f"{classname}.{element.name}"
    copy = element.copy()
    copy.propagated = False
    copy.class_origin = classname if above is None else above.class_origin
    copy.qualifiers = _qualifiers(
        where, element.qualifiers, nothing if above is None else above.qualifiers, declarations
    )
    if isinstance(copy, CIMMethod):
        for parameter in copy.parameters.values():
            parameter.qualifiers = _qualifiers(
                f"{where}({parameter.name})", parameter.qualifiers, nothing, declarations
            )
    return copy


def _check_override(classname: str, local: Element, above: Element) -> None:
    """An element may be said again, but of the same type (DSP0004, 5.6.3.34)."""
    mine, theirs = _type_words(local), _type_words(above)
    if mine != theirs:
        raise CIMError(
            CIM_ERR_INVALID_PARAMETER,
            f"{classname}.{local.name} is {mine}, but the one that it overrides is {theirs}",
        )


def _type_words(element: CIMProperty | CIMMethod) -> str:
    if isinstance(element, CIMMethod):
        return f"a method that returns {element.return_type}"
    return f"{element.type}{'[]' if element.is_array else ''}"


def _qualifiers(
    where: str,
    declared: NocaseDict[CIMQualifier],
    above: NocaseDict[CIMQualifier],
    declarations: Declarations,
) -> list[CIMQualifier]:
    made = []
    for qualifier in declared.values():
        inherited = above.get(qualifier.name)
        if qualifier.propagated and inherited is not None:
            continue
        copy = _flavored(qualifier, declarations)
        if (
            inherited is not None
            and inherited.overridable is False
            and inherited.tosubclass is not False
            and inherited.value != copy.value
        ):
            raise CIMError(
                CIM_ERR_INVALID_PARAMETER,
                f"the qualifier {copy.name} of {where} is inherited and may not be overridden",
            )
        copy.propagated = False
        made.append(copy)
    seen = {qualifier.name.lower() for qualifier in made}
    made += [
        _propagated(qualifier)
        for qualifier in above.values()
        if qualifier.tosubclass is not False and qualifier.name.lower() not in seen
    ]
    return made


def _propagated(qualifier: CIMQualifier) -> CIMQualifier:
    copy = qualifier.copy()
    copy.propagated = True
    return copy


def _flavored(qualifier: CIMQualifier, declarations: Declarations) -> CIMQualifier:
    """Return a copy with the flavors of its declaration where it says none itself."""
    copy = qualifier.copy()
    declared = declarations.get(qualifier.name)
    if declared is not None:
        for flavor in ("overridable", "tosubclass", "toinstance", "translatable"):
            if getattr(copy, flavor) is None:
                setattr(copy, flavor, getattr(declared, flavor))
    return copy
