"""The attributes of a connection that users read, and the few that they set."""

from __future__ import annotations

from typing import Any

from opswire.errors.wbem import ConnectionError
from opswire.wbem.client.client_state import ClientState
from opswire.wbem.client.last_exchange import pretty
from opswire.wbem.client.settings import timeout_of
from opswire.wbem.recorders import BaseOperationRecorder
from opswire.wbem.statistics import Statistics

__all__ = ["PublicAttributes"]


class PublicAttributes(ClientState):
    """Settings, counters, and the last request and answer."""

    def __repr__(self) -> str:
        """Tell where and how; of the credentials only the user's name."""
        settings = self._settings
        user = None if settings.creds is None else (settings.creds[0], "...")
        return (
            f"{type(self).__name__}(url={self.url!r}, creds={user!r}, "
            f"default_namespace={self.default_namespace!r}, timeout={self.timeout!r}, "
            f"no_verification={self.no_verification!r}, conn_id={self.conn_id!r})"
        )

    def __reduce__(self) -> str:
        """Refuse to be pickled: it holds a password and connections."""
        raise TypeError(f"a {type(self).__name__} cannot be pickled")

    def _close_once(self) -> None:
        if self._is_closed:
            raise ConnectionError("the WBEM connection is closed already", conn_id=self._conn_id)
        self._is_closed = True

    # -- settings --

    @property
    def url(self) -> str:
        """The URL, in its one form: with scheme and port, without a path."""
        return self._settings.origin.url

    @property
    def scheme(self) -> str:
        """Of the URL: http or https."""
        return self._settings.origin.scheme

    @property
    def host(self) -> str:
        """Host and port, as paths of instances name a server."""
        return self._settings.origin.authority

    @property
    def creds(self) -> tuple[str, str] | None:
        """User name and password, or None."""
        return self._settings.creds

    @property
    def default_namespace(self) -> str:
        """The namespace of operations that name none; may be set."""
        return self._default_namespace

    @default_namespace.setter
    def default_namespace(self, namespace: str | None) -> None:
        self._set_namespace(namespace)

    @property
    def x509(self) -> dict[str, str | None] | None:
        """The files of the client's certificate, or None."""
        return self._settings.x509

    @property
    def ca_certs(self) -> str | None:
        """The file or folder of certificates that are trusted, or None for the system's."""
        return self._settings.ca_certs

    @property
    def no_verification(self) -> bool:
        """Whether anybody may claim to be the server."""
        return self._settings.no_verification

    @property
    def timeout(self) -> float | None:
        """Seconds for an operation, or None; may be set."""
        return self._settings.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._settings.timeout = timeout_of(seconds)

    @property
    def proxies(self) -> dict[str, str] | None:
        """URLs of proxies by scheme, as they were given."""
        return self._settings.proxies

    @property
    def use_pull_operations(self) -> bool | None:
        """How the Iter... operations go about it."""
        return self._use_pull_operations

    @property
    def conn_id(self) -> str:
        """What names this connection in exceptions and recorders."""
        return self._conn_id

    # -- what was sent and received last --

    @property
    def debug(self) -> bool:
        """Whether answers of iterations are kept, and ``last_request`` and ``last_reply`` made."""
        return self._debug

    @debug.setter
    def debug(self, value: bool) -> None:
        self._debug = bool(value)

    @property
    def last_raw_request(self) -> str | None:
        """The CIM-XML of the last request, without the password."""
        return self._last.request_text()

    @property
    def last_raw_reply(self) -> str | None:
        """The CIM-XML of the last answer, without the password; None before it is there."""
        return self._last.reply_text()

    @property
    def last_request(self) -> str | None:
        """The last request with an element on a line; None unless ``debug`` is set."""
        return pretty(self.last_raw_request) if self._debug else None

    @property
    def last_reply(self) -> str | None:
        """The last answer with an element on a line; None unless ``debug`` is set."""
        return pretty(self.last_raw_reply) if self._debug else None

    @property
    def last_request_len(self) -> int:
        """Octets of the last request."""
        return self._last.request_length

    @property
    def last_reply_len(self) -> int:
        """Octets of the last answer."""
        return self._last.reply_length

    @property
    def last_operation_time(self) -> float | None:
        """Seconds that the last operation took; None unless statistics are kept."""
        return self._last.operation_time

    @property
    def last_server_response_time(self) -> float | None:
        """Seconds that the server says that the last request took, or None."""
        return self._last.server_time

    # -- who looks --

    @property
    def statistics(self) -> Statistics:
        """How often each operation was called, and how long it took."""
        return self._observers.statistics

    @property
    def stats_enabled(self) -> bool:
        """Whether statistics are kept; may be set."""
        return self._observers.statistics.enabled

    @stats_enabled.setter
    def stats_enabled(self, value: bool) -> None:
        if value:
            self._observers.statistics.enable()
        else:
            self._observers.statistics.disable()

    @property
    def operation_recorders(self) -> tuple[BaseOperationRecorder, ...]:
        """The recorders."""
        return tuple(self._observers.recorders)

    @property
    def operation_recorder_enabled(self) -> bool:
        """Whether any recorder records; set it for all of them."""
        return self._observers.want_replies

    @operation_recorder_enabled.setter
    def operation_recorder_enabled(self, value: bool) -> None:
        for recorder in self._observers.recorders:
            if value:
                recorder.enable()
            else:
                recorder.disable()

    def add_operation_recorder(self, operation_recorder: BaseOperationRecorder) -> None:
        """Have a recorder see each operation.

        Raises:
            ValueError: it is None, or one of its class is there.
        """
        self._observers.add(operation_recorder)
        operation_recorder.stage_wbem_connection(self)

    def operation_recorder_reset(self, pull_op: bool = False) -> None:
        """Have the recorders forget what is staged."""
        for recorder in self._observers.recorders:
            recorder.reset(pull_op)

    def operation_recorder_stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        """Give the recorders an operation of the caller's own."""
        for recorder in self._observers.recorders:
            recorder.stage_pywbem_args(method, **kwargs)

    def operation_recorder_stage_result(self, ret: Any, exc: BaseException | None) -> None:
        """Give the recorders the result of an operation of the caller's own, to be recorded."""
        for recorder in self._observers.recorders:
            recorder.stage_pywbem_result(ret, exc)
            recorder.record_staged()
