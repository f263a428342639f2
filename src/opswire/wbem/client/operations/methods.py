"""Methods of objects (DSP0200 1.4, 5.4.1), and the delivery of indications (5.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opswire._core.cimxml.nocase import NocaseDict
from opswire._core.cimxml.objects import CIMClassName, CIMInstance, CIMInstanceName
from opswire.wbem.client import arguments
from opswire.wbem.client import request as requests
from opswire.wbem.client.client_state import ClientState
from opswire.wbem.client.exchange import Steps
from opswire.wbem.client.faces import operation

__all__ = ["MethodOperations"]


class MethodOperations(ClientState):
    """What makes a server do something, and what tells a listener something."""

    @operation
    def InvokeMethod(
        self,
        /,
        MethodName: str,
        ObjectName: CIMInstanceName | CIMClassName | str,
        Params: Iterable[Any] | None = None,
        **params: Any,
    ) -> Steps[tuple[Any, NocaseDict[Any]]]:
        """Call a method of an instance, or of a class.

        Args:
            MethodName: its name.
            ObjectName: the path of the instance or the class; text is the name of a class.
            Params: parameters, as CIMParameter objects or pairs of name and value. The value tells
                the CIM type: numbers must be of CIM types, like Uint32.
            params: more of them, by name.

        Returns:
            What the method returns, and its output parameters by name.

        Raises:
            TypeError: a parameter is none, or does not tell its CIM type.
            Error: the server refuses, or there is no answer.
        """
        name = arguments.text(MethodName, "MethodName", optional=False) or ""
        path = arguments.object_name(ObjectName, "ObjectName").copy()
        path.namespace = self._namespace_of(None, path)
        path.host = None
        request = requests.invocation(
            next(self._message_ids), name, path, arguments.method_parameters(Params, params)
        )
        _, part = yield from self._answer(request)
        return part.return_value, NocaseDict([(each.name, each.value) for each in part.parameters])

    @operation
    def ExportIndication(self, NewIndication: CIMInstance) -> Steps[None]:
        """Deliver an indication to a listener, whose URL is that of the connection.

        Args:
            NewIndication: the indication.

        Raises:
            Error: the listener refuses, or there is no answer.
        """
        indication = arguments.instance(NewIndication, "NewIndication")
        yield from self._nothing(requests.export(next(self._message_ids), indication))
