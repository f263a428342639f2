"""Why a request is not served: a status, and words for the log."""


class Refusal(Exception):
    """What a client sent is answered by a status, without asking the handler.

    Args:
        status: of the answer.
        reason: for the log; no text of the request is in it.
        allow: for the header Allow of a 405.
    """

    def __init__(self, status: int, reason: str, allow: str = "") -> None:
        """Keep them."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.allow = allow
