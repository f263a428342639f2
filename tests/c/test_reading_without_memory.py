"""Every allocation of the C of XML and CIM-XML fails in turn: NO_MEMORY, and nothing else happens.

The program is compiled with AddressSanitizer and UndefinedBehaviorSanitizer, whatever the tests are
run with.
"""

import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from tests.c.counting import CHECKOUT
from tests.wbem.answers import BEGINNING, END, answer

SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-g"]
WRAPS = "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free"
WHOLE = 1 << 30
CASES = CHECKOUT / "tests/cases/cimxml"


def within(text: str) -> bytes:
    """An answer with that in IRETURNVALUE."""
    return f"{BEGINNING}{text}{END}".encode()


def deep() -> bytes:
    """As many elements in each other as can be, and objects too."""
    path = '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><KEYVALUE>v</KEYVALUE></KEYBINDING>'
    path += "</INSTANCENAME>"
    for _ in range(8):
        path = (
            '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><VALUE.REFERENCE>'
            f"{path}</VALUE.REFERENCE></KEYBINDING></INSTANCENAME>"
        )
    inner = '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string"/></INSTANCE>'
    for _ in range(4):
        inner = (
            '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string" EmbeddedObject="object">'
            f"<VALUE>{escape(inner, quote=False)}</VALUE></PROPERTY></INSTANCE>"
        )
    return within(f"<VALUE.NAMEDINSTANCE>{path}{inner}</VALUE.NAMEDINSTANCE>")


def long_tags() -> str:
    """Tags that are not kept, with references in them."""
    key = f'<KEYBINDING NAME="{"K&#x5927;" * 100}"><KEYVALUE>v</KEYVALUE></KEYBINDING>'
    return f'<INSTANCENAME CLASSNAME="{"C&amp;" * 300}">{key}</INSTANCENAME>'


PROPERTIES = "".join(f'<PROPERTY NAME="P{i}" TYPE="uint8"/>' for i in range(300))
DOCUMENTS: dict[str, bytes] = {
    "an answer": answer(3),
    "objects in each other": deep(),
    "tags that are long": within(long_tags() * 2),
    "many properties": within(f'<INSTANCE CLASSNAME="C">{PROPERTIES}</INSTANCE>'),
    "many shapes": within("".join(f'<INSTANCE CLASSNAME="C{i}"/>' for i in range(140))),
    "an array": within(
        '<INSTANCE CLASSNAME="C"><PROPERTY.ARRAY NAME="P" TYPE="string"><VALUE.ARRAY>'
        f"{'<VALUE>text &lt;</VALUE><VALUE.NULL/>' * 70}</VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>"
    ),
    "a prolog": (
        '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE CIM SYSTEM "x.dtd"><!-- ü -->'
        f"<?x y?>{answer(1).decode().partition('?>')[2]}".encode("latin-1")
    ),
    "UTF-16": answer(1).decode().replace('"utf-8"', '"utf-16"').encode("utf-16"),
    "CDATA": within(
        '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string"><VALUE>a<![CDATA[]]]]>b\r\n'
        "&amp;ü</VALUE></PROPERTY></INSTANCE>"
    ),
    **{
        name: (CASES / f"{name}.xml").read_bytes()
        for name in (
            "02_rsp_GetClass_localonly",
            "11_rsp_EnumerateInstances_embedded",
            "17_rsp_EnumerateInstanceNames_refkeys",
            "28_rsp_InvokeMethod_reference_out",
            "34_rsp_error_with_CIM_Error_instance",
            "51_rsp_GetQualifier",
            "exp_embedded_0",
        )
    },
}


@pytest.fixture(scope="module")
def fail(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes, int, int], int]:
    """Let allocations fail, and tell how many did."""
    program = tmp_path_factory.mktemp("failing") / "reading_without_memory"
    sources = [*sorted((CHECKOUT / "csrc").glob("xml_*.c"))]
    sources += [*sorted((CHECKOUT / "csrc").glob("cimxml*.c")), CHECKOUT / "csrc/keyed_hash.c"]
    sources += [CHECKOUT / f"tests/c/{stem}.c" for stem in (program.name, "failing_allocations")]
    compiler = ["gcc", "-std=gnu11", "-O1", *SANITIZERS, "-Iinclude", "-Icsrc", WRAPS]
    subprocess.run([*compiler, *sources, "-o", program], check=True, cwd=CHECKOUT)

    def run(what: str, octets: bytes, piece: int = WHOLE, stride: int = 1) -> int:
        command = [str(program), what, str(piece), str(stride)]
        child = subprocess.run(command, input=octets, capture_output=True, check=False)
        assert child.returncode == 0, child.stderr.decode()
        return int(child.stdout)

    return run


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize(
    ("what", "piece"),
    [("read", WHOLE), ("read", 50), ("read again", WHOLE), ("scan", 50), ("scan", WHOLE)],
)
def test_an_allocation_that_fails_is_no_memory_and_nothing_else(
    name: str, what: str, piece: int, fail: Callable[..., int]
) -> None:
    """Then the same message is read by the same reader as if nothing had happened."""
    octets = DOCUMENTS[name]
    failures = fail(what, octets, piece, 1 if len(octets) < 4000 else 7)
    assert failures > (0 if what == "read again" else 3)


@pytest.mark.parametrize("name", ["an answer", "UTF-16", "a prolog", "tags that are long"])
@pytest.mark.parametrize("piece", [WHOLE, 1])
def test_a_scanner_for_markup_fails_as_well(
    name: str, piece: int, fail: Callable[..., int]
) -> None:
    """Character by character, octet by octet."""
    assert fail("markup", DOCUMENTS[name], piece, 3) > 5


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_writer_without_memory_says_so(name: str, fail: Callable[..., int]) -> None:
    """Its first failure stays, and what it has written is given back."""
    assert fail("write", DOCUMENTS[name]) > 3


def test_a_table_that_cannot_be_replaced_is_no_memory(fail: Callable[..., int]) -> None:
    """After so many shapes the next one is begun."""
    octets = within("".join(f'<INSTANCE CLASSNAME="C{i}"/>' for i in range(1100)))
    assert fail("read shapes", octets, WHOLE, 211) > 20


def test_the_harness_finds_what_is_not_given_back(tmp_path: Path) -> None:
    """And what is used behind its end: else it would prove nothing."""
    source = tmp_path / "leaking.c"
    source.write_text(
        """
        #include <stdlib.h>

        #include "failing_allocations.h"

        int main(void)
        {
            void *const one = malloc(1);

            fail_allocations(1, 1);
            return !(one != NULL && live_allocations() == 1 && malloc(1) == NULL
                     && allocations_failed() && malloc(1) != NULL && live_allocations() == 2);
        }
        """
    )
    program = tmp_path / "leaking"
    subprocess.run(
        ["gcc", "-O0", WRAPS, "-Itests/c", source, "tests/c/failing_allocations.c", "-o", program],
        check=True,
        cwd=CHECKOUT,
    )
    assert subprocess.run([program], check=False).returncode == 0
