"""The WBEM client: what an operation sends and how its answer is read, and who does the waiting.

An operation is a generator of steps (``exchange``), written once in ``operations``; a driver does
the steps: ``blocking_driver`` on the caller's thread, ``asyncio_driver`` on an event loop.
"""
