"""Every allocation of csrc fails in turn, once and for ever: nothing crashes or is lost, NO_MEMORY
is what is told, and what has failed works again as its header says.

The program is compiled with the sanitizers in every run of the tests. Of the allocations of one
document that are asked for through the same calls, the first two and the last fail, and for some
documents the last only. In the long form of the test all of them do, which takes minutes.
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.c.failing_documents import MESSAGES, XML
from tests.c.programs import c_files, compiled, object_of, output_of
from tests.forms import two_forms

HARNESS = [
    *("allocations", "main", "xml_scanner", "cim_reader", "cim_writer"),
    *("remctl", "remctl_moves", "remctl_messages"),
]
FLAGS = ["-O1", "-fno-inline", "-fno-optimize-sibling-calls", "-fno-omit-frame-pointer"]
LINK = ["-no-pie", "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free"]
DOCUMENTS = {"xml_scanner": XML, "cim_reader": MESSAGES, "cim_writer": MESSAGES, "remctl": {}}
# What asks for memory, itself or through another that does; and what else the system has.
ALLOCATORS = r"__wrap_(?:malloc|calloc|realloc)|opswire_buffer_(?:reserve|append\w*)"
OTHER_ALLOCATORS = r"\w*alloc\w*|str\w*dup|v?asprintf|getdelim|getline|open_\w*memstream"
# These have the room before they fill it: so their calls never fail.
ROOM_IS_THERE = {
    ("opswire_remctl_message_write", "opswire_buffer_append"),
    ("opswire_remctl_message_write", "opswire_buffer_append_u8"),
    ("opswire_remctl_message_write", "opswire_buffer_append_u32"),
    ("opswire_remctl_arguments_write", "opswire_buffer_append"),
    ("opswire_remctl_arguments_write", "opswire_buffer_append_u32"),
    ("reply_1", "opswire_buffer_append_u32"),  # the second one
    ("unescaped_text", "opswire_buffer_append"),  # the first one
}
# Asked only when the dynamic linker has failed: gss_without_memory.c makes it fail.
ELSEWHERE = {("open_library", "__wrap_malloc")}


class Call(NamedTuple):
    """One that may ask for memory: the address that it returns to, who makes it, and of whom."""

    address: int
    caller: str
    asked: str


class Harness:
    """The program, and what it has said for each format."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        sources = c_files()
        sources += [f"tests/c/failing_{name}.c" for name in HARNESS]
        sources.append("tests/c/numbered_security.c")
        self.program = compiled(folder, sources, FLAGS, LINK)
        self._said: dict[tuple[str, str], str] = {}

    def run(self, subject: str, which: str = "chosen") -> str:
        """Once; the return addresses of whatever has asked in vain."""
        if (subject, which) not in self._said:
            paths = []
            for index, octets in enumerate(DOCUMENTS[subject].values()):
                paths.append(self.folder / f"{subject}_{index}")
                paths[-1].write_bytes(octets)
            self._said[subject, which] = output_of(self.program, which, subject, *paths)
        return self._said[subject, which]

    def calls(self) -> list[Call]:
        """Every call of that kind in csrc."""
        calls: list[Call] = []
        asked = caller = ""
        for line in _printed("objdump", "-d", "--no-show-raw-insn", self.program).splitlines():
            if heading := re.match(r"[0-9a-f]+ <(\w+)(?:\.\w+)*>:", line):
                caller, asked = heading[1], ""
            elif asked and (here := re.match(r" +([0-9a-f]+):", line)):
                calls.append(Call(int(here[1], 16), caller, asked))
                asked = ""
            if match := re.search(rf"<({ALLOCATORS})(?:\.\w+)*>$", line):
                asked = match[1]
        ours = self._files(each.address for each in calls)
        return [each for each, file in zip(calls, ours, strict=True) if file.parts[-3] == "csrc"]

    def _files(self, addresses: Iterable[int]) -> list[Path]:
        # One before where it returns to is within the call.
        arguments = [f"{address - 1:x}" for address in addresses]
        lines = _printed("addr2line", "-e", self.program, *arguments).splitlines()
        return [Path(line.rsplit(":", 1)[0]) for line in lines]


def _printed(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Harness:
    """Compiled once."""
    return Harness(tmp_path_factory.mktemp("failing"))


@pytest.mark.parametrize("which", two_forms("chosen", "all"))
@pytest.mark.parametrize("subject", DOCUMENTS)
def test_whatever_allocation_fails_it_is_told_and_nothing_is_lost(
    subject: str, which: str, harness: Harness
) -> None:
    """tests/c/failing_….c say what holds before, at and after the failure."""
    assert harness.run(subject, which)


def test_every_place_that_asks_for_memory_has_asked_in_vain(harness: Harness) -> None:
    """A new place is found here if no document leads to it."""
    failed = {int(word, 16) for subject in DOCUMENTS for word in harness.run(subject).split()[1::2]}
    calls = harness.calls()
    assert len(calls) > 50
    assert {each[1:] for each in calls if each.address not in failed} == ROOM_IS_THERE | ELSEWHERE


def test_no_other_function_of_the_system_that_allocates_is_called(harness: Harness) -> None:
    """Such as strdup(): its failures would not be seen here."""
    objects = [object_of(harness.folder, source) for source in c_files()]
    symbols = {name for name in _printed("nm", "-u", *objects).split() if name[:2] != "__"}
    found = {name for name in symbols if re.fullmatch(OTHER_ALLOCATORS, name)}
    assert found == {"malloc", "calloc", "realloc"}
