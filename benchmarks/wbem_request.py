"""A request of CreateInstance as octets."""

from benchmarks import cim_library
from benchmarks.cim_rounds import cpu_of_many
from benchmarks.claim import Claim, Ratio, Recipes, Round

CLAIM = Claim(
    name="wbem_request",
    group="wbem",
    title="CreateInstance request with 30 properties to octets",
    unit="µs",
    goal=Ratio(1 / 30),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Recipes("."),
)


def ours(folder: str) -> Round:
    """With opswire."""
    from opswire._core import cimxml

    instance = cim_library.ours().made()
    return cpu_of_many(
        lambda: cimxml.imethodcall(
            "1001", "CreateInstance", "root/cimv2", [("NewInstance", instance)]
        )
    )


def peer(folder: str) -> Round:
    """What pywbem's WBEMConnection does: elements, and a text of them."""
    from pywbem import _cim_xml as xml

    instance = cim_library.peers().made()

    def request() -> bytes:
        path = xml.LOCALNAMESPACEPATH([xml.NAMESPACE(part) for part in ("root", "cimv2")])
        parameter = xml.IPARAMVALUE("NewInstance", instance.tocimxml())
        call = xml.IMETHODCALL("CreateInstance", path, [parameter])
        message = xml.MESSAGE(xml.SIMPLEREQ(call), "1001", "1.0")
        text: str = xml.CIM(message, "2.0", "2.0").toxml()
        return b'<?xml version="1.0" encoding="utf-8" ?>\n' + text.encode()

    return cpu_of_many(request)
