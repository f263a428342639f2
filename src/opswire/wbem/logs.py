"""pywbem's loggers: each operation, and each HTTP message, as a log record.

What opswire itself logs, the steps of a connection, is in the logger ``opswire.wbem``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from opswire.public_names import public_in
from opswire.wbem.client import observers
from opswire.wbem.connection import WBEMConnection
from opswire.wbem.recorders import BaseOperationRecorder

__all__ = [
    "DEFAULT_LOG_DESTINATION",
    "DEFAULT_LOG_DETAIL_LEVEL",
    "DEFAULT_LOG_FILENAME",
    "LOGGER_API_CALLS_NAME",
    "LOGGER_HTTP_NAME",
    "LOGGER_SIMPLE_NAMES",
    "LOG_DESTINATIONS",
    "LOG_DETAIL_LEVELS",
    "LogOperationRecorder",
    "configure_logger",
    "configure_loggers_from_string",
]

LOGGER_API_CALLS_NAME = "pywbem.api"
LOGGER_HTTP_NAME = "pywbem.http"
LOGGER_SIMPLE_NAMES = ["api", "http", "all"]
LOG_DESTINATIONS = ["file", "stderr", "off"]
LOG_DETAIL_LEVELS = ["all", "paths", "summary"]
DEFAULT_LOG_DESTINATION = "file"
DEFAULT_LOG_DETAIL_LEVEL = "all"
DEFAULT_LOG_FILENAME = "pywbem.log"

_NAMES = {"api": LOGGER_API_CALLS_NAME, "http": LOGGER_HTTP_NAME}
_SUMMARY = 1000
"""Characters of a record of the detail level "summary"."""

Level = str | int
_future: dict[str, Level] = {}
"""The detail levels of connections that are made later, by simple name."""


@public_in("opswire.wbem")
class LogOperationRecorder(BaseOperationRecorder):
    """Logs each operation to ``pywbem.api.CONN_ID``, and its messages to ``pywbem.http.CONN_ID``.

    Args:
        conn_id: of the connection.
        detail_levels: by simple name ("api", "http", "all"): "all", "paths", "summary", or the
            most characters that a record has.
    """

    def __init__(self, conn_id: str, detail_levels: Mapping[str, Level] | None = None) -> None:
        """Begin enabled."""
        super().__init__()
        self._api = logging.getLogger(f"{LOGGER_API_CALLS_NAME}.{conn_id}")
        self._http = logging.getLogger(f"{LOGGER_HTTP_NAME}.{conn_id}")
        self.set_detail_level(detail_levels or {})

    def set_detail_level(self, detail_levels: Mapping[str, Level]) -> None:
        """Set how much of each a record has."""
        usual = detail_levels.get("all", DEFAULT_LOG_DETAIL_LEVEL)
        self._api_level = detail_levels.get("api", usual)
        self._http_level = detail_levels.get("http", usual)

    def record_staged(self) -> None:
        """Log what is staged, and forget it."""
        if self._enabled and self._args is not None and self._result is not None:
            self._log_call()
            self._log_messages()
        self.reset()

    def _log_call(self) -> None:
        if not self._api.isEnabledFor(logging.DEBUG) or self._args is None:
            return
        method, given = self._args
        arguments = ", ".join(f"{name}={value!r}" for name, value in given.items())
        self._api.debug("Request:%s %s(%s)", self._conn_id, method, arguments)
        if self._result is None:
            return
        returned, raised = self._result
        if raised is not None:
            self._api.debug("Exception:%s %s(%r)", self._conn_id, method, raised)
        else:
            told = _told(returned, self._api_level)
            self._api.debug("Return:%s %s(%s)", self._conn_id, method, told)

    def _log_messages(self) -> None:
        if not self._http.isEnabledFor(logging.DEBUG):
            return
        if self._request is not None:
            sent = self._request
            body = _cut(sent.payload, self._http_level)
            self._http.debug(
                "Request:%s %s %s 11 %s\n%s",
                *(self._conn_id, sent.method, sent.target, sent.headers, body),
            )
        if self._response is not None:
            got = self._response
            body = _cut(got.payload or "", self._http_level)
            self._http.debug(
                "Response:%s %s:%s 11 %s\n%s",
                *(self._conn_id, got.status, got.reason, got.headers, body),
            )


def _told(value: Any, level: Level) -> str:
    if level == "paths":
        found = value if isinstance(value, (list, tuple)) else [value]
        return repr([str(getattr(each, "path", each)) for each in found])
    if level == "summary" and isinstance(value, (list, tuple)):
        return f"{type(value).__name__} of {len(value)}"
    return _cut(repr(value), level)


def _cut(text: str, level: Level) -> str:
    most = _SUMMARY if level == "summary" else level
    if isinstance(most, int) and len(text) > most:
        return f"{text[:most]}..."
    return text


@public_in("opswire.wbem")
def configure_logger(
    simple_name: str,
    log_dest: str | None = None,
    detail_level: Level | None = DEFAULT_LOG_DETAIL_LEVEL,
    log_filename: str | None = DEFAULT_LOG_FILENAME,
    connection: WBEMConnection | bool | None = None,
    propagate: bool = False,
) -> None:
    """Set up pywbem's loggers, and have connections log.

    Args:
        simple_name: "api", "http", or "all" for both.
        log_dest: "file", "stderr", or "off"; None leaves the handlers as they are.
        detail_level: how much a record has: "all", "paths", "summary" or a number of characters.
        log_filename: of the file.
        connection: the one that logs; True for all that are made from now on, False for none.
        propagate: whether records go to the handlers of the loggers above.

    Raises:
        ValueError: a name, destination, level or connection is none.
    """
    _checked(simple_name, LOGGER_SIMPLE_NAMES, "simple_name")
    if log_dest is not None:
        _checked(log_dest, LOG_DESTINATIONS, "log_dest")
    if isinstance(detail_level, int):
        if detail_level < 0:
            raise ValueError(f"detail_level must be 0 or more, not {detail_level}")
    elif detail_level is not None:
        _checked(detail_level, LOG_DETAIL_LEVELS, "detail_level")
    if log_dest == "file" and not log_filename:
        raise ValueError("log_dest='file' needs a log_filename")
    names = list(_NAMES) if simple_name == "all" else [simple_name]
    if log_dest is not None:
        for name in names:
            _set_handler(logging.getLogger(_NAMES[name]), log_dest, log_filename, propagate)
    level = DEFAULT_LOG_DETAIL_LEVEL if detail_level is None else detail_level
    levels = dict.fromkeys(names, level)
    if connection is True:
        _future.update(levels)
        observers.future_recorders[:] = [lambda conn_id: LogOperationRecorder(conn_id, _future)]
    elif connection is False:
        _future.clear()
        observers.future_recorders.clear()
    elif isinstance(connection, WBEMConnection):
        _activate(connection, levels)
    elif connection is not None:
        raise ValueError(f"connection must be a WBEMConnection or a bool, not {connection!r}")


def _activate(connection: WBEMConnection, levels: Mapping[str, Level]) -> None:
    for recorder in connection.operation_recorders:
        if isinstance(recorder, LogOperationRecorder):
            recorder.set_detail_level(levels)
            return
    connection.add_operation_recorder(LogOperationRecorder(connection.conn_id, levels))


def _checked(value: object, allowed: list[str], name: str) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _set_handler(
    logger: logging.Logger, log_dest: str, log_filename: str | None, propagate: bool
) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    made: logging.Handler
    if log_dest == "file":
        made = logging.FileHandler(str(log_filename), encoding="utf-8")
    elif log_dest == "stderr":
        made = logging.StreamHandler()
    else:
        made = logging.NullHandler()
    made.setFormatter(logging.Formatter("%(asctime)s-%(name)s-%(message)s"))
    logger.addHandler(made)
    logger.setLevel(logging.NOTSET if log_dest == "off" else logging.DEBUG)
    logger.propagate = propagate


@public_in("opswire.wbem")
def configure_loggers_from_string(
    log_configuration_str: str,
    log_filename: str | None = DEFAULT_LOG_FILENAME,
    connection: WBEMConnection | bool | None = None,
    propagate: bool = False,
) -> None:
    """Set up pywbem's loggers by a text like ``api=stderr:summary,http=file``.

    Args:
        log_configuration_str: names, each with a destination and a detail level.
        log_filename: of the file.
        connection: as in ``configure_logger()``.
        propagate: the same.

    Raises:
        ValueError: the text is not so written, or has another name, destination or level.
    """
    for spec in log_configuration_str.split(","):
        name, _, rest = spec.strip().partition("=")
        destination, _, level = rest.partition(":")
        detail: Level = int(level) if level.isdecimal() else level or DEFAULT_LOG_DETAIL_LEVEL
        configure_logger(
            name,
            destination or DEFAULT_LOG_DESTINATION,
            detail,
            log_filename,
            connection,
            propagate,
        )
