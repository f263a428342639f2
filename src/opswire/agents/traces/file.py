"""Where vcrpy keeps a trace: a file of the user's own, without secrets, old or new but never half.

Imports vcrpy: only for a program that traces.
"""

import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from vcr.persisters.filesystem import CassetteNotFoundError, FilesystemPersister
from vcr.request import Request
from vcr.serialize import deserialize, serialize

from opswire.agents.traces.replacements import Replacements
from opswire.redaction.exchanges import redact

__all__ = ["TraceFile"]

logger = logging.getLogger("opswire.agents")


class TraceFile(FilesystemPersister):  # type: ignore[misc]  # vcrpy has no types
    """A persister of vcrpy: it reads as vcrpy does, and redacts and replaces when it writes.

    Args:
        replacements: what the caller's own filters put in the place of secrets.
    """

    def __init__(self, replacements: Replacements) -> None:
        """Keep the replacements."""
        self._replacements = replacements

    def load_cassette(self, cassette_path: Any, serializer: Any) -> Any:
        """Read a trace in the encoding that it was written in, whatever the locale."""
        try:
            text = Path(cassette_path).read_text("utf-8")
            if not text.strip():
                raise FileNotFoundError  # as a program that was killed may leave it
        except FileNotFoundError as error:
            logger.info("HTTP is recorded in %s", cassette_path)
            raise CassetteNotFoundError from error
        try:
            requests, responses = deserialize(text, serializer)
            for request in requests:
                self._replacements.find_in(request)
        except Exception as error:  # of YAML's own, and whatever a list in place of a mapping gives
            raise ValueError(f"it is no trace ({type(error).__name__})") from error
        logger.info(
            "HTTP is replayed from %s, which has %d requests; others are sent and appended",
            cassette_path,
            len(requests),
        )
        return requests, responses

    def save_cassette(
        self, cassette_path: Any, cassette_dict: dict[str, Any], serializer: Any
    ) -> None:
        """Write the whole trace, 0600, by renaming a temporary file of the same folder."""
        interactions = redact(
            (
                (_plain(request), response)
                for request, response in zip(
                    cassette_dict["requests"], cassette_dict["responses"], strict=True
                )
            ),
            self._replacements.found,
        )
        text = serialize(
            {
                **cassette_dict,
                "requests": [Request._from_dict(request) for request, _ in interactions],
                "responses": [response for _, response in interactions],
            },
            serializer,
        )
        path = os.fspath(cassette_path)
        descriptor, temporary = tempfile.mkstemp(prefix=".trace-", dir=os.path.dirname(path))
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        logger.info("%s has %d requests now", path, len(interactions))


def _plain(request: Any) -> dict[str, Any]:
    """A request as values; a body that was a file or an iterator as its octets."""
    found: dict[str, Any] = request._to_dict()
    body = found["body"]
    if hasattr(body, "read"):
        body = body.read()
    elif body is not None and not isinstance(body, (bytes, str)):
        body = b"".join(body)
    return {**found, "body": body}
