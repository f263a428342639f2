"""opswire.wbem under the name pywbem, as programs of any age import it."""

import os
import subprocess
import sys

import pytest

from opswire import wbem


def outcome(program: str) -> str:
    """What a program prints in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


INSTALLED = "from opswire import wbem; wbem.install_as('pywbem_of_ours')\n"


def test_a_monitoring_plug_in_finds_what_it_looks_for() -> None:
    """The modules by the version, the classes in them, and an error that can be indexed."""
    program = INSTALLED + (
        "import pywbem_of_ours as pywbem\n"
        "new = tuple(map(int, pywbem.__version__.split('.'))) >= (1, 0, 0)\n"
        "import pywbem_of_ours._cim_operations as operations\n"
        "import pywbem_of_ours._cim_http as http, pywbem_of_ours._exceptions as exceptions\n"
        "import pywbem_of_ours.cim_operations, pywbem_of_ours.cim_http\n"
        "from pywbem_of_ours.cim_types import Uint8\n"
        "from pywbem_of_ours import *\n"
        "assert WBEMConnection is pywbem.WBEMConnection is operations.WBEMConnection\n"
        "assert CIMError is pywbem.CIM_Error is exceptions.CIMError\n"
        "assert http.AuthError is pywbem.cim_http.AuthError is AuthError\n"
        "assert pywbem._nocasedict.NocaseDict is NocaseDict\n"
        "assert pywbem._subscription_manager.FILTER_CLASSNAME == 'CIM_IndicationFilter'\n"
        "assert operations.HTTP_READ_RETRIES == 1\n"
        "import pywbem_of_ours.config as config\n"
        "assert pywbem.config is config is wbem.config\n"
        "try:\n    pywbem.WBEMConnection('http://127.0.0.1:1').GetClass('C')\n"
        "except exceptions.ConnectionError as error:\n    print(new, 'refused' in str(error))"
    )
    assert outcome(program) == "True True\n"


def test_a_name_that_there_is_not_is_no_attribute() -> None:
    program = INSTALLED + (
        "import pywbem_of_ours\n"
        "print(hasattr(pywbem_of_ours, 'MOFCompiler'), hasattr(pywbem_of_ours, 'lazy_names'))\n"
        "try:\n    import pywbem_of_ours._mof_compiler\n"
        "except ModuleNotFoundError as error:\n    print(error.name)"
    )
    assert outcome(program) == "False False\npywbem_of_ours._mof_compiler\n"


def test_a_package_that_is_there_is_not_replaced_unless_asked() -> None:
    program = (
        "import json, json.decoder\nfrom opswire import wbem\n"
        "try:\n    wbem.install_as('json')\nexcept RuntimeError as error:\n    print(error)\n"
        "wbem.install_as('json', replace=True)\nwbem.install_as('json')\n"
        "import json, sys\n"
        "print(json.CIMInstance is wbem.CIMInstance, 'json.decoder' in sys.modules)"
    )
    first, second = outcome(program).splitlines()
    assert first.startswith("a package json is installed here already")
    assert second == "True False"


@pytest.mark.parametrize("name", ["", "a.b", "1a", "a b"])
def test_what_cannot_be_imported_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be imported"):
        wbem.install_as(name)
