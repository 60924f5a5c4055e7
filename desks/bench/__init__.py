"""The benchmark: what `make bench` measures and writes to docs/benchmarks.md, on a throwaway database."""
