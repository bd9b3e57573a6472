"""A fuzzer for `wire` and `unwire`: `make fuzz`."""
