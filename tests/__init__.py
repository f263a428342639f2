"""The proof: a package, so that the benchmarks and the demo can import its servers too."""
