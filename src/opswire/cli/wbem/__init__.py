"""``opswire wbem``: what one asks of WBEM servers.

``group`` has the table of its sub-commands; a file has the commands of one subject.
"""
