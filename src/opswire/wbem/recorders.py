"""Operation recorders: what programs hang into a connection to see each operation of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import IO, Any, NamedTuple

from opswire.public_names import public_in

__all__ = ["BaseOperationRecorder", "HttpRequest", "HttpResponse", "OpArgs", "OpResult"]


@public_in("opswire.wbem")
class OpArgs(NamedTuple):
    """An operation's name, and its arguments by name."""

    method: str
    args: dict[str, Any]


@public_in("opswire.wbem")
class OpResult(NamedTuple):
    """What an operation returned, or raised."""

    ret: Any
    exc: BaseException | None


@public_in("opswire.wbem")
class HttpRequest(NamedTuple):
    """A request over HTTP; what authorises it is not in its headers."""

    version: int
    url: str
    target: str
    method: str
    headers: dict[str, str]
    payload: str


@public_in("opswire.wbem")
class HttpResponse(NamedTuple):
    """An answer over HTTP."""

    version: int
    status: int
    reason: str
    headers: dict[str, str]
    payload: str | None


@public_in("opswire.wbem")
class BaseOperationRecorder:
    """Takes the parts of an operation as they are staged, and gives them to ``record()``.

    Derive from it and write ``record()``. Operations of several threads come one after the other.
    """

    def __init__(self) -> None:
        """Begin enabled, with nothing staged."""
        self._enabled = True
        self._conn_id: str | None = None
        self.reset()

    def __repr__(self) -> str:
        """Tell whether it is enabled."""
        return f"{type(self).__name__}(enabled={self._enabled})"

    @property
    def enabled(self) -> bool:
        """Whether operations are recorded."""
        return self._enabled

    def enable(self) -> None:
        """Record from now on."""
        self._enabled = True

    def disable(self) -> None:
        """Record nothing until enabled again."""
        self._enabled = False

    def copy(self) -> BaseOperationRecorder:
        """Return another one of the same class, with nothing staged."""
        other = copy.copy(self)
        other.reset()
        return other

    @staticmethod
    def open_file(filename: str, file_mode: str = "w") -> IO[str]:
        """Open a file for what is recorded, in UTF-8."""
        return open(filename, file_mode, encoding="utf-8")

    def reset(self, pull_op: bool | None = None) -> None:
        """Forget what is staged."""
        self._pull_op = pull_op
        self._args: OpArgs | None = None
        self._result: OpResult | None = None
        self._request: HttpRequest | None = None
        self._response: HttpResponse | None = None

    def stage_wbem_connection(self, wbem_connection: Any) -> None:
        """Take the connection."""
        self._conn_id = wbem_connection.conn_id

    def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        """Take the operation's name and arguments."""
        self._args = OpArgs(method, kwargs)

    def stage_http_request(
        self,
        conn_id: str,
        version: int,
        url: str,
        target: str,
        method: str,
        headers: Mapping[str, str],
        payload: str,
    ) -> None:
        """Take the request."""
        self._conn_id = conn_id
        self._request = HttpRequest(version, url, target, method, dict(headers), payload)

    def stage_http_response1(
        self, conn_id: str, version: int, status: int, reason: str, headers: Mapping[str, str]
    ) -> None:
        """Take the head of the answer."""
        self._conn_id = conn_id
        self._response = HttpResponse(version, status, reason, dict(headers), None)

    def stage_http_response2(self, payload: str) -> None:
        """Take the body of the answer."""
        if self._response is not None:
            self._response = self._response._replace(payload=payload)

    def stage_pywbem_result(self, ret: Any, exc: BaseException | None) -> None:
        """Take what the operation returned or raised."""
        self._result = OpResult(ret, exc)

    def record_staged(self) -> None:
        """Record what is staged, if that is enabled, and forget it."""
        if self._enabled and self._args is not None and self._result is not None:
            self.record(self._args, self._result, self._request, self._response)
        self.reset()

    def record(
        self,
        pywbem_args: OpArgs,
        pywbem_result: OpResult,
        http_request: HttpRequest | None,
        http_response: HttpResponse | None,
    ) -> None:
        """Record an operation."""
        raise NotImplementedError
