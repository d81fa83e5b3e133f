"""The benchmarks: `make bench` prints ratios to the limit, see docs/performance.md."""
