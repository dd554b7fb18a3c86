"""A stand-in for SMSO: realistic traffic, for the demo, the tests and the benchmarks."""
