"""The last request and its answer, as ``last_request`` and its like tell them."""

from __future__ import annotations

__all__ = ["LastExchange", "pretty", "without_credentials"]


class LastExchange:
    """Kept as octets, and made texts of when somebody asks.

    Several threads may share it: each sees the exchange that has begun, or ended, last.
    """

    def __init__(self, creds: tuple[str, str] | None) -> None:
        """Nothing has been sent."""
        self._creds = creds
        self.request: bytes | None = None
        self.reply: list[bytes] | None = None
        self.request_length = 0
        self.reply_length = 0
        self.server_time: float | None = None
        self.operation_time: float | None = None

    def begin(self, request: bytes) -> None:
        """Take what is about to be sent."""
        self.request = request
        self.request_length = len(request)
        self.reply = None
        self.reply_length = 0
        self.server_time = None

    def end(self, reply: list[bytes], length: int, server_time: float | None) -> None:
        """Take what was answered, as far as it was kept, and how long all of it was."""
        self.reply = reply or None
        self.reply_length = length
        self.server_time = server_time

    def request_text(self) -> str | None:
        """Return the last request."""
        return None if self.request is None else self._text(self.request)

    def reply_text(self) -> str | None:
        """Return the last answer."""
        return None if self.reply is None else self._text(b"".join(self.reply))

    def _text(self, octets: bytes) -> str:
        return without_credentials(octets.decode("utf-8", "replace"), self._creds)


def without_credentials(text: str, creds: tuple[str, str] | None) -> str:
    """Return a text in which the password, however spelled, is not."""
    if creds is None or not creds[1]:
        return text
    from opswire.redaction.marks import MARK
    from opswire.redaction.spellings import SecretSearch

    return SecretSearch({creds[1]: MARK}, whole_words=True).replace(text)


def pretty(text: str | None) -> str | None:
    """Return XML with an element on a line; what is no XML as it is."""
    if text is None or "<!DOCTYPE" in text:  # entities are not for minidom to expand
        return text
    from xml.dom.minidom import parseString
    from xml.parsers.expat import ExpatError

    try:
        return parseString(text.encode()).toprettyxml(indent="  ")  # noqa: S318 - without entities
    except (ExpatError, ValueError):
        return text
