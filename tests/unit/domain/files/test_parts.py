"""How a large file is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces.domain.files.parts import id_with_size, is_in_parts, parts_of, size_in_id
from spaces_protocol.limits import MAX_FILE_BYTES, MAX_PARTS, MIN_PART_BYTES, PARTS_ABOVE_BYTES

S3_SMALLEST_PART = 5 * 1024**2


@given(st.integers(PARTS_ABOVE_BYTES + 1, MAX_FILE_BYTES))
def test_parts_cover_a_file_without_gap_and_s3_takes_their_sizes(size):
    parts = parts_of(size)

    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert [part.offset for part in parts[1:]] == [p.offset + p.size for p in parts[:-1]]
    assert sum(part.size for part in parts) == size
    assert 1 < len(parts) <= MAX_PARTS
    assert min(part.size for part in parts[:-1]) >= MIN_PART_BYTES > S3_SMALLEST_PART
    assert parts[-1].size >= 1


def test_threshold_and_largest_file_are_the_bounds_of_files_in_parts():
    sizes = (PARTS_ABOVE_BYTES, PARTS_ABOVE_BYTES + 1, MAX_FILE_BYTES, MAX_FILE_BYTES + 1)

    assert [is_in_parts(size) for size in sizes] == [False, True, True, False]


def test_size_is_read_back_from_the_id():
    assert size_in_id(id_with_size("A" * 22, 20_000_000)) == 20_000_000


@pytest.mark.parametrize(
    "upload_id", ["A" * 22, "A.", "A.x", "A.-1", "A.0", "A.1", "A.1.2", "A.9e9"]
)
def test_other_ids_have_no_size(upload_id):
    assert size_in_id(upload_id) is None
