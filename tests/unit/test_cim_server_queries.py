"""What of WQL and CQL the embedded server knows, and what it says of the rest."""

import pytest

from opswire import wbem
from opswire.wbem.embedded import Exchange, Repository
from tests.wbem.asking import asked
from tests.wbem.disks import fill


@pytest.fixture(scope="module")
def exchange() -> Exchange:
    """One with the disks."""
    repository = Repository()
    fill(repository)
    return Exchange(repository)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * FROM TST_Disk", ["sda", "sdb", "nvme\u00fc0"]),
        ("select ID from tst_fastdisk;", ["nvme\u00fc0"]),
        ("SELECT * FROM TST_Disk WHERE ID = 'sda'", ["sda"]),
        ('SELECT * FROM TST_Disk WHERE ID <> "sda" AND Ready = TRUE', ["nvme\u00fc0"]),
        ("SELECT ID, TST_Disk.Size FROM TST_Disk WHERE TST_Disk.Size >= 0x200", ["sda", "sdb"]),
        ("SELECT * FROM TST_Disk WHERE Size > 512", ["sdb"]),
        ("SELECT * FROM TST_Disk WHERE Size < 1.5e3", ["sda"]),
        ("SELECT * FROM TST_Disk WHERE Size IS NULL", ["nvme\u00fc0"]),
        ("SELECT * FROM TST_Disk WHERE Size IS NOT NULL AND Ready != false", ["sda"]),
        ("SELECT * FROM TST_Disk WHERE Ready = NULL", []),
        (r"SELECT * FROM TST_Disk WHERE ID = 's\'da'", []),
    ],
)
def test_instances_are_selected(exchange: Exchange, query: str, found: list[str]) -> None:
    answer = asked(exchange, "ExecQuery", QueryLanguage="WQL", Query=query)
    assert [each["ID"] for each in answer.objects] == found


def test_only_what_is_selected_comes(exchange: Exchange) -> None:
    query = "SELECT Size, ID FROM TST_Disk WHERE ID = 'sda'"
    [found] = asked(exchange, "ExecQuery", QueryLanguage="DMTF:CQL", Query=query).objects
    assert sorted(found.keys()) == ["ID", "Size"]


@pytest.mark.parametrize(
    ("status", "query"),
    [
        (15, ""),
        (15, "SELECT"),
        (15, "DELETE FROM TST_Disk"),
        (15, "SELECT * FROM TST_Disk WHERE"),
        (15, "SELECT * FROM TST_Disk WHERE ID"),
        (15, "SELECT * FROM TST_Disk WHERE ID = "),
        (15, "SELECT * FROM TST_Disk WHERE ID = 'sda' 'sdb'"),
        (15, "SELECT * FROM TST_Disk WHERE ID = 'sda"),
        (15, "SELECT * FROM TST_Disk; DROP"),
        (15, "SELECT * FROM 'TST_Disk'"),
        (7, "SELECT * FROM TST_Disk WHERE ID = 'sda' OR ID = 'sdb'"),
        (7, "SELECT * FROM TST_Disk WHERE ID LIKE 'sd%'"),
        (7, "SELECT * FROM TST_Disk WHERE (ID = 'sda')"),
        (7, "SELECT * FROM TST_Disk WHERE NOT ID = 'sda'"),
        (7, "SELECT DISTINCT ID FROM TST_Disk"),
        (5, "SELECT * FROM TST_None"),
        (12, "SELECT Colour FROM TST_Disk"),
        (12, "SELECT * FROM TST_Disk WHERE Colour = 1"),
        (13, "SELECT * FROM TST_Disk WHERE ID = 1"),
        (13, "SELECT * FROM TST_Disk WHERE Ready > FALSE"),
    ],
)
def test_another_query_is_refused_with_words(exchange: Exchange, status: int, query: str) -> None:
    with pytest.raises(wbem.CIMError) as caught:
        asked(exchange, "ExecQuery", QueryLanguage="WQL", Query=query)
    assert caught.value.status_code == status, caught.value


def test_another_language_is_refused(exchange: Exchange) -> None:
    with pytest.raises(wbem.CIMError, match="WQL") as caught:
        asked(exchange, "ExecQuery", QueryLanguage="SQL", Query="SELECT 1")
    assert caught.value.status_code == 14
