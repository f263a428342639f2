"""From a host name to a connection that is ready for a command.

``dialing`` tells what happens and in which order; ``blocking_dialing`` and ``asyncio_dialing`` wait
for it.
"""
