"""Every intrinsic operation that the server has (DSP0200, 5.3)."""

from opswire.wbem.embedded.operations import (
    associations,
    classes,
    instances,
    pulls,
    qualifiers,
    queries,
)
from opswire.wbem.embedded.operations.table import OPERATIONS, Call, Operation, Result

# Each of these puts its operations into the table.
_FILLED_BY = (associations, classes, instances, pulls, qualifiers, queries)

__all__ = ["OPERATIONS", "Call", "Operation", "Result"]
