"""ExecQuery (DSP0200, 5.3.2.13)."""

from opswire.wbem.embedded.arguments import required
from opswire.wbem.embedded.operations.table import Call, Result, operation
from opswire.wbem.embedded.queries import Query


@operation("ExecQuery", "QueryLanguage Query")
def exec_query(call: Call) -> Result:
    """Return what a query selects."""
    query = Query(
        required(call.arguments.text("QueryLanguage"), "QueryLanguage"),
        required(call.arguments.text("Query"), "Query"),
    )
    return Result("VALUE.OBJECT", query.run(call.namespace))
