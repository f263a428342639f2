"""Claims of docs/benchmarks.md, each beside its peer in one run: ``python -m benchmarks``."""
