"""One call, one question to a WBEM server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from opswire.errors.wbem import Error
from opswire.public_names import public_in
from opswire.wbem.connection import WBEMConnection
from opswire.wbem.objects import CIMClassName, CIMInstance, CIMInstanceName, NocaseDict

__all__ = ["Surveyed", "instance", "instances", "invoke", "survey"]


@public_in("opswire.wbem")
class Surveyed(NamedTuple):
    """What ``survey()`` has found of a class in a namespace.

    Attributes:
        namespace: where.
        classname: which.
        instances: what is there; empty where there is an error.
        error: why nothing is known, or None.
    """

    namespace: str
    classname: str
    instances: list[CIMInstance]
    error: Error | None


@public_in("opswire.wbem")
def instances(
    url: str,
    classname: str,
    creds: tuple[str, str] | None = None,
    namespace: str | None = None,
    properties: str | Iterable[str] | None = None,
    **settings: Any,
) -> list[CIMInstance]:
    """Return the instances of a class and of the classes below it.

    Args:
        url: of the server.
        classname: the class.
        creds: user name and password.
        namespace: None for root/cimv2.
        properties: names of those that are wanted; None for all.
        settings: of WBEMConnection.

    Raises:
        Error: the server refuses, or there is no answer.
    """
    with WBEMConnection(url, creds, namespace, **settings) as connection:
        return connection.EnumerateInstances(classname, PropertyList=properties)


@public_in("opswire.wbem")
def instance(
    url: str,
    path: CIMInstanceName | str,
    creds: tuple[str, str] | None = None,
    properties: str | Iterable[str] | None = None,
    **settings: Any,
) -> CIMInstance:
    """Return an instance.

    Args:
        url: of the server.
        path: of the instance; as a text, a WBEM URI without the server, like
            ``/root/cimv2:CIM_Disk.Name="sda"``.
        creds: user name and password.
        properties: names of those that are wanted; None for all.
        settings: of WBEMConnection.

    Raises:
        ValueError: the text is no path.
        Error: the server refuses, or there is no answer.
    """
    if isinstance(path, str):
        path = CIMInstanceName.from_wbem_uri(path)
    with WBEMConnection(url, creds, **settings) as connection:
        return connection.GetInstance(path, PropertyList=properties)


@public_in("opswire.wbem")
def invoke(
    url: str,
    path: CIMInstanceName | CIMClassName | str,
    method: str,
    parameters: Mapping[str, Any] | Iterable[Any] | None = None,
    creds: tuple[str, str] | None = None,
    **settings: Any,
) -> tuple[Any, NocaseDict[Any]]:
    """Call a method of an instance or of a class.

    Args:
        url: of the server.
        path: of the instance or the class; a text is the name of a class.
        method: the method's name.
        parameters: by name, or as InvokeMethod takes them.
        creds: user name and password.
        settings: of WBEMConnection.

    Returns:
        What the method returns, and its output parameters by name.

    Raises:
        Error: the server refuses, or there is no answer.
    """
    if isinstance(parameters, Mapping):
        parameters = list(parameters.items())
    with WBEMConnection(url, creds, **settings) as connection:
        return connection.InvokeMethod(method, path, parameters)


@public_in("opswire.wbem")
def survey(
    url: str,
    classes: Iterable[str],
    creds: tuple[str, str] | None = None,
    namespaces: str | Iterable[str] = "root/cimv2",
    deadline: float | None = 30.0,
    concurrency: int = 4,
    **settings: Any,
) -> list[Surveyed]:
    """Ask for the instances of many classes at once; an error is that of its class alone.

    Args:
        url: of the server.
        classes: their names.
        creds: user name and password.
        namespaces: one or several; each class is asked for in each.
        deadline: seconds for each class: one that hangs costs no other its time.
        concurrency: how many are asked for at the same time.
        settings: of WBEMConnection.

    Returns:
        What was found, namespace by namespace, in the order of the classes.

    Raises:
        ValueError: the concurrency is below 1; or a setting is wrong.
    """
    if concurrency < 1:
        raise ValueError(f"concurrency must be 1 or more, not {concurrency}")
    places = [namespaces] if isinstance(namespaces, str) else list(namespaces)
    asked = [(place, name) for place in places for name in classes]
    with WBEMConnection(url, creds, timeout=deadline, **settings) as connection:

        def ask(place: str, name: str) -> Surveyed:
            try:
                found = connection.EnumerateInstances(name, namespace=place)
            except Error as error:
                return Surveyed(place, name, [], error.with_traceback(None))
            return Surveyed(place, name, found, None)

        with ThreadPoolExecutor(concurrency, "opswire-survey") as pool:
            return [each.result() for each in [pool.submit(ask, *one) for one in asked]]
