"""A command line option that records a program's HTTP requests, or replays them.

parser.add_argument("--vcrtrace", action=vcrtrace(filter_headers=[("authorization", "****")]))
"""

import argparse
import atexit
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opswire.errors import LibraryMissingError
from opswire.extras import missing
from opswire.public_names import public_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vcr import VCR

__all__ = ["vcrtrace"]

HELP = (
    "Enables the tracing of HTTP requests to TRACEFILE: a file that is missing is recorded, one "
    "that exists is replayed, and requests that it lacks are sent and appended. Secrets of "
    "well-known names are not stored. TRACEFILE must be in {folder}, and the program must run in "
    "a terminal."
)
_FOLDER = Path("tmp/check_mk/debug")


def identity(body: bytes) -> bytes:
    """Return the body: the filter that changes nothing."""
    return body


@public_in("opswire.agents")
def vcrtrace(
    filter_body: Callable[[bytes], bytes] = identity,
    filter_query_parameters: Iterable[Any] = (),
    filter_headers: Iterable[Any] = (),
    filter_post_data_parameters: Iterable[Any] = (),
) -> type[argparse.Action]:
    """Return a class for the ``action`` of ``add_argument``.

    ``filter_body`` is called with the body of each request that has one, and returns the body to be
    stored; the other filters are those of vcr.VCR and go there as they are.

    With the option, its destination is True.  Besides the filters, secrets are left out of what is
    stored: Authorization, cookies, and headers, parameters, fields of forms and JSON, elements and
    attributes of XML with names such as token or password, and the same values wherever else they
    appear.  What a filter has put in the place of a value stays.  What is sent and received is not
    changed, and replay finds the requests in spite of it.  The file can be read by its owner only.

    A missing terminal, folder or vcrpy is a usage error of the program (exit status 2).
    """
    filters = {
        "filter_query_parameters": list(filter_query_parameters),
        "filter_headers": list(filter_headers),
        "filter_post_data_parameters": list(filter_post_data_parameters),
    }

    class TraceAction(argparse.Action):
        """Starts tracing when the option is met."""

        def __init__(
            self,
            option_strings: "Sequence[str]",
            dest: str,
            *,
            metavar: str = "TRACEFILE",
            help: str | None = None,
            **options: Any,
        ) -> None:
            text = HELP.format(folder=f"~/{_FOLDER}")
            text = f"{text} {help}" if help else text
            super().__init__(option_strings, dest, metavar=metavar, help=text, **options)

        def __call__(
            self,
            parser: argparse.ArgumentParser,
            namespace: argparse.Namespace,
            values: Any,
            option_string: str | None = None,
        ) -> None:
            if not _has_terminal():
                parser.error("You need to run this in a tty")
            value = values[0] if isinstance(values, list) and values else values
            if not isinstance(value, (str, os.PathLike)):
                parser.error(f"argument {option_string}: expected the name of a file")
            path = _checked(parser, value)
            try:
                _start(path, filters, filter_body)
            except LibraryMissingError as error:
                parser.error(str(error))
            except (OSError, ValueError) as error:
                parser.error(f"The trace {path} cannot be read: {error}")
            setattr(namespace, self.dest, True)

    return TraceAction


def _body_filter(filter_body: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    def before_record_request(request: Any) -> Any:
        # Filters of old took None for a request without a body, and few of them could.
        if request.body is not None:
            request.body = filter_body(request.body)
        return request

    return before_record_request


def _has_terminal() -> bool:
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # closed
        return False


def _checked(parser: argparse.ArgumentParser, value: str | os.PathLike[str]) -> Path:
    """Where the trace really is; links and '..' do not lead out of the folder."""
    folder = Path.home() / _FOLDER
    path = Path(value).resolve()
    real = folder.resolve()
    if path == real or not path.is_relative_to(real):
        parser.error(f"Traces can only be stored in {folder}")
    if not path.parent.is_dir():
        parser.error(
            f"The folder {path.parent} for traces does not exist; make it: "
            f"mkdir -p -m 700 {path.parent}"
        )
    if path.exists() and not path.is_file():
        parser.error(f"{path} is not a file")
    return path


def _start(
    path: Path, filters: dict[str, list[Any]], filter_body: Callable[[bytes], bytes]
) -> None:
    try:
        from vcr import VCR

        from opswire.agents.traces.file import TraceFile
        from opswire.agents.traces.replacements import Replacements
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "vcr":
            raise
        raise missing("vcrtrace", "vcrpy", "agents") from error
    replacements = Replacements()
    recorder = VCR(
        record_mode="new_episodes",
        before_record_request=_body_filter(filter_body),
        **{name: replacements.of(each) for name, each in filters.items()},
    )
    _let_redacted_match(recorder)
    recorder.register_persister(TraceFile(replacements))
    cassette = recorder.use_cassette(os.fspath(path))
    cassette.__enter__()
    # So that sys.exit and exceptions leave a trace too.
    atexit.register(_finish, cassette, path)


def _finish(cassette: Any, path: Path) -> None:
    try:
        cassette.__exit__(None, None, None)
    except OSError as error:
        print(f"The trace {path} could not be written: {error}", file=sys.stderr)


def _let_redacted_match(recorder: "VCR") -> None:
    """Have vcrpy's own names of matchers know what stands for a secret."""
    from opswire.redaction.exchanges import same_path, same_query

    def path(one: Any, other: Any) -> None:
        if not same_path(one.path or "/", other.path or "/"):
            raise AssertionError(f"{one.path} != {other.path}")

    def query(one: Any, other: Any) -> None:
        if not same_query(one.query, other.query):
            raise AssertionError("the queries differ")

    recorder.register_matcher("path", path)
    recorder.register_matcher("query", query)
