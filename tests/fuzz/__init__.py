"""Fuzzers, run by `make fuzz`: of `wire` and `unwire`, and of what reads other people's files."""
