"""``opswire wbem`` as a process, against a CIM server that pywbem's mock is behind."""

import json
import os
import pty
import re
import signal
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from opswire import wbem
from tests.interop.cli.programs import OURS, Ended, begun, opswire
from tests.interop.cli.terminal import on_a_terminal
from tests.servers.certificates import Authority
from tests.servers.mocked_cim import MOF, MockedCIM
from tests.servers.scripted_http import Peer, ScriptedHTTP, cim, http

QUALIFIERS = MOF[: MOF.index('[Description("A disk")]')]
INTEROP = (
    QUALIFIERS
    + """
Qualifier Values : string[], Scope(any), Flavor(EnableOverride, ToSubclass);
Qualifier ValueMap : string[], Scope(any), Flavor(EnableOverride, ToSubclass);
class CIM_Namespace { [Key] string Name; };
class CIM_RegisteredProfile {
    [Key] string InstanceID;
    [ValueMap {"1", "2", "11"}, Values {"Other", "DMTF", "SNIA"}] uint16 RegisteredOrganization;
    string RegisteredName; string RegisteredVersion;
};
class TST_Fan {
    [Key] string ID;
    [ValueMap {"2", "3", ".."}, Values {"OK", "Worn", "Unknown"}] uint16 State;
    [ValueMap {"2", "5"}, Values {"OK", "Predicted"}] uint16 Status[];
    sint32 Speed;
    real32 Load;
    boolean Spins;
    [ValueMap {"0", "1"}, Values {"Done", "Refused"}]
    uint32 Turn([In] uint8 Steps, [In] boolean Left, [In] uint16 Marks[], [In] TST_Fan REF With);
};
instance of CIM_Namespace { Name = "interop"; };
instance of CIM_Namespace { Name = "root/cimv2"; };
instance of CIM_RegisteredProfile {
    InstanceID = "a"; RegisteredOrganization = 2; RegisteredName = "Fan"; RegisteredVersion = "1";
};
instance of CIM_RegisteredProfile {
    InstanceID = "b"; RegisteredOrganization = 11; RegisteredName = "Array";
    RegisteredVersion = "2";
};
instance of TST_Fan {
    ID = "f1"; State = 2; Status = { 2, 5 }; Speed = -7; Load = 0.5; Spins = true;
};
instance of TST_Fan { ID = "f2"; State = 9; };
"""
)
SDA = 'TST_Disk.ID="sda"'
C0 = 'TST_Controller.ID="c0"'
F1 = 'interop:TST_Fan.ID="f1"'
PASSWORD = "OPSWIRE_WBEM_PASSWORD"
FORMATS = ("--json", "--mof", "--xml")


@pytest.fixture(scope="module")
def server() -> Iterator[MockedCIM]:
    """With fans in its Interop namespace."""
    with MockedCIM(interop=("interop", INTEROP)) as server:
        server.without.add("OpenQueryInstances")
        yield server


def asked(*words: str, **extra: str) -> Ended:
    """Run ours."""
    return opswire("wbem", *words, extra=extra)


def told(*words: str, **extra: str) -> list[list[str]]:
    """The cells of the lines that it prints when all is well."""
    ended = asked(*words, **extra)
    assert (ended.stderr, ended.status) == ("", 0)
    return [line.split("\t") for line in ended.stdout.decode().splitlines()]


def objects(*words: str, **extra: str) -> list[dict[str, object]]:
    """What it prints for machines."""
    ended = asked(*words, "--json", **extra)
    assert (ended.stderr, ended.status) == ("", 0)
    return [json.loads(line) for line in ended.stdout.splitlines()]


# ---- what is asked ----


def test_an_enumeration_is_a_line_for_each_property(server: MockedCIM) -> None:
    lines = told("enumerate", server.url, "TST_Disk")
    assert lines[:4] == [
        ['root/cimv2:TST_Disk.ID="sda"', "ID", "sda"],
        ['root/cimv2:TST_Disk.ID="sda"', "Size", "512"],
        ['root/cimv2:TST_Disk.ID="sda"', "Ready", "false"],
        ['root/cimv2:TST_Disk.ID="sda"', "Names", "a, -, <&>"],
    ]
    assert ['root/cimv2:TST_FastDisk.ID="nvmeü0"', "Speed", "7"] in lines


def test_chosen_properties_are_columns(server: MockedCIM) -> None:
    assert told("enumerate", server.url, "TST_Disk", "-p", "size", "-p", "Ready") == [
        ['root/cimv2:TST_Disk.ID="sda"', "512", "false"],
        ['root/cimv2:TST_Disk.ID="sdb"', "18446744073709551615", "true"],
        ['root/cimv2:TST_FastDisk.ID="nvmeü0"', "-", "-"],
    ]


def test_names_are_what_get_takes(server: MockedCIM) -> None:
    names = told("names", server.url, "TST_Disk")
    assert len(names) == 3
    for (name,) in names:
        assert told("get", server.url, name)[0][0] == name


def test_the_formats_are_those_of_the_objects(server: MockedCIM) -> None:
    with wbem.WBEMConnection(server.url) as connection:
        (disk,) = [
            each for each in connection.EnumerateInstances("TST_Disk") if each["ID"] == "sda"
        ]
    mof = asked("get", server.url, SDA, "--mof").stdout.decode()
    assert mof == f'// root/cimv2:TST_Disk.ID="sda"\n{disk.tomof()}'
    xml = asked("get", server.url, SDA, "--xml").stdout
    (again,) = wbem.parse(xml.strip(), fragment=True).objects
    assert dict(again) == dict(disk)
    (record,) = objects("get", server.url, SDA)
    assert record == {
        "class": "TST_Disk",
        "namespace": "root/cimv2",
        "path": '/root/cimv2:TST_Disk.ID="sda"',
        "properties": {"ID": "sda", "Size": 512, "Ready": False, "Names": ["a", None, "<&>"]},
    }


@pytest.mark.parametrize("form", FORMATS)
def test_every_object_of_an_enumeration_is_in_each_format(server: MockedCIM, form: str) -> None:
    text = asked("enumerate", server.url, "TST_Disk", form).stdout.decode()
    assert len(re.findall(r"^(?:\{|instance of |<VALUE\.)", text, re.MULTILINE)) == 3


def test_associations_are_followed(server: MockedCIM) -> None:
    far = [["root/cimv2:" + SDA], ['root/cimv2:TST_FastDisk.ID="nvmeü0"']]
    assert sorted(told("associators", server.url, C0, "--paths")) == far
    narrowed = ("--assoc-class", "TST_Attached", "--result-class", "TST_FastDisk")
    roles = ("--role", "Controller", "--result-role", "Disk")
    assert told("associators", server.url, C0, "--paths", *narrowed, *roles) == far[1:]
    assert ["root/cimv2:" + SDA, "sda"] in told("associators", server.url, C0, "-p", "ID")
    references = objects("references", server.url, C0, "--role", "Controller")
    assert [each["class"] for each in references] == ["TST_Attached"] * 2
    assert len(told("references", server.url, C0, "--paths")) == 2


def test_a_query_is_asked_in_its_language(server: MockedCIM) -> None:
    found = objects("query", server.url, "SELECT * FROM TST_Controller", "--language", "WQL")
    assert [each["properties"] for each in found] == [{"ID": "c0"}]
    assert b"<VALUE>WQL</VALUE>" in server.asked[-1].body


def test_classes_are_named_or_shown(server: MockedCIM) -> None:
    assert ["TST_Disk", "root/cimv2"] in told("classes", server.url)
    assert told("classes", server.url, "--below", "TST_Disk") == [["TST_FastDisk", "root/cimv2"]]
    shallow = told("classes", server.url)
    deep = told("classes", server.url, "--deep")
    assert len(deep) == len(shallow) + 1
    whole = asked("classes", server.url, "--mof").stdout.decode()
    assert whole.count("class ") == len(shallow)
    members = told("class", server.url, "TST_Disk")
    assert members[0] == ["TST_Disk", "ID", "string", "Key"]
    assert members[-1] == ["TST_Disk", "Check(uint32 Depth)", "uint32", "-"]
    (record,) = objects("class", server.url, "TST_FastDisk")
    assert record["superclass"] == "TST_Disk"
    (parsed,) = wbem.parse(
        asked("class", server.url, "TST_Disk", "--xml").stdout.strip(), fragment=True
    ).objects
    assert isinstance(parsed, wbem.CIMClass)


def test_the_values_of_a_class_are_shown(server: MockedCIM) -> None:
    members = told("class", server.url, "TST_Fan", "-n", "interop", "--values")
    assert members[1][-1] == "2 (OK), 3 (Worn), .. (Unknown)"
    (record,) = objects("class", server.url, "TST_Fan", "-n", "interop", "--values")
    properties = record["properties"]
    assert isinstance(properties, dict)
    assert properties["State"]["values"] == {"2": "OK", "3": "Worn", "..": "Unknown"}


def test_qualifiers_are_shown(server: MockedCIM) -> None:
    assert told("qualifiers", server.url, "Key") == [
        ["Key", "boolean", "false", "property, reference"]
    ]
    assert len(told("qualifiers", server.url)) == 5
    (record,) = objects("qualifiers", server.url, "Key")
    assert record["scopes"] == ["property", "reference"]
    assert asked("qualifiers", server.url, "Key", "--mof").stdout.startswith(b"Qualifier Key")


def test_names_of_numbers_stand_beside_them(server: MockedCIM) -> None:
    fans = ("enumerate", server.url, "TST_Fan", "-n", "interop")
    assert told(*fans, "--values", "-p", "State", "-p", "Status", "-p", "Speed") == [
        [F1, "2 (OK)", "2 (OK), 5 (Predicted)", "-7"],
        ['interop:TST_Fan.ID="f2"', "9 (Unknown)", "-", "-"],
    ]
    first, second = objects(*fans, "--values")
    assert first["values"] == {"State": "OK", "Status": ["OK", "Predicted"]}
    assert second["values"] == {"State": "Unknown"}
    assert "values" not in objects(*fans)[0]


def test_a_method_is_called_with_the_types_of_its_class(server: MockedCIM) -> None:
    given = ("Steps=7", "Left=TRUE", "Marks=1", "Marks=2", f"With={F1}")
    lines = told("invoke", server.url, F1, "turn", *given)
    # This server returns FALSE and what it was given.
    assert lines == [
        ["returned", "false"],
        ["Steps", "7"],
        ["Left", "true"],
        ["Marks", "1, 2"],
        ["With", '/interop:TST_Fan.ID="f1"'],
    ]
    body = server.asked[-1].body
    assert b'<METHODCALL NAME="Turn">' in body
    assert b'<PARAMVALUE NAME="Steps" PARAMTYPE="uint8">' in body
    (record,) = objects("invoke", server.url, "TST_Fan", "Turn", "Steps=1", "-n", "interop")
    assert record == {"returned": False, "output": {"Steps": 1}}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Turn", "Steps=300"], "Steps: "),
        (["Turn", "Left=maybe"], "neither true nor false"),
        (["Turn", "Steps=1", "Steps=2"], "Steps is no array"),
        (["Turn", "Nothing=1"], "Turn has no parameter Nothing, only Steps, Left, Marks, With"),
        (["Turn", "Steps"], "'Steps' is no NAME=VALUE"),
        (["Fly"], "TST_Fan has no method Fly"),
    ],
)
def test_a_wrong_parameter_is_status_2_and_calls_nothing(
    server: MockedCIM, words: list[str], text: str
) -> None:
    before = server.operations.count("Turn")
    ended = asked("invoke", server.url, F1, *words)
    assert (ended.stdout, ended.status) == (b"", 2)
    assert text in ended.stderr
    assert server.operations.count("Turn") == before


def test_a_server_tells_its_namespaces_and_profiles(server: MockedCIM) -> None:
    assert told("namespaces", server.url) == [["interop", "interop"], ["root/cimv2", "-"]]
    assert told("profiles", server.url) == [["DMTF", "Fan", "1"], ["SNIA", "Array", "2"]]
    chosen = ("--organization", "snia", "--name", "array", "--version", "2")
    assert told("profiles", server.url, *chosen) == [["SNIA", "Array", "2"]]
    assert objects("profiles", server.url)[0]["values"] == {"RegisteredOrganization": "DMTF"}


def test_a_survey_counts_each_class_and_tells_what_failed(server: MockedCIM) -> None:
    ended = asked("survey", server.url, "TST_Disk", "TST_No", "TST_Controller")
    cells = [line.split("\t") for line in ended.stdout.decode().splitlines()]
    assert [one[:3] for one in cells] == [
        ["TST_Disk", "root/cimv2", "3"],
        ["TST_No", "root/cimv2", "-"],
        ["TST_Controller", "root/cimv2", "1"],
    ]
    assert "CIM_ERR_INVALID_CLASS" in cells[1][3]
    assert (ended.stderr, ended.status) == ("", 1)
    ended = asked("survey", server.url, "TST_Disk", "TST_No", "--json")
    assert ended.stdout.count(b"\n") == 3
    assert (ended.stderr.count("\n"), ended.status) == (1, 1)


# ---- several namespaces ----


def test_a_namespace_that_lacks_the_class_keeps_nobody_from_the_others(server: MockedCIM) -> None:
    ended = asked("names", server.url, "TST_Fan", "-n", "root/cimv2", "-n", "interop")
    assert ended.stdout.decode().splitlines() == [F1, 'interop:TST_Fan.ID="f2"']
    assert "TST_Fan in root/cimv2" in ended.stderr
    assert (ended.stderr.count("\n"), ended.status) == (1, 0)


def test_a_class_that_is_nowhere_is_a_failure(server: MockedCIM) -> None:
    ended = asked("names", server.url, "TST_No", "-n", "root/cimv2", "-n", "interop")
    assert (ended.stdout, ended.stderr.count("\n"), ended.status) == (b"", 2, 1)


def test_a_namespace_that_is_not_there_is_a_failure(server: MockedCIM) -> None:
    ended = asked("names", server.url, "TST_Fan", "-n", "nowhere", "-n", "interop")
    assert (ended.stdout.count(b"\n"), ended.stderr.count("\n"), ended.status) == (2, 1, 1)


# ---- failures ----


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["enumerate", "TST_No"], "CIM_ERR_INVALID_CLASS"),
        (["get", 'TST_Disk.ID="none"'], "(GetInstance of TST_Disk in root/cimv2)"),
        (["class", "TST_No"], "CIM_ERR_NOT_FOUND"),
    ],
)
def test_a_refusal_is_one_line(server: MockedCIM, words: list[str], text: str) -> None:
    ended = asked(words[0], server.url, *words[1:])
    assert (ended.stdout, ended.status) == (b"", 1)
    assert re.fullmatch(r"opswire: [^\n]+\n", ended.stderr)
    assert text in ended.stderr


def test_a_server_that_is_not_there_is_one_line() -> None:
    ended = asked("names", "http://127.0.0.1:1", "TST_Disk")
    assert (ended.stdout, ended.status) == (b"", 1)
    assert ended.stderr.endswith("no connection to http://127.0.0.1:1: Connection refused\n")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["names", "a:b@host", "TST_Disk"], "give them by --user NAME"),
        (["names", "ftp://host", "TST_Disk"], "the scheme must be http or https"),
        (["names", "host", "TST_Disk.ID=1"], "is no name of a class"),
        (["get", "host", "TST_Disk"], "is no WBEM URI"),
        (["get", "host", SDA, "--mof", "--json"], "Give --mof or --json, not both"),
        (["get", "host", SDA, "--mof", "--values"], "--values has no place in --mof"),
        (["associators", "host", SDA, "--paths", "--values"], "--paths shows no properties"),
        (["names", "host", "TST_Disk", "--password-file", "/dev/null"], "is for a --user"),
        (["names", "host", "TST_Disk", "--user", ""], "must not be empty"),
        (["names", "host", "TST_Disk", "--user", "a:b"], "cannot contain a colon"),
        (["names", "host", "TST_Disk", "--key", "/dev/null"], "--key is for a --cert"),
        (["names", "host", "TST_Disk", "--ca", "/etc", "--insecure"], "not both"),
        (["names", "host", "TST_Disk", "--ca", "/nowhere/ca"], "does not exist"),
        (["names", "host", "TST_Disk", "--timeout", "0"], "is not in the range"),
        (["survey", "host", "TST_Disk", "--values"], "--values is for --json"),
        (["survey", "host"], "Missing argument 'CLASS"),
    ],
)
def test_a_wrong_command_line_is_status_2(words: list[str], text: str) -> None:
    ended = asked(*words)
    assert (ended.stdout, ended.status) == (b"", 2)
    assert text in ended.stderr
    assert "a:b@" not in ended.stderr


def test_a_server_cannot_play_tricks_on_a_terminal() -> None:
    error = '<ERROR CODE="1" DESCRIPTION="red &#x9b;31m&#10;two"/>'

    def answer(peer: Peer) -> None:
        peer.send(http(cim("GetClass", error)))

    with ScriptedHTTP(answer) as server:
        ended = asked("class", server.url, "TST_Disk")
    assert "red \N{REPLACEMENT CHARACTER}31m two" in ended.stderr
    assert (ended.stderr.count("\n"), ended.status) == (1, 1)


# ---- credentials and TLS ----


@pytest.fixture
def guarded(server: MockedCIM) -> Iterator[MockedCIM]:
    """The same server, when it wants credentials."""
    server.creds = ("root", "s3cret w0rd")
    yield server
    server.creds = None


def test_the_password_is_in_the_environment_or_a_file(guarded: MockedCIM, tmp_path: Path) -> None:
    words = ("names", guarded.url, "TST_Controller", "--user", "root")
    assert len(told(*words, **{PASSWORD: "s3cret w0rd"})) == 1
    file = tmp_path / "password"
    file.write_text("s3cret w0rd\nand nothing of this\n")
    assert len(told(*words, "--password-file", str(file), **{PASSWORD: "wrong"})) == 1


def test_a_wrong_password_is_one_line_without_it(guarded: MockedCIM) -> None:
    ended = asked("names", guarded.url, "TST_Disk", "--user", "root", **{PASSWORD: "wr0ng one"})
    assert (ended.stdout, ended.status) == (b"", 1)
    assert "refuses the credentials of 'root'" in ended.stderr
    assert "wr0ng" not in ended.stderr
    ended = asked("names", guarded.url, "TST_Disk")
    assert "none were given: --user NAME" in ended.stderr


def test_nobody_to_ask_for_the_password_is_status_2(guarded: MockedCIM) -> None:
    ended = asked("names", guarded.url, "TST_Disk", "--user", "root")
    assert (ended.stdout, ended.status) == (b"", 2)
    assert f"--password-file, or ${PASSWORD}" in ended.stderr


def test_the_password_is_asked_for(guarded: MockedCIM) -> None:
    words = ("wbem", "names", guarded.url, "TST_Controller", "--user", "root")
    drawn, status = on_a_terminal(*words, typed=b"s3cret w0rd\n")
    assert "Password of root: " in drawn
    assert C0 in drawn
    assert status == 0


def test_the_log_has_no_password(guarded: MockedCIM) -> None:
    words = ("--debug", "wbem", "names", guarded.url, "TST_Controller", "--user", "root")
    ended = opswire(*words, extra={PASSWORD: "s3cret w0rd"})
    assert "sent to" in ended.stderr
    assert "s3cret" not in ended.stderr


def test_a_certificate_is_checked(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.server_context("localhost")
    with MockedCIM(context) as server:
        url = f"https://localhost:{server.port}"
        ended = asked("names", url, "TST_Controller")
        assert (ended.stdout, ended.status) == (b"", 1)
        assert "--ca FILE names who is trusted; --insecure trusts anybody" in ended.stderr
        assert told("names", url, "TST_Controller", "--insecure")
        assert told("names", url, "TST_Controller", "--ca", str(authority.certificate))
        assert told("names", url, "TST_Controller", "--insecure", "--tls-minimum", "1.3")


# ---- terminals, length, signals ----

MANY = 2500


def long_answer() -> bytes:
    """Of an enumeration that is not short."""
    one = '<INSTANCENAME CLASSNAME="TST_Disk"><KEYBINDING NAME="ID"><KEYVALUE>{}</KEYVALUE>'
    names = "".join(f"{one.format(number)}</KEYBINDING></INSTANCENAME>" for number in range(MANY))
    return http(cim("EnumerateInstanceNames", f"<IRETURNVALUE>{names}</IRETURNVALUE>"))


def refuse(peer: Peer) -> None:
    """Answer as a server that cannot pull."""
    error = '<ERROR CODE="7" DESCRIPTION="no"/>'
    peer.send(http(cim("OpenEnumerateInstancePaths", error)))


def answer_all(peer: Peer) -> None:
    """Send all names."""
    peer.send(long_answer())


def test_a_long_enumeration_tells_on_a_terminal_how_far_it_is() -> None:
    with ScriptedHTTP(refuse, answer_all) as server:
        drawn, status = on_a_terminal("wbem", "names", server.url, "TST_Disk")
    assert status == 0
    assert "\r1,000 paths" in drawn
    assert "\r2,000 paths" in drawn
    # A table for each thousand.
    assert drawn.count("instance") == 3
    assert drawn.count("TST_Disk.ID=") == MANY


def test_a_pipe_gets_lines_and_no_progress() -> None:
    with ScriptedHTTP(refuse, answer_all) as server:
        ended = asked("names", server.url, "TST_Disk")
    assert (ended.stdout.count(b"\n"), ended.stderr, ended.status) == (MANY, "", 0)


def test_a_terminal_gets_a_table(server: MockedCIM) -> None:
    drawn, status = on_a_terminal("wbem", "get", server.url, SDA, extra={"COLUMNS": "120"})
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)
    assert status == 0
    assert re.search(r"instance +property +value", text)
    assert re.search(r'root/cimv2:TST_Disk\.ID="sda" +Size +512', text)


def test_objects_are_printed_as_they_come() -> None:
    """While the server keeps the rest back: in memory is one, and not the whole answer."""
    whole = long_answer()

    def answer_half(peer: Peer) -> None:
        peer.send(whole[: len(whole) // 2])
        peer.hold()

    with ScriptedHTTP(refuse, answer_half) as server:
        process = begun(*OURS, "wbem", "names", server.url, "TST_Disk")
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b'root/cimv2:TST_Disk.ID="0"\n'
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read() == b"opswire: interrupted\n"
        assert process.wait() == 130
        process.stdout.close()
        process.stderr.close()


def test_a_terminal_shows_what_is_typed_again_after_an_interrupted_question() -> None:
    primary, terminal = pty.openpty()
    words = ("wbem", "names", "127.0.0.1:1", "TST_Disk", "--user", "root")
    with subprocess.Popen(
        ["env", "--default-signal=INT", *OURS, *words],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if name != PASSWORD},
    ) as process:
        drawn = b""
        while b"Password of root: " not in drawn:
            drawn += os.read(primary, 1024)
        while termios.tcgetattr(terminal)[3] & termios.ECHO:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    assert termios.tcgetattr(terminal)[3] & termios.ECHO
    os.close(terminal)
    os.close(primary)
