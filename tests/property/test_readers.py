"""What reads other people's files returns or refuses, whatever the file."""

from __future__ import annotations

import time

from hypothesis import given, settings, strategies as st

from tests.fuzz.readers import READERS, SECONDS, Reader, found, read, seeds

_SEEDS = sorted(set(seeds()))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real file with parts of it repeated, swapped, cut or replaced."""
    data = draw(st.sampled_from(_SEEDS))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.integers(1, max(len(data), 1))) for _ in range(2))
        part = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [b"{", b"[", b"*", b"&a ", b"\0", b"..", b"9" * 30, b"\xff", b"!!"]
                ),
                st.integers(0, 400).map(data[start:end][:9].__mul__),
            )
        )
        data = data[:start] + part + data[end:]
    return bytes([draw(st.integers(0, len(READERS) - 1))]) + data[1:]


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_a_changed_file_is_read_or_refused(data: bytes) -> None:
    in_time(read, data)


def test_what_was_found_stays_repaired() -> None:
    for reader, data in found():
        in_time(READERS[reader], data)


def in_time(reader: Reader, data: bytes) -> None:
    """Read an input; the time is the processor's, since tests share it."""
    start = time.process_time()
    reader(data)
    assert time.process_time() - start < SECONDS
