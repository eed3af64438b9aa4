"""What perfengine costs beside the driver alone, pgbench, Locust and dbworkload. Not part of the package.

`python -m benchmarks.compare` from the root of the project; docs/explanation/benchmarks.md says what is measured
and how.
"""
