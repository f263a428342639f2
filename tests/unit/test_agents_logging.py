"""configure_logging: the lines on standard error."""

import logging
import re
import sys
from collections.abc import Iterator

import pytest

from opswire.agents import configure_logging

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"


@pytest.fixture(autouse=True)
def root() -> Iterator[logging.Logger]:
    """The root logger, afterwards as before."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


def test_a_line_has_time_name_level_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(logging.INFO)
    logging.getLogger("some.name").info("text with %s", "an argument")
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"{TIME} \[some\.name\] \[INFO\] text with an argument\n", err)


def test_below_info_a_line_tells_where_it_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG")
    logging.getLogger("name").debug("text")
    here = rf"{re.escape(__file__.rpartition('/')[2])}:\d+ {sys._getframe().f_code.co_name}"
    assert re.fullmatch(rf"{TIME} \[name {here}\] \[DEBUG\] text\n", capsys.readouterr().err)


def test_a_traceback_follows_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(logging.DEBUG)
    try:
        raise ValueError("what happened")
    except ValueError:
        logging.getLogger("name").exception("text")
    assert capsys.readouterr().err.endswith("\nValueError: what happened\n")


def test_lower_levels_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(logging.ERROR)
    logging.getLogger("name").warning("text")
    assert capsys.readouterr().err == ""


def test_it_replaces_the_handlers(root: logging.Logger) -> None:
    root.addHandler(logging.NullHandler())
    configure_logging(logging.INFO)
    configure_logging(logging.INFO)
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging("LOUD")
