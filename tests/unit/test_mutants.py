"""`.ci/mutants`: its rules say something about the code as it is, and no mutant is lost."""

import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[2]
MUTATION = CHECKOUT / ".ci/mutation"
MODULE = runpy.run_path(str(MUTATION / "rule.py"))
RULES = MODULE["load"]()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_stands_once_in_its_file_and_has_tests(rule: Any) -> None:
    """Whoever changes such a line changes the rule with it."""
    assert rule.fault(CHECKOUT) == ""


def test_rules_have_names_of_their_own() -> None:
    """Each is run alone by its name."""
    counts = Counter(rule.name for rule in RULES)
    assert [name for name, count in counts.items() if count > 1] == []


# ---- a checkout with one line of code ----

CODE = "def allowed(size):\n    return size < 10 and size > 0\n"
TESTS = """
from thing import allowed

def test_limit():
    assert allowed(9) and not allowed(10)

class TestMore:
    def test_nothing(self):
        pass
"""
KILLED = ("limit", "size < 10", "size < 11", ["tests/test_thing.py::test_limit"])
SURVIVED = ("sign", "size > 0", "size > -1", ["tests/test_thing.py"])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with code, tests and a folder for rules."""
    for folder in ("src", "tests", "rules"):
        (tmp_path / folder).mkdir()
    (tmp_path / "src/thing.py").write_text(CODE)
    (tmp_path / "tests/test_thing.py").write_text(TESTS)
    return tmp_path


def write_rules(checkout: Path, *rules: tuple[str, str, str, list[str]]) -> None:
    """Write rules about src/thing.py: name, right and wrong text, tests."""
    text = "".join(
        f'[[rule]]\nname = "{name}"\nfile = "src/thing.py"\nnow = "{now}"\n'
        f'wrong = "{wrong}"\ntests = {tests}\n'
        for name, now, wrong, tests in rules
    )
    (checkout / "rules/rules.toml").write_text(text)


def mutants(checkout: Path, *arguments: str) -> tuple[int, str]:
    """Run the mutants of a checkout; exit status and output."""
    done = subprocess.run(
        [sys.executable, MUTATION, "--rules", "rules", *arguments],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_mutant_that_a_test_notices_is_killed(checkout: Path) -> None:
    write_rules(checkout, KILLED)
    status, output = mutants(checkout)
    assert "limit  (tests.test_thing::test_limit (failure))" in output
    assert (status, output.splitlines()[-1].startswith("1 killed, 0 not")) == (0, True)
    assert (checkout / "src/thing.py").read_text() == CODE


def test_a_mutant_that_no_test_notices_fails_the_run(checkout: Path) -> None:
    write_rules(checkout, KILLED, SURVIVED)
    status, output = mutants(checkout)
    assert "SURVIVED: sign (src/thing.py)" in output
    assert (status, output.splitlines()[-1].startswith("1 killed, 1 not")) == (1, True)


def test_tests_that_take_too_long_decide_nothing(checkout: Path) -> None:
    """They may be slow for another reason."""
    write_rules(checkout, ("loop", "size < 10", "[size for _ in iter(int, 1)]", KILLED[3]))
    with (checkout / "rules/rules.toml").open("a") as file:
        file.write("seconds = 2\n")
    status, output = mutants(checkout)
    assert "undecided: loop (src/thing.py)" in output
    assert status == 1


def test_a_part_of_its_name_chooses_a_rule(checkout: Path) -> None:
    write_rules(checkout, KILLED, SURVIVED)
    assert mutants(checkout, "imi")[0] == 0
    assert mutants(checkout, "unheard of")[0] == 2


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (("a", "size << 10", "x", ["tests/test_thing.py"]), "its text stands 0 times"),
        (("b", "size", "x", ["tests/test_thing.py"]), "its text stands 3 times"),
        (("c", "< 10", "< 10", ["tests/test_thing.py"]), "right and wrong are the same"),
        (("d", "< 10", "< 11", []), "no test is related"),
        (("e", "< 10", "< 11", ["tests/test_gone.py"]), "tests/test_gone.py does not exist"),
        (
            ("f", "< 10", "< 11", ["tests/test_thing.py::test_lim"]),
            "tests/test_thing.py has no test_lim",
        ),
        (
            ("g", "< 10", "< 11", ["tests/test_thing.py::TestMore::test_gone"]),
            "tests/test_thing.py has no test_gone",
        ),
    ],
)
def test_a_rule_that_says_nothing_any_more_fails_the_run(
    checkout: Path, rule: tuple[str, str, str, list[str]], why: str
) -> None:
    write_rules(checkout, rule)
    status, output = mutants(checkout)
    assert f"  ({why}" in output
    assert f"stale: {rule[0]} (src/thing.py)" in output
    assert status == 1


def test_tests_that_fail_anyway_prove_nothing(checkout: Path) -> None:
    (checkout / "tests/test_thing.py").write_text("def test_limit():\n    assert False\n")
    write_rules(checkout, KILLED)
    status, output = mutants(checkout)
    assert "without a mutant, too: tests.test_thing::test_limit (failure)" in output
    assert status == 1


# ---- the commands of a build ----


def test_a_mutant_of_c_repeats_only_the_commands_that_read_it(tmp_path: Path) -> None:
    """One compilation and one link, as the build has logged them."""
    tree = runpy.run_path(str(MUTATION / "tree.py"))
    log = tmp_path / tree["LOG"]
    log.parent.mkdir()
    log.write_text(
        "running build_ext\n"
        "gcc -Iinclude -c csrc/a.c -o build/a.o -O2\n"
        "gcc -Iinclude -c csrc/b.c -o build/b.o -O2\n"
        "gcc -shared build/a.o -o build/a.so\n"
        "gcc -shared build/b.o -o build/b.so\n"
    )
    (tmp_path / "build/a.d").write_text("build/a.o: csrc/a.c include/both.h \\\n csrc/a.h\n")
    (tmp_path / "build/b.d").write_text("build/b.o: csrc/b.c include/both.h\n")
    commands = tree["_compilations"](tmp_path)

    def repeated(file: str) -> list[str]:
        changed = {file}
        for command in commands:
            if changed & command.inputs:
                changed.add(command.output)
        return sorted(changed - {file})

    assert repeated("csrc/a.h") == ["build/a.o", "build/a.so"]
    assert repeated("csrc/b.c") == ["build/b.o", "build/b.so"]
    assert len(repeated("include/both.h")) == 4
    assert repeated("csrc/c.c") == []
