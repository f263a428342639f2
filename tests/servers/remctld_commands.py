"""The commands of the test server: its configuration lines and the scripts behind them."""

from pathlib import Path

# remctld runs a script with the subcommand as its first argument, so "$2" is the caller's first.
SCRIPTS = {
    "echo": 'shift; echo "$*"',
    "arguments": 'shift; for argument in "$@"; do printf "%s\\0" "$argument"; done',
    "status": 'exit "$2"',
    "stderr": 'shift; echo "$*" >&2',
    "both": 'echo "to stdout"; echo "to stderr" >&2; exit 3',
    "sleep": 'exec sleep "$2"',
    "bytes": 'exec head -c "$2" /dev/zero',
    "ticks": 'i=0; while [ $i -lt "$2" ]; do echo $i; i=$((i + 1)); sleep "$3"; done',
    "stdin": "exec cat",
    "count": "exec wc -c",
    "env": "exec env",
    "kill": "kill -KILL $$",
    "documented": """case "$1" in
--help) echo "help for documented" ;;
--summary) echo "summary of documented" ;;
*) echo "documented ran" ;;
esac""",
    "empty": 'echo "no subcommand: $#"',
}
OPTIONS = {
    "stdin": "stdin=last",
    "count": "stdin=last",
    "documented": "help=--help summary=--summary",
}


def write_configuration(folder: Path, realm: str, rules: str = "") -> Path:
    """Write remctl.conf, the ACL files and the scripts into `folder`; `rules` are added lines.

    Everything runs for any authenticated user, but `test denied` for nobody, `test nobody` for
    a principal that does not exist, and `test missing` has no program.
    """
    scripts = folder / "scripts"
    scripts.mkdir()
    for name, text in SCRIPTS.items():
        script = scripts / name
        script.write_text(f"#!/bin/sh\n{text}\n")
        script.chmod(0o755)
    everybody = folder / "everybody.acl"
    everybody.write_text("anyuser:auth\n")
    nobody = folder / "nobody.acl"
    nobody.write_text(f"nobody@{realm}\n")
    lines = [
        f"test {name} {scripts / name} {OPTIONS.get(name, '')} {everybody}"
        for name in SCRIPTS
        if name != "empty"
    ]
    lines += [
        f"test true /bin/true {everybody}",
        f"test false /bin/false {everybody}",
        f"test denied {scripts / 'echo'} deny:anyuser:auth",
        f"test nobody {scripts / 'echo'} {nobody}",
        f"test missing {scripts / 'no_such_script'} {everybody}",
        f"empty EMPTY {scripts / 'empty'} {everybody}",
    ]
    path = folder / "remctl.conf"
    path.write_text("\n".join([*lines, rules]).rstrip("\n") + "\n")
    return path
