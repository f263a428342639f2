"""Classes and qualifiers, in each of the formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from opswire.cli.output import NOTHING, Column, Row, printable
from opswire.cli.wbem.formats import show_rows, show_texts, xml_lines
from opswire.cli.wbem.plain_values import json_of, text_of
from opswire.wbem import CIMClass, CIMMethod, CIMParameter, CIMProperty, CIMQualifierDeclaration
from opswire.wbem.value_mapping import Binary
from opswire.wbem.value_names import mapping_of


def show_class_names(names: Iterable[tuple[str, str]]) -> None:
    """Write names of classes, with their namespaces."""
    rows = (Row((printable(name), printable(place)), {}) for place, name in names)
    show_rows([Column("class"), Column("namespace")], rows, json_lines=False, what="classes")


def show_classes(classes: Iterable[CIMClass], form: str, *, with_values: bool = False) -> None:
    """Write classes; names of numbers too, if they are wanted."""
    if form == "mof":
        show_texts((each.tomof().rstrip("\n") for each in classes), "classes")
    elif form == "xml":
        show_texts(xml_lines(classes), "classes")
    elif form == "json":
        rows = (Row((), _class_record(each, with_values)) for each in classes)
        show_rows((), rows, json_lines=True, what="classes")
    else:
        columns = [Column(title) for title in ("class", "name", "type", "qualifiers")]
        if with_values:
            columns.append(Column("values"))
        rows = (row for each in classes for row in _members(each, with_values))
        show_rows(columns, rows, json_lines=False, what="members")


def show_qualifiers(qualifiers: Iterable[CIMQualifierDeclaration], form: str) -> None:
    """Write declarations of qualifiers."""
    if form == "mof":
        show_texts((each.tomof().rstrip("\n") for each in qualifiers), "qualifiers")
    elif form == "xml":
        show_texts(xml_lines(qualifiers), "qualifiers")
    else:
        columns = [Column(title) for title in ("qualifier", "type", "default", "scopes")]
        rows = (_qualifier(each) for each in qualifiers)
        show_rows(columns, rows, json_lines=form == "json", what="qualifiers")


def _members(cim_class: CIMClass, with_values: bool) -> Iterator[Row]:
    for each in cim_class.properties.values():
        cells = (_type(each), _qualifier_names(each))
        yield _member(cim_class, each.name, cells, each, with_values)
    for method in cim_class.methods.values():
        inner = ", ".join(f"{_type(each)} {each.name}" for each in method.parameters.values())
        cells = (method.return_type or "void", _qualifier_names(method))
        yield _member(cim_class, f"{method.name}({inner})", cells, method, with_values)


def _member(
    cim_class: CIMClass,
    name: str,
    cells: tuple[str, ...],
    element: CIMProperty | CIMMethod,
    with_values: bool,
) -> Row:
    texts = [cim_class.classname, name, *cells]
    if with_values:
        texts.append(", ".join(f"{number} ({text})" for number, text in _values(element)))
    return Row(tuple(printable(text) or NOTHING for text in texts), {})


def _type(element: CIMProperty | CIMParameter | CIMQualifierDeclaration) -> str:
    name = element.type
    if name == "reference" and not isinstance(element, CIMQualifierDeclaration):
        name = f"{element.reference_class} REF"
    return f"{name}[{element.array_size or ''}]" if element.is_array else str(name)


def _qualifier_names(element: CIMProperty | CIMMethod) -> str:
    """Those that say something in a word; texts and lists are for --mof."""
    return ", ".join(name for name, each in element.qualifiers.items() if each.value is True)


def _values(element: CIMProperty | CIMMethod) -> list[tuple[str, str]]:
    mapping = mapping_of(element)
    return [] if mapping is None else [(_number(each), text) for each, text in mapping.items()]


def _number(binary: Binary) -> str:
    if binary is None:
        return ".."
    return f"{binary[0]}..{binary[1]}" if isinstance(binary, tuple) else str(binary)


def _class_record(cim_class: CIMClass, with_values: bool) -> dict[str, Any]:
    path = cim_class.path
    return {
        "class": cim_class.classname,
        "namespace": None if path is None else path.namespace,
        "superclass": cim_class.superclass,
        "qualifiers": _qualifier_values(cim_class),
        "properties": {
            each.name: {
                "type": _type(each),
                "default": json_of(each.value),
                "origin": each.class_origin,
                **_details(each, with_values),
            }
            for each in cim_class.properties.values()
        },
        "methods": {
            each.name: {
                "type": each.return_type,
                "parameters": {
                    inner.name: {"type": _type(inner), "qualifiers": _qualifier_values(inner)}
                    for inner in each.parameters.values()
                },
                "origin": each.class_origin,
                **_details(each, with_values),
            }
            for each in cim_class.methods.values()
        },
    }


def _details(element: CIMProperty | CIMMethod, with_values: bool) -> dict[str, Any]:
    details: dict[str, Any] = {"qualifiers": _qualifier_values(element)}
    if with_values and (values := _values(element)):
        details["values"] = dict(values)
    return details


def _qualifier_values(element: Any) -> dict[str, Any]:
    return {name: json_of(each.value) for name, each in element.qualifiers.items()}


def _qualifier(each: CIMQualifierDeclaration) -> Row:
    scopes = [str(name).lower() for name, holds in each.scopes.items() if holds]
    flavors = {
        name: getattr(each, name)
        for name in ("overridable", "tosubclass", "toinstance", "translatable")
    }
    return Row(
        (printable(each.name), _type(each), text_of(each.value), printable(", ".join(scopes))),
        {
            "qualifier": each.name,
            "type": _type(each),
            "default": json_of(each.value),
            "scopes": scopes,
            "flavors": flavors,
        },
    )
