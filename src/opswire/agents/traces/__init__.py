"""HTTP exchanges of a program, recorded and replayed."""
