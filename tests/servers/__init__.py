"""Real servers on loopback, made in temporary folders, for tests, benchmarks and the demo."""
