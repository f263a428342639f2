"""What both faces of the client are: settings, counters, what is remembered, what is told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from opswire._core.cimxml import Part
from opswire._core.cimxml.objects import CIMClass, CIMClassName, CIMInstance, CIMInstanceName
from opswire.errors.wbem import CIMXMLParseError, ConnectionError
from opswire.wbem.client import arguments
from opswire.wbem.client import request as requests
from opswire.wbem.client.deadline import Deadline
from opswire.wbem.client.exchange import Exchange, Steps
from opswire.wbem.client.last_exchange import LastExchange
from opswire.wbem.client.observers import Observers
from opswire.wbem.client.request import Request
from opswire.wbem.client.settings import Settings, namespace_name

__all__ = ["ClientState", "Objects"]

Objects = list[Any]
_NUMBERS = count(1)
_FIRST_MESSAGE = 1001


class ClientState:
    """Below WBEMConnection and AsyncWBEMConnection."""

    _settings: Settings
    _is_closed = False

    def _begin(
        self,
        settings: Settings,
        default_namespace: str | None,
        use_pull_operations: bool | None,
        stats_enabled: bool,
    ) -> None:
        self._settings = settings
        self._default_namespace = ""
        self._set_namespace(default_namespace)
        self._use_pull_operations = use_pull_operations
        self._conn_id = f"opswire-{next(_NUMBERS)}"
        self._message_ids = count(_FIRST_MESSAGE)
        self._last = LastExchange(settings.creds)
        self._observers = Observers(stats_enabled, self._conn_id)
        #: Whether the server has an Open... operation, by its name; what is not there is not known.
        self._has_pull: dict[str, bool] = {}
        self._debug = False

    def _set_namespace(self, namespace: str | None) -> None:
        from opswire.wbem.client.settings import DEFAULT_NAMESPACE

        self._default_namespace = namespace_name(namespace or DEFAULT_NAMESPACE)

    # -- requests --

    def _namespace_of(self, namespace: str | None, path: Any = None) -> str:
        """Where an operation goes: what is said, what the path says, or the default."""
        if namespace is None and path is not None:
            namespace = path.namespace
        return self._default_namespace if namespace is None else namespace_name(namespace)

    def _request(
        self,
        operation: str,
        namespace: str,
        subject: Any,
        *parameters: tuple[str, Any],
        what: str = "",
    ) -> Request:
        return requests.intrinsic(
            next(self._message_ids), operation, namespace, _told(subject), parameters, what
        )

    def _exchange(self, request: Request, *, keeps: bool) -> Exchange:
        if self._is_closed:
            raise ConnectionError("the WBEM connection is closed", conn_id=self._conn_id)
        settings = self._settings
        return Exchange(
            request,
            settings.origin,
            settings.creds,
            Deadline(settings.timeout),
            self._conn_id,
            keeps=keeps or self._debug or self._observers.want_replies,
        )

    def _answer(self, request: Request) -> Steps[tuple[Objects, Part]]:
        """Exchange a request; return the objects of the answer and what else it says."""
        exchange = self._exchange(request, keeps=True)
        self._last.begin(request.body)
        try:
            return (yield from exchange.whole())
        finally:
            self._last.end(exchange.reply, exchange.reply_length, exchange.server_time)

    def _flow(
        self, exchange: Exchange, complete: Callable[[Objects], object], *, to_its_end: bool
    ) -> Steps[Part]:
        """Give the objects of the answer as they arrive; return what else it says."""
        self._last.begin(exchange.request.body)
        try:
            return (yield from exchange.in_pieces(complete, to_its_end=to_its_end))
        finally:
            self._last.end(exchange.reply, exchange.reply_length, exchange.server_time)

    def _nothing(self, request: Request) -> Steps[None]:
        """Exchange a request whose answer says nothing but that it was done."""
        yield from self._answer(request)

    def _enumeration(
        self,
        ClassName: Any,
        namespace: str | None,
        LocalOnly: bool | None,
        DeepInheritance: bool | None,
        IncludeQualifiers: bool | None,
        IncludeClassOrigin: bool | None,
        PropertyList: Any,
    ) -> Request:
        """The request of EnumerateInstances, which IterEnumerateInstances may send too."""
        name = arguments.class_name(ClassName, "ClassName")
        return self._request(
            "EnumerateInstances",
            self._namespace_of(namespace, name),
            name,
            ("ClassName", name),
            ("LocalOnly", arguments.boolean(LocalOnly, "LocalOnly")),
            ("DeepInheritance", arguments.boolean(DeepInheritance, "DeepInheritance")),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
        )

    def _name_enumeration(self, ClassName: Any, namespace: str | None) -> Request:
        """The request of EnumerateInstanceNames."""
        name = arguments.class_name(ClassName, "ClassName")
        where = self._namespace_of(namespace, name)
        return self._request("EnumerateInstanceNames", where, name, ("ClassName", name))

    # -- what answers hold --

    def _only(self, request: Request, objects: Objects, kind: type) -> Any:
        """Return the one object that the answer must have."""
        if len(objects) != 1 or not isinstance(objects[0], kind):
            raise self._wrong(request, f"one {kind.__name__}", objects)
        return objects[0]

    def _all(self, request: Request, objects: Objects, *kinds: type) -> Objects:
        """Return the objects, which must be of these classes."""
        for each in objects:
            if not isinstance(each, kinds):
                raise self._wrong(request, " or ".join(kind.__name__ for kind in kinds), [each])
        return objects

    def _wrong(self, request: Request, expected: str, objects: Objects) -> CIMXMLParseError:
        found = ", ".join(type(each).__name__ for each in objects[:3]) or "nothing"
        return CIMXMLParseError(
            f"{request.text}: the answer has {found}, not {expected}", self._conn_id, request.body
        )

    def _located(self, request: Request, objects: Objects, *, host: str | None = None) -> Objects:
        """Give instances the namespace, and the host, that their paths lack."""
        namespace = request.namespace
        for each in objects:
            path = each.path if isinstance(each, CIMInstance) else each
            if not isinstance(path, CIMInstanceName):
                raise self._wrong(request, "instances with their paths", [each])
            if path.namespace is None:
                path.namespace = namespace
            if host is not None and path.host is None:
                path.host = host
        return objects

    def _placed(self, request: Request, objects: Objects) -> list[CIMClass]:
        """Give classes their paths."""
        for each in self._all(request, objects, CIMClass):
            if each.path is None:
                each.path = CIMClassName(
                    each.classname,
                    host=self._settings.origin.authority,
                    namespace=request.namespace,
                )
        return objects


def _told(subject: Any) -> str:
    """The name of what an operation is about, for messages."""
    if subject is None:
        return ""
    if isinstance(subject, str):
        return requests.kept_text(subject)
    return str(getattr(subject, "classname", None) or getattr(subject, "name", ""))
