"""A CIM server over real HTTP: pywbem's mock answers, and pywbem's objects are what is written.

Neither the requests that it reads nor the objects that it answers with are made by the client that
is tested, but for the parser of requests.
"""

import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

import pywbem
import pywbem_mock

from opswire import wbem
from tests.servers.ports import family_of

NAMESPACE = "root/cimv2"
MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Out : boolean = false, Scope(parameter), Flavor(DisableOverride, ToSubclass);
[Description("A disk")]
class TST_Disk {
    [Key] string ID;
    uint64 Size;
    boolean Ready;
    datetime Since;
    string Names[];
    uint32 Check(uint32 Depth);
};
class TST_FastDisk : TST_Disk { uint32 Speed; };
class TST_Controller { [Key] string ID; };
[Association]
class TST_Attached { [Key] TST_Controller REF Controller; [Key] TST_Disk REF Disk; };
instance of TST_Controller as $c { ID = "c0"; };
instance of TST_Disk as $a { ID = "sda"; Size = 512; Ready = false; Names = {"a", null, "<&>"}; };
instance of TST_Disk as $b {
    ID = "sdb"; Size = 18446744073709551615; Since = "20260102030405.000006+060"; Ready = true;
};
instance of TST_FastDisk as $f { ID = "nvme\u00fc0"; Speed = 7; };
instance of TST_Attached { Controller = $c; Disk = $a; };
instance of TST_Attached { Controller = $c; Disk = $f; };
"""
HEAD = (
    '<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="{}" PROTOCOLVERSION="1.0"><SIMPLERSP>'
)
TAIL = "</SIMPLERSP></MESSAGE></CIM>"


class Asked(NamedTuple):
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


class MockedCIM:
    """Runs on threads inside the `with` block, on loopback.

    Set `creds` to demand them, `without` to the names of operations that it does not have, and
    `status` to the CIM status of these. `asked` has the requests.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        address: str = "127.0.0.1",
        interop: tuple[str, str] | None = None,
    ) -> None:
        """Bind, and load the schema; `interop` is the name of a namespace and the MOF of it."""
        self.creds: tuple[str, str] | None = None
        self.without: set[str] = set()
        self.status = 7
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self.mock = pywbem_mock.FakedWBEMConnection(default_namespace=NAMESPACE, timeout=None)
        self.mock.compile_mof_string(MOF, namespace=NAMESPACE)
        if interop is not None:
            self.mock.add_namespace(interop[0])
            self.mock.compile_mof_string(interop[1], namespace=interop[0])
        handler = type("Handler", (_Handler,), {"owner": self})
        server = type("Server", (ThreadingHTTPServer,), {"address_family": family_of(address)})
        self._server = server((address, 0), handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if context is None else "https"
        self.port: int = self._server.server_address[1]
        self.url = f"{scheme}://{f'[{address}]' if ':' in address else address}:{self.port}"

    def __enter__(self) -> Self:
        """Start to answer."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def operations(self) -> list[str]:
        """The names of what was asked, in order."""
        return [asked.headers["cimmethod"] for asked in self.asked]

    def answer(self, body: bytes) -> bytes:
        """Return the answer to a request."""
        message = wbem.parse(body)
        call = message.part
        name = call.name or ""
        try:
            with self._lock:  # the mock knows no threads
                inner = self._result(call, name)
        except pywbem.CIMError as error:
            text = _escaped(error.status_description or "")
            inner = f'<ERROR CODE="{error.status_code}" DESCRIPTION="{text}"/>'
        element = "METHODRESPONSE" if call.element == "METHODCALL" else "IMETHODRESPONSE"
        head = HEAD.format(message.message_id)
        return f'{head}<{element} NAME="{name}">{inner}</{element}>{TAIL}'.encode()

    def _result(self, call: wbem.Part, name: str) -> str:
        if name in self.without:
            raise pywbem.CIMError(self.status, "not here")
        if call.element == "METHODCALL":
            return _echo(call)
        arguments = {key: _theirs(value) for key, value in call.parameters}
        return "".join(_ANSWERS[name](self.mock, name, str(call.target), arguments))


class _Handler(BaseHTTPRequestHandler):
    owner: MockedCIM
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers["content-length"]))
        self.owner.asked.append(Asked(self.path, headers, body))
        creds = self.owner.creds
        if creds and headers.get("authorization") != f"Basic {_pair(creds)}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="the lab"')
            self.send_header("Content-Length", "0000000000")
            self.end_headers()
            return
        answer = self.owner.answer(body)
        self.send_response(200)
        self.send_header("Content-Type", 'application/xml; charset="utf-8"')
        self.send_header("CIMOperation", "MethodResponse")
        self.send_header("content-length", f"{len(answer):010}")  # as OpenPegasus writes it
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def _pair(creds: tuple[str, str]) -> str:
    return b64encode(":".join(creds).encode()).decode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


# -- objects of opswire as those of pywbem --


def _theirs(value: Any) -> Any:
    if isinstance(value, list):
        return [_theirs(each) for each in value]
    if isinstance(value, wbem.CIMInstanceName):
        keys = [(name, _theirs(each)) for name, each in value.keybindings.items()]
        return pywbem.CIMInstanceName(value.classname, keys, value.host, value.namespace)
    if isinstance(value, wbem.CIMClassName):
        return value.classname
    if isinstance(value, wbem.CIMInstance):
        made = pywbem.CIMInstance(
            value.classname,
            [
                pywbem.CIMProperty(
                    each.name, _theirs(each.value), each.type, is_array=each.is_array
                )
                for each in value.properties.values()
            ],
        )
        if value.path is not None:
            made.path = _theirs(value.path)
        return made
    if isinstance(value, (wbem.CIMClass, wbem.CIMQualifierDeclaration)):
        text = value.tomof()
        scratch = pywbem_mock.FakedWBEMConnection(default_namespace=NAMESPACE)
        scratch.compile_mof_string(MOF + text, namespace=NAMESPACE)
        if isinstance(value, wbem.CIMClass):
            return scratch.GetClass(value.classname, LocalOnly=True)
        return scratch.GetQualifier(value.name)
    if isinstance(value, str) and value.upper() in ("TRUE", "FALSE"):
        return value.upper() == "TRUE"
    if isinstance(value, wbem.CIMType):
        return pywbem.cimvalue(str(value), value.cimtype)
    return value


# -- answers --


def _returned(items: Iterator[str] | list[str]) -> list[str]:
    return ["<IRETURNVALUE>", *items, "</IRETURNVALUE>"]


def _bare(instance: Any) -> str:
    return str(instance.tocimxml(ignore_path=True).toxml())


def _name(path: Any) -> str:
    return str(path.tocimxml(ignore_host=True, ignore_namespace=True).toxml())


def _full(path: Any) -> str:
    path = path.copy()
    path.host = path.host or "a.server:5988"
    return str(path.tocimxml().toxml())


def _named(instance: Any) -> str:
    return f"<VALUE.NAMEDINSTANCE>{_name(instance.path)}{_bare(instance)}</VALUE.NAMEDINSTANCE>"


def _with_path(instance: Any) -> str:
    whole = _full(instance.path) + _bare(instance)
    return f"<VALUE.INSTANCEWITHPATH>{whole}</VALUE.INSTANCEWITHPATH>"


def _object(found: Any) -> str:
    if isinstance(found, tuple):
        inner = _full(found[0]) + found[1].tocimxml().toxml()
    else:
        inner = _full(found.path) + _bare(found)
    return f"<VALUE.OBJECTWITHPATH>{inner}</VALUE.OBJECTWITHPATH>"


def _path(found: Any) -> str:
    return f"<OBJECTPATH>{_full(found)}</OBJECTPATH>"


def _numbers(arguments: dict[str, Any]) -> dict[str, Any]:
    """The mock wants numbers; they travel as text."""
    wanted = ("MaxObjectCount", "OperationTimeout")
    return {
        key: pywbem.Uint32(int(value)) if key in wanted else value
        for key, value in arguments.items()
    }


def _enumerated(write: Callable[[Any], str], *, places: bool = True) -> Callable[..., list[str]]:
    def run(mock: Any, name: str, namespace: str, arguments: dict[str, Any]) -> list[str]:
        found = getattr(mock, name)(namespace=namespace, **arguments)
        return _returned([write(each) for each in found])

    return run


def _associated(write: Callable[[Any], str]) -> Callable[..., list[str]]:
    def run(mock: Any, name: str, namespace: str, arguments: dict[str, Any]) -> list[str]:
        target = arguments["ObjectName"]
        if isinstance(target, str):
            target = pywbem.CIMClassName(target)
        target.namespace = namespace
        return _returned(
            [write(each) for each in getattr(mock, name)(**{**arguments, "ObjectName": target})]
        )

    return run


def _one(write: Callable[[Any], str], path_argument: str = "") -> Callable[..., list[str]]:
    def run(mock: Any, name: str, namespace: str, arguments: dict[str, Any]) -> list[str]:
        if path_argument:
            arguments[path_argument].namespace = namespace
            return _returned([write(getattr(mock, name)(**arguments))])
        return _returned([write(getattr(mock, name)(namespace=namespace, **arguments))])

    return run


def _done(path_argument: str = "") -> Callable[..., list[str]]:
    def run(mock: Any, name: str, namespace: str, arguments: dict[str, Any]) -> list[str]:
        if not path_argument:
            getattr(mock, name)(namespace=namespace, **arguments)
            return []
        target = arguments[path_argument]
        getattr(target, "path", target).namespace = namespace
        getattr(mock, name)(**arguments)
        return []

    return run


def _opened(write: Callable[[Any], str]) -> Callable[..., list[str]]:
    def run(mock: Any, name: str, namespace: str, arguments: dict[str, Any]) -> list[str]:
        arguments = _numbers(arguments)
        if "EnumerationContext" in arguments:
            context = (arguments.pop("EnumerationContext"), namespace)
            result = getattr(mock, name)(context, **arguments)
        elif "InstanceName" in arguments:
            arguments["InstanceName"].namespace = namespace
            result = getattr(mock, name)(**arguments)
        else:
            result = getattr(mock, name)(namespace=namespace, **arguments)
        end = "TRUE" if result.eos else "FALSE"
        name = "" if result.eos else f"<VALUE>{result.context[0]}</VALUE>"
        return [
            *_returned([write(each) for each in result[0]]),
            '<PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean">'
            f"<VALUE>{end}</VALUE></PARAMVALUE>",
            f'<PARAMVALUE NAME="EnumerationContext" PARAMTYPE="string">{name}</PARAMVALUE>',
        ]

    return run


def _closed(mock: Any, name: str, namespace: str, arguments: dict[str, Any]) -> list[str]:
    mock.CloseEnumeration((arguments["EnumerationContext"], namespace))
    return []


def _queried(mock: Any, name: str, namespace: str, arguments: dict[str, Any]) -> list[str]:
    found = mock.EnumerateInstances(arguments["Query"].split()[-1], namespace=namespace)
    return _returned([f"<VALUE.OBJECT>{_bare(each)}</VALUE.OBJECT>" for each in found])


def _echo(call: wbem.Part) -> str:
    """A method that returns FALSE, and its input parameters as they came."""
    given = "".join(each.tocimxmlstr(as_value=True) for each in call.parameters)
    return f'<RETURNVALUE PARAMTYPE="boolean"><VALUE>FALSE</VALUE></RETURNVALUE>{given}'


def _class_name(found: str) -> str:
    return f'<CLASSNAME NAME="{found}"/>'


def _xml(found: Any) -> str:
    # pywbem itself writes ANY="false", which is not in the DTD, and refuses it.
    return str(found.tocimxml().toxml()).replace('ANY="false" ', "")


_ANSWERS: dict[str, Callable[..., list[str]]] = {
    "GetInstance": _one(_bare, "InstanceName"),
    "EnumerateInstances": _enumerated(_named),
    "EnumerateInstanceNames": _enumerated(_name),
    "CreateInstance": _one(_name),
    "ModifyInstance": _done("ModifiedInstance"),
    "DeleteInstance": _done("InstanceName"),
    "Associators": _associated(_object),
    "AssociatorNames": _associated(_path),
    "References": _associated(_object),
    "ReferenceNames": _associated(_path),
    "ExecQuery": _queried,
    "GetClass": _one(_xml),
    "EnumerateClasses": _enumerated(_xml),
    "EnumerateClassNames": _enumerated(_class_name),
    "CreateClass": _done(),
    "ModifyClass": _done(),
    "DeleteClass": _done(),
    "GetQualifier": _one(_xml),
    "EnumerateQualifiers": _enumerated(_xml),
    "SetQualifier": _done(),
    "DeleteQualifier": _done(),
    "OpenEnumerateInstances": _opened(_with_path),
    "OpenEnumerateInstancePaths": _opened(_full),
    "OpenAssociatorInstances": _opened(_with_path),
    "OpenAssociatorInstancePaths": _opened(_full),
    "OpenReferenceInstances": _opened(_with_path),
    "OpenReferenceInstancePaths": _opened(_full),
    "PullInstancesWithPath": _opened(_with_path),
    "PullInstancePaths": _opened(_full),
    "CloseEnumeration": _closed,
}
