"""Crash reports: written by the decorators, read by the archive.

Both know where reports are and how many stay; a program that does not crash loads nothing else.
"""

VARIABLE = "SERVER_SIDE_PROGRAM_CRASHES_PATH"
"""The environment variable with the folder of all reports."""

KEEP = 200
"""Reports of each type that are kept: as many as the monitoring site keeps itself."""
