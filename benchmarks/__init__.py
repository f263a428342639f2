"""Claims of the README, each measured against its peer in one run: ``python -m benchmarks``."""
