"""Programs tested without the server that they are for: recorded once, replayed ever after.

    with testing.record("disks.txt"):   # with the server
        program()
    with testing.replay("disks.txt"):   # without it
        program()

It works for WBEMConnection and AsyncWBEMConnection, under the name pywbem too, and for the threads
of a program.  ``pytest_plugins = ["opswire.wbem.testing.fixtures"]`` in a conftest.py gives the
fixture ``wbem_recording``.
"""

from opswire.wbem.testing.recordings import RequestDiffers, record, replay

__all__ = ["RequestDiffers", "record", "replay"]
