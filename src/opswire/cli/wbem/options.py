"""Arguments and options that several commands have, and what is refused as their value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from opswire.cli.options import not_empty
from opswire.cli.wbem.advice import one_line

if TYPE_CHECKING:
    from opswire.wbem import CIMClassName, CIMInstanceName


Command = TypeVar("Command", bound=Callable[..., Any])


def _class_name(context: click.Context, option: click.Parameter, value: Any) -> Any:
    from opswire.wbem import CIMClassName

    for text in [value] if isinstance(value, str) else value or ():
        try:
            CIMClassName.from_wbem_uri(text)
        except (ValueError, TypeError) as error:
            raise click.BadParameter(one_line(error)) from None
    return value


URL = click.argument("url")
CLASS = click.argument("classname", metavar="CLASS", callback=_class_name)
CLASSES = click.argument(
    "classes", metavar="CLASS...", nargs=-1, required=True, callback=_class_name
)
namespaces = click.option(
    "-n",
    "--namespace",
    "namespaces",
    metavar="NAME",
    multiple=True,
    help="Where to ask; may be given several times.  [default: root/cimv2]",
)
namespace = click.option(
    "-n",
    "--namespace",
    metavar="NAME",
    callback=not_empty,
    help="Where to ask.  [default: root/cimv2]",
)
properties = click.option(
    "-p",
    "--property",
    "chosen",
    metavar="NAME",
    multiple=True,
    help="Only this property, a column; may be given several times.",
)
values = click.option(
    "--values", is_flag=True, help="Show the names of numbers beside them (ValueMap, Values)."
)


def optional_class(name: str, text: str) -> Callable[[Command], Command]:
    """Return an option that takes the name of a class."""
    return click.option(name, metavar="CLASS", callback=_class_name, help=text)


def class_option(name: str, variable: str, text: str) -> Callable[[Command], Command]:
    """Return an option that takes names of classes, at least one."""
    return click.option(
        name,
        variable,
        metavar="CLASS",
        multiple=True,
        required=True,
        callback=_class_name,
        help=text,
    )


def as_path(text: str, namespace: str | None) -> CIMInstanceName:
    """Return the path of an instance."""
    from opswire.wbem import CIMInstanceName

    try:
        path = CIMInstanceName.from_wbem_uri(text)
    except ValueError as error:
        raise click.UsageError(one_line(error)) from None
    if namespace is not None and path.namespace is None:
        path.namespace = namespace
    return path


def as_object(text: str, namespace: str | None) -> CIMInstanceName | CIMClassName:
    """Return the path of an instance, or of a class."""
    from opswire.wbem import CIMClassName

    try:
        path = CIMClassName.from_wbem_uri(text)
    except ValueError:
        return as_path(text, namespace)  # which says what is wrong with it
    if namespace is not None and path.namespace is None:
        path.namespace = namespace
    return path
