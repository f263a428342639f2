"""Every check of `./test`, in the order in which they are started: what takes longest first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from check import FOLDER, Check

PYTHON = ".venv/bin/python"
DISTRIBUTIONS = Path("build/distributions")
ENVIRONMENTS = Path("build/environments")
SANITIZED = ENVIRONMENTS / "sanitize"
INTEROP = Path("tests/interop")
# Tests against real servers wait for more than half of their time.
WAITING = 0.5
FUZZ_SECONDS = 600
# Nothing of these tests runs C of ours that others do not, or they compile it themselves and alike
# whatever the build; and a sanitizer makes them take minutes. (For the same reason the event loop
# of asyncio stands for uvloop's.)
SAME_C = [
    "tests/c/test_failing_allocations.py",
    "tests/c/test_growth.py",
    "tests/c/test_xml_vectors.py",
    "tests/interop/agents/*",
    "tests/interop/cli/*",
    "tests/interop/fleet/test_executors.py",
    "tests/interop/fleet/test_interrupted.py",
    "tests/interop/http/*",
    "tests/interop/remctl/test_servers.py",
    "tests/interop/remctl/test_service_location.py",
    "tests/interop/wbem/test_oracle.py",
    "tests/unit/test_agents_crashes.py",
    "tests/unit/test_agents_installation.py",
    "tests/unit/test_agents_logging.py",
    "tests/unit/test_agents_redaction.py",
    "tests/unit/test_benchmark_table.py",
    "tests/unit/test_checks.py",
    "tests/unit/test_cli_*.py",
    "tests/unit/test_crash_corpus.py",
    "tests/unit/test_http_*.py",
    "tests/unit/test_mutants.py",
    "tests/unit/test_redaction_growth.py",
    "tests/unit/test_release.py",
    "tests/unit/test_secret_*.py",
]
# These are about the tools of the checkout, which run on the oldest CPython only.
TOOLS = [
    "tests/unit/test_benchmark_table.py",
    "tests/unit/test_checks.py",
    "tests/unit/test_mutants.py",
    "tests/unit/test_release.py",
]
TYPED = ["src", "tests", "benchmarks", "docs/demo"]
ALLOWLIST = "tests/typing/stubtest_allowlist.txt"
WHEEL = ["--quiet", "--no-build-isolation", "--no-deps", "--no-cache-dir"]
INSTALL = ["--quiet", "--force-reinstall", "--no-deps"]


@dataclass(frozen=True)
class Extent:
    """How much of everything: what every change needs, or what a release needs."""

    long: bool = False

    def limit(self, seconds: float) -> float:
        """The time limit of a suite that needs `seconds` at most in short."""
        return 4 * 3600 if self.long else seconds

    @property
    def marks(self) -> list[str]:
        """Which tests: in short those that pyproject.toml does not leave out."""
        return ["-m", ""] if self.long else []


def plan(interpreters: dict[int, Path], extent: Extent) -> list[Check]:
    """All checks; `interpreters` are the other CPythons, by minor version."""
    others = [_other(minor, path, extent) for minor, path in interpreters.items()]
    return [
        *_builds(),
        _sanitized_build(),
        *_interop(extent),
        *_sanitized_suites(extent),
        *(check for checks in others for check in checks),
        _suite("unit 3.11", PYTHON, ["tests/unit"], ("build strict",), 600, extent),
        _suite("c 3.11", PYTHON, ["tests/c"], ("build strict",), 600, extent),
        *_fuzzing(extent),
        *_analyses(),
        *([] if interpreters else [_wheel_of_sdist()]),
        *_doctests(extent),
    ]


def domains() -> list[str]:
    """The folders of tests/interop, those with most tests first."""
    counts = {path.name: len(list(path.glob("test_*.py"))) for path in INTEROP.iterdir()}
    return sorted((name for name in counts if counts[name]), key=lambda name: (-counts[name], name))


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
    extent: Extent,
    *,
    each: int = 120,
    cores: float = 1,
    environment: dict[str, str] | None = None,
    reports: str = "",
) -> Check:
    blank = Check(name, [], 0)
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", f"--timeout={each}"]
    command += [f"--junit-xml={blank.junit}", *extent.marks, *arguments]
    return Check(
        name,
        [command],
        extent.limit(timeout),
        after,
        tests=True,
        cores=cores,
        environment={"OPSWIRE_BUILD": "strict", **(environment or {})},
        reports=reports,
    )


def _interop(extent: Extent) -> Iterator[Check]:
    for domain in domains():
        yield _suite(
            f"interop {domain}",
            PYTHON,
            [str(INTEROP / domain)],
            ("build strict",),
            600,
            extent,
            cores=WAITING,
        )


def _sanitized_build() -> Check:
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
    return Check(
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


def _sanitized_suites(extent: Extent) -> Iterator[Check]:
    for domain in domains():
        files = (INTEROP / domain).glob("test_*.py")
        if not all(any(file.match(pattern) for pattern in SAME_C) for file in files):
            arguments = [str(INTEROP / domain), "-k", "not uvloop"]
            yield _sanitized_suite(f"interop {domain}", arguments, extent)
    yield _sanitized_suite("unit", ["tests/unit", "tests/c"], extent)


def _sanitized_suite(name: str, arguments: list[str], extent: Extent) -> Check:
    blank = Check(f"sanitized {name}", [], 0)
    log = Path.cwd() / FOLDER / blank.stem
    return _suite(
        blank.name,
        str(SANITIZED / "bin/python"),
        [*arguments, *(f"--ignore-glob={pattern}" for pattern in SAME_C)],
        ("build sanitized",),
        800,
        extent,
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
    # What users' programs are told: another checker, which reads the installed package.
    yield Check(
        "pyright", [[PYTHON, "-m", "pyright", "--pythonpath", PYTHON]], 120, ("build strict",)
    )
    yield Check("test ids", [[PYTHON, ".ci/checks/collected_ids.py"]], 200, ("build strict",))
    modules = [
        ".".join(stub.relative_to("src").with_suffix("").parts)
        for stub in sorted(Path("src/opswire/_core").rglob("*.pyi"))
        if stub.with_suffix(".pyx").exists()
    ]
    command = [PYTHON, "-m", "mypy.stubtest", *modules, "--allowlist", ALLOWLIST]
    command += ["--ignore-unused-allowlist", "--ignore-disjoint-bases"]
    yield Check("stubtest", [command], 120, ("build strict",))


def _other(minor: int, interpreter: Path, extent: Extent) -> Iterator[Check]:
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
    arguments = ["tests/unit", *(f"--ignore={tool}" for tool in TOOLS)]
    yield _suite(f"unit 3.{minor}", python, arguments, (f"build 3.{minor}",), 400, extent)


def _wheel_of_sdist() -> Check:
    """Where no other CPython is, nothing else is built from the sdist."""
    folder = str(DISTRIBUTIONS / "wheel-of-sdist")
    command = [PYTHON, "-m", "pip", "wheel", *WHEEL, "-w", folder, _sdist()]
    return Check("wheel of the sdist", [command], 300, ("sdist",))


def _sdist() -> str:
    return str(DISTRIBUTIONS / "sdist/opswire.tar.gz")


def _doctests(extent: Extent) -> Iterator[Check]:
    # The documentation's examples talk to a real server; that plugin starts it.
    options = ["-p", "tests.doctest_servers"]
    yield _suite(
        "doctest documentation",
        PYTHON,
        [*options, "--doctest-glob=*.md", "README.md", "docs"],
        ("build strict",),
        120,
        extent,
    )
    yield _suite(
        "doctest docstrings",
        PYTHON,
        [*options, "--doctest-modules", "--pyargs", "opswire"],
        ("build strict",),
        120,
        extent,
    )


def _libraries(target: Path) -> str:
    """Linker options for what a fuzz target says on a line "Links with: name name"."""
    (names, *_) = re.findall(r"Links with: (.*?)(?: \*/)?$", target.read_text(), re.MULTILINE) or [
        ""
    ]
    return "".join(f"-l{name} " for name in names.split())


def _fuzzing(extent: Extent) -> Iterator[Check]:
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
        fuzz = [f"{folder}/{target.stem}", "-timeout=10", f"-artifact_prefix={folder}/"]
        seconds = FUZZ_SECONDS if extent.long else 0
        if extent.long:
            # New inputs go to the first folder; the checked-in corpus is only read.
            fuzz += [f"-max_total_time={seconds}", "-max_len=4096", f"{folder}/found", str(corpus)]
        else:
            fuzz += ["-runs=0", str(corpus)]
        yield Check(f"fuzz {name}", [["sh", "-c", build], fuzz], seconds + 100, ("build fuzz",))
