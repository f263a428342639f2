"""Every check of `./test`, in the order in which they are started."""

import re
from collections.abc import Iterator
from pathlib import Path

from check import FOLDER, Check

PYTHON = ".venv/bin/python"
DISTRIBUTIONS = Path("build/distributions")
ENVIRONMENTS = Path("build/environments")
SANITIZED = ENVIRONMENTS / "sanitize"
FUZZ_SECONDS = 20
# Nothing of these tests runs C of ours that others do not, and a sanitizer makes them take minutes.
# (For the same reason the event loop of asyncio stands for uvloop's.)
SAME_C = [
    "tests/interop/agents/test_faults.py",
    "tests/interop/agents/test_interruptions.py",
    "tests/interop/cli/test_agents.py",
    "tests/interop/cli/test_fleet.py",
    "tests/interop/cli/test_remctl.py",
    "tests/interop/cli/test_signals.py",
    "tests/interop/fleet/test_executors.py",
    "tests/interop/fleet/test_interrupted.py",
    "tests/interop/agents/test_hostname_validation.py",
    "tests/interop/agents/test_secret_spellings.py",
    "tests/interop/remctl/test_service_location.py",
    "tests/interop/agents/test_vcrtrace.py",
    "tests/interop/wbem/test_oracle.py",
    "tests/unit/test_agents_crashes.py",
    "tests/unit/test_agents_installation.py",
    "tests/unit/test_agents_logging.py",
    "tests/unit/test_agents_redaction.py",
    "tests/unit/test_benchmark_table.py",
    "tests/unit/test_checks.py",
    "tests/unit/test_cli_*.py",
    "tests/unit/test_crash_corpus.py",
    "tests/unit/test_mutants.py",
    "tests/unit/test_redaction_growth.py",
    "tests/unit/test_release.py",
    "tests/unit/test_secret_*.py",
]
TYPED = ["src", "tests", "benchmarks", "docs/demo"]
ALLOWLIST = "tests/typing/stubtest_allowlist.txt"
WHEEL = ["--quiet", "--no-build-isolation", "--no-deps", "--no-cache-dir"]
INSTALL = ["--quiet", "--force-reinstall", "--no-deps"]


def plan(interpreters: dict[int, Path]) -> list[Check]:
    """All checks; `interpreters` are the other CPythons, by minor version."""
    return [
        *_builds(),
        *_sanitized(),
        _suite("interop 3.11", PYTHON, ["tests/interop"], ("build strict",), 800),
        _suite("unit 3.11", PYTHON, ["tests/unit", "tests/c"], ("build strict",), 600),
        *_analyses(),
        *(check for minor, path in interpreters.items() for check in _other(minor, path)),
        *([] if interpreters else [_wheel_of_sdist()]),
        *_doctests(),
        *_fuzzing(),
    ]


def _builds() -> Iterator[Check]:
    # Files that left src/ would stay in the build tree, and so in the wheel.
    clear = "import glob, shutil; [shutil.rmtree(p) for p in glob.glob('build/strict/lib*')]"
    yield Check(
        "build strict",
        [[PYTHON, "-c", clear], *_install(PYTHON, ".", "strict")],
        300,
        environment={"OPSWIRE_BUILD": "strict"},
        cores=2,
    )
    yield Check("sdist", [[PYTHON, ".ci/checks/sdist.py", str(DISTRIBUTIONS / "sdist")]], 300)


def _install(python: str, source: str, kind: str) -> list[list[str]]:
    wheels = DISTRIBUTIONS / kind
    return [
        [python, "-c", f"import shutil; shutil.rmtree({str(wheels)!r}, ignore_errors=True)"],
        [python, "-m", "pip", "wheel", *WHEEL, "-w", str(wheels), source],
        _install_wheel(python, wheels),
    ]


def _install_wheel(python: str, wheels: Path) -> list[str]:
    return ["sh", "-c", f'"$0" -m pip install {" ".join(INSTALL)} {wheels}/*.whl', python]


def _suite(
    name: str,
    python: str,
    arguments: list[str],
    after: tuple[str, ...],
    timeout: float,
    *,
    each: int = 120,
    environment: dict[str, str] | None = None,
    reports: str = "",
) -> Check:
    blank = Check(name, [], 0)
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", f"--timeout={each}"]
    command += [f"--junit-xml={blank.junit}", *arguments]
    return Check(
        name,
        [command],
        timeout,
        after,
        tests=True,
        environment={"OPSWIRE_BUILD": "strict", **(environment or {})},
        reports=reports,
    )


def _sanitized() -> Iterator[Check]:
    python = str(SANITIZED / "bin/python")
    sanitizers = "-fsanitize=address,undefined"
    compile_python = (
        f"cc {sanitizers} $(/usr/bin/python3-config --includes) .ci/sanitized_python.c "
        f"$(/usr/bin/python3-config --ldflags --embed) -o {SANITIZED}/sanitized_python"
    )
    # Whatever looks for an interpreter beside sys.executable must find the same one.
    replace = f"cd {SANITIZED}/bin && for name in python3.11 python3 python; do " + (
        "ln -sf ../sanitized_python $name; done"
    )
    yield Check(
        "build sanitized",
        [
            [".ci/environment", str(SANITIZED), "/usr/bin/python3", "build", "test", "interop"],
            ["sh", "-c", f"ln -sf /usr/bin/python3 {python}"],
            # It is the one that is built without git and without PKG-INFO.
            [python, ".ci/checks/plain_copy.py", str(DISTRIBUTIONS / "sanitize")],
            _install_wheel(python, DISTRIBUTIONS / "sanitize"),
            ["sh", "-c", compile_python],
            ["sh", "-c", replace],
        ],
        600,
        environment={"OPSWIRE_BUILD": "sanitize"},
    )
    yield _sanitized_suite("interop", python, ["tests/interop", "-k", "not uvloop"])
    yield _sanitized_suite("unit", python, ["tests/unit", "tests/c"])


def _sanitized_suite(name: str, python: str, arguments: list[str]) -> Check:
    log = Path.cwd() / FOLDER / f"sanitized-{name}"
    return _suite(
        f"sanitized {name}",
        python,
        [*arguments, *(f"--ignore-glob={pattern}" for pattern in SAME_C)],
        ("build sanitized",),
        800,
        each=300,
        environment={
            "OPSWIRE_BUILD": "sanitize",
            "PYTHONMALLOC": "malloc",
            # CPython itself leaks at exit. A report in a file survives pytest's capture.
            "ASAN_OPTIONS": f"detect_leaks=0:log_path={log}.asan",
            "UBSAN_OPTIONS": f"print_stacktrace=1:halt_on_error=1:log_path={log}.ubsan",
        },
        reports=f"{log.name}.*san*",
    )


def _analyses() -> Iterator[Check]:
    yield Check("ruff check", [[PYTHON, "-m", "ruff", "check"]], 60)
    yield Check("ruff format", [[PYTHON, "-m", "ruff", "format", "--check"]], 60)
    typed = [folder for folder in TYPED if Path(folder).is_dir()]
    yield Check(
        "mypy",
        [
            [PYTHON, "-m", "mypy", *typed],
            [PYTHON, "-m", "mypy", ".ci/checks", ".ci/release"],
            [PYTHON, "-m", "mypy", ".ci/mutation", ".ci/checks/check.py"],
            [PYTHON, "-m", "mypy", "csrc/declarations"],
        ],
        300,
        ("build strict",),
    )
    modules = [
        ".".join(stub.relative_to("src").with_suffix("").parts)
        for stub in sorted(Path("src/opswire/_core").rglob("*.pyi"))
        if stub.with_suffix(".pyx").exists()
    ]
    command = [PYTHON, "-m", "mypy.stubtest", *modules, "--allowlist", ALLOWLIST]
    command += ["--ignore-unused-allowlist", "--ignore-disjoint-bases"]
    yield Check("stubtest", [command], 120, ("build strict",))


def _other(minor: int, interpreter: Path) -> Iterator[Check]:
    folder = ENVIRONMENTS / f"3.{minor}"
    python = str(folder / "bin/python")
    yield Check(
        f"build 3.{minor}",
        [
            [".ci/environment", str(folder), str(interpreter), "build", "test"],
            *_install(python, _sdist(), f"3.{minor}"),
        ],
        600,
        ("sdist",),
        environment={"OPSWIRE_BUILD": "strict"},
    )
    yield _suite(f"unit 3.{minor}", python, ["tests/unit"], (f"build 3.{minor}",), 300)


def _wheel_of_sdist() -> Check:
    """Where no other CPython is, nothing else is built from the sdist."""
    folder = str(DISTRIBUTIONS / "wheel-of-sdist")
    command = [PYTHON, "-m", "pip", "wheel", *WHEEL, "-w", folder, _sdist()]
    return Check("wheel of the sdist", [command], 300, ("sdist",))


def _sdist() -> str:
    return str(DISTRIBUTIONS / "sdist/opswire.tar.gz")


def _doctests() -> Iterator[Check]:
    # The documentation's examples talk to a real server; that plugin starts it.
    options = ["-p", "tests.doctest_servers"]
    yield _suite(
        "doctest documentation",
        PYTHON,
        [*options, "--doctest-glob=*.md", "README.md", "docs"],
        ("build strict",),
        120,
    )
    yield _suite(
        "doctest docstrings",
        PYTHON,
        [*options, "--doctest-modules", "--pyargs", "opswire"],
        ("build strict",),
        120,
    )


def _libraries(target: Path) -> str:
    """Linker options for what a fuzz target says on a line "Links with: name name"."""
    (names, *_) = re.findall(r"Links with: (.*?)(?: \*/)?$", target.read_text(), re.MULTILINE) or [
        ""
    ]
    return "".join(f"-l{name} " for name in names.split())


def _fuzzing() -> Iterator[Check]:
    compiler = (
        "clang -std=gnu11 -g -O1 -fsanitize=fuzzer-no-link,address,undefined "
        "-fno-sanitize-recover=undefined -Iinclude -Icsrc"
    )
    objects = Path("build/fuzz/objects")
    compile_all = (
        f"rm -rf {objects} && mkdir -p {objects} && cd {objects} && "
        "for source in ../../../csrc/*/*.c; do "
        # Files of several folders have one name.
        f"{compiler.replace('-I', '-I../../../')} -c $source "
        "-o $(echo ${source#../../../csrc/} | tr / .).o || exit 1; done"
    )
    yield Check("build fuzz", [["sh", "-c", compile_all]], 200)
    for target in sorted(Path("fuzz").glob("fuzz_*.c")):
        name = target.stem.removeprefix("fuzz_")
        folder = Path("build/fuzz") / name
        corpus = Path("fuzz/corpus") / name
        build = (
            f"mkdir -p {folder}/found {corpus} && {compiler} -fsanitize=fuzzer "
            f"{target} {objects}/*.o {_libraries(target)}-o {folder}/{target.stem}"
        )
        fuzz = [f"{folder}/{target.stem}", f"-max_total_time={FUZZ_SECONDS}", "-max_len=4096"]
        # New inputs go to the first folder; the checked-in corpus is only read.
        fuzz += ["-timeout=10", f"-artifact_prefix={folder}/", f"{folder}/found", str(corpus)]
        yield Check(
            f"fuzz {name}", [["sh", "-c", build], fuzz], FUZZ_SECONDS + 100, ("build fuzz",)
        )
