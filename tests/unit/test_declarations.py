"""csrc/declarations: what other languages are told of include/opswire is all that is there."""

import re
from pathlib import Path

import pytest
from declarations.cffi_form import cffi_form
from declarations.cython_form import cython_form
from declarations.headers import Header, HeaderError, functions, read_headers
from declarations.lending import lending
from declarations.libraries import LIBRARIES
from declarations.stub_form import stub_form

from tests.unit.binaries import CHECKOUT, output

INCLUDE = CHECKOUT / "include/opswire"
NAMES = [name for library in LIBRARIES.values() for name in library.headers]


@pytest.fixture(scope="module")
def headers() -> dict[str, Header]:
    """All of them."""
    return {header.name: header for header in read_headers(INCLUDE, NAMES)}


def test_every_header_belongs_to_a_library() -> None:
    """And to one only."""
    assert sorted(NAMES) == sorted(path.name for path in INCLUDE.glob("*.h"))


def test_the_constants_are_those_that_the_preprocessor_knows(headers: dict[str, Header]) -> None:
    """With the values that the compiler gives them."""
    includes = "".join(f"#include <opswire/{name}>\n" for name in NAMES)
    folder = f"-I{CHECKOUT / 'include'}"
    macros = output("sh", "-c", f"echo '{includes}' | cc {folder} -E -dM -")
    objects = set(re.findall(r"^#define (OPSWIRE_\w+) (?!\{)\S", macros, re.MULTILINE))
    found = {name: value for each in headers.values() for name, value in each.constants.items()}
    assert found.keys() == objects
    asserted = "".join(
        f'_Static_assert({name} == {value}ull, "{name}");\n'
        for name, value in found.items()
        if value is not None
    )
    output("sh", "-c", f"printf '%s' '{includes}{asserted}' | cc {folder} -x c -fsyntax-only -")


def test_every_form_has_every_function(headers: dict[str, Header]) -> None:
    """As a plain search of the headers finds them: none is forgotten by all forms alike."""
    known: set[str] = set()
    for library in LIBRARIES.values():
        read = [headers[name] for name in library.headers]
        text = re.sub(
            r"/\*.*?\*/|static inline.*?\n\}",
            "",
            "".join((INCLUDE / n).read_text() for n in library.headers),
            flags=re.DOTALL,
        )
        plain = set(re.findall(r"^(?!typedef| ).*?\b(opswire_\w+)\(", text, re.MULTILINE))
        lent = {node.name for node in functions(read)}
        assert lent == plain
        for form in (
            cython_form(library, read, known), cffi_form(read), stub_form(read, []),
            lending(library, read),
        ):  # fmt: skip
            assert lent <= set(re.findall(r"\bopswire_\w+", form))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("struct opswire_a { unsigned b : 3; };", "x.h:4: a field of bits: b"),
        ("int opswire_a(const char *text, ...);", "x.h:4: a number of arguments that is not fixed"),
        ("struct opswire_a { struct { int b; } c; };", "x.h:4: a struct or union without a name"),
        ("#if 1", "x.h:4: a directive that is not carried: #if 1"),
        ("#define OPSWIRE_A(b) ((b) + 1)", "x.h:4: a macro that is called: OPSWIRE_A(b)"),
        ('#define OPSWIRE_A "text"', 'x.h:4: OPSWIRE_A is no integer: "text"'),
        ("int opswire_a(void) { return 0; }", "x.h:4: a function with a body that is not inline"),
        ("wchar_t opswire_a(void);", "x.h:4: no C that is carried"),
        ("enum opswire_a { B }; int opswire_a(void);", "x.h: opswire_a is a type and a function"),
    ],
)
def test_what_a_form_could_not_say_is_told_with_its_place(
    line: str, fault: str, tmp_path: Path
) -> None:
    """A header has to be plainer, or the forms richer."""
    text = f"#ifndef OPSWIRE_X_H\n#define OPSWIRE_X_H\n/* a\n */{line}\n#endif\n"
    (tmp_path / "x.h").write_text(text)
    with pytest.raises(HeaderError) as caught:
        read_headers(tmp_path, ["x.h"])
    assert str(caught.value).startswith(fault)


def test_what_is_plain_is_carried(tmp_path: Path) -> None:
    """Initializers are for C alone; an enumerator's other name is a constant."""
    (tmp_path / "x.h").write_text(
        "#define OPSWIRE_A {1, 2}\n#define OPSWIRE_B(c) \\\n    {(c)}\n"
        "enum opswire_d { OPSWIRE_E, OPSWIRE_F };\n#define OPSWIRE_G OPSWIRE_F\n"
        "#define OPSWIRE_H (3 * 0x10u)\nstatic inline int opswire_i(int j) { return j; }\n"
    )
    (header,) = read_headers(tmp_path, ["x.h"])
    assert header.constants == {"OPSWIRE_G": None, "OPSWIRE_H": 48}
    assert functions([header]) == []
    assert "OPSWIRE_G" in cffi_form([header])
