"""Large files in parts: what is signed, what is asked of S3, and what S3 has the last word on."""

from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec import convert

from spaces.domain.access.caller import Anonymous
from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import (
    FileTooLarge,
    InvalidInput,
    RateLimited,
    SpaceDisabled,
    UnknownSpace,
    UploadIncomplete,
    UploadMissing,
)
from spaces.services.files.begin_upload import begin_upload
from spaces.services.files.multipart_upload import abort_upload, complete_upload, missing_parts
from spaces.services.requests.submit_request import submit_request
from spaces_protocol.limits import MAX_FILE_BYTES, MIN_PART_BYTES, PARTS_ABOVE_BYTES
from spaces_protocol.rest_bodies import NamedMultipart, NewUpload, SubmittedInput
from tests.functional.gateway.world import FILES_URL

SIZE = PARTS_ABOVE_BYTES + 1
CONTENT = b"a" * MIN_PART_BYTES + b"b" * MIN_PART_BYTES + b"c"
STRANGER = Anonymous("a")


@pytest.fixture
def s3(aws):
    return aws[1]


@pytest.fixture
def media(world):
    world.create_space("media", features=("audio",), max_file_bytes=MAX_FILE_BYTES)
    return world


def begin(world, size=SIZE, caller=None, **fields):
    asked = {"space": "media", "name": "测.wav", "content_type": "audio/wav", **fields}
    return begin_upload(world.gateway, convert({"size": size, **asked}, NewUpload), caller)


def named(begun, space="media", **fields):
    return NamedMultipart(
        **{"space": space, "multipart_id": begun.multipart.multipart_id, **fields}
    )


def key_of(begun, space="media"):
    return f"uploads/{space}/{begun.upload_id}"


def send(s3, begun, *numbers):
    """Do what S3 does with what is put to the addresses of parts."""
    for part in begun.multipart.parts:
        if part.number in numbers:
            s3.upload_part(
                Bucket="files",
                Key=key_of(begun),
                UploadId=begun.multipart.multipart_id,
                PartNumber=part.number,
                Body=CONTENT[part.offset : part.offset + part.size],
            )


def submit(world, upload_id):
    given = convert({"files": [{"upload_id": upload_id}]}, SubmittedInput)
    return submit_request(world.gateway, "media", given)


def test_only_a_file_above_the_threshold_comes_in_parts(media):
    assert begin(media, size=PARTS_ABOVE_BYTES).multipart is None

    parts = begin(media).multipart.parts

    assert [(each.number, each.offset, each.size) for each in parts] == [
        (1, 0, MIN_PART_BYTES),
        (2, MIN_PART_BYTES, MIN_PART_BYTES),
        (3, 2 * MIN_PART_BYTES, 1),
    ]


def test_an_address_fixes_key_part_and_length_for_15_minutes(media):
    begun = begin(media)

    for part in begun.multipart.parts:
        address = urlsplit(part.url)
        query = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert f"https://{address.netloc}" == FILES_URL
        assert address.path == f"/{key_of(begun)}"
        assert query["partNumber"] == str(part.number)
        assert query["uploadId"] == begun.multipart.multipart_id
        assert query["X-Amz-SignedHeaders"] == "content-length;host"
        assert query["X-Amz-Expires"] == "900"
    left = begun.multipart.expires_at.timestamp() * 1000 - media.clock()
    assert left == 15 * 60 * 1000


def test_the_addresses_of_the_largest_file_are_told_20_at_a_time(media):
    begun = begin(media, size=MAX_FILE_BYTES)

    assert [each.number for each in begun.multipart.parts] == list(range(1, 21))


def test_a_file_in_parts_is_one_file_once_it_is_completed(media, s3):
    worker, begun = media.join("w1", "media"), begin(media)
    send(s3, begun, 1, 2, 3)

    complete_upload(media.gateway, begun.upload_id, named(begun))
    submit(media, begun.upload_id)

    (file,) = media.handed(worker)[0].input.files
    assert (file.name, file.content_type, file.size) == ("测.wav", "audio/wav", SIZE)
    stored = s3.get_object(Bucket="files", Key=key_of(begun))["Body"].read()
    assert stored == CONTENT


def test_what_is_missing_is_told_with_fresh_addresses(media, s3):
    begun = begin(media)
    send(s3, begun, 1, 3)
    media.clock.pass_seconds(3600)

    left = missing_parts(media.gateway, begun.upload_id, named(begun))

    assert [each.number for each in left.parts] == [2]
    assert left.arrived_bytes == SIZE - MIN_PART_BYTES
    assert left.multipart_id == begun.multipart.multipart_id
    assert left.expires_at > begun.multipart.expires_at


def test_completing_with_missing_parts_names_them_and_the_remedy(media, s3):
    begun = begin(media)
    send(s3, begun, 1)

    with pytest.raises(UploadIncomplete, match=r"missing: 2, 3\. .*uploads/{upload_id}/parts"):
        complete_upload(media.gateway, begun.upload_id, named(begun))
    with pytest.raises(UploadMissing):
        submit(media, begun.upload_id)

    send(s3, begun, 2, 3)
    complete_upload(media.gateway, begun.upload_id, named(begun))


def test_a_part_of_another_length_counts_as_missing(media, s3):
    begun = begin(media)
    send(s3, begun, 1, 2)
    where = {"Bucket": "files", "Key": key_of(begun), "UploadId": begun.multipart.multipart_id}
    s3.upload_part(**where, PartNumber=3, Body=b"more than was announced")

    with pytest.raises(UploadIncomplete, match="missing: 3"):
        complete_upload(media.gateway, begun.upload_id, named(begun))


def test_completing_again_changes_nothing(media, s3):
    begun = begin(media)
    send(s3, begun, 1, 2, 3)

    for _ in range(2):
        complete_upload(media.gateway, begun.upload_id, named(begun))

    assert submit(media, begun.upload_id)


def test_an_aborted_upload_keeps_nothing_and_can_be_aborted_again(media, s3):
    begun = begin(media)
    send(s3, begun, 1, 2)

    for _ in range(2):
        abort_upload(media.gateway, begun.upload_id, named(begun))

    assert not s3.list_multipart_uploads(Bucket="files").get("Uploads")
    with pytest.raises(UploadMissing, match="Start again with POST /v1/uploads"):
        missing_parts(media.gateway, begun.upload_id, named(begun))
    with pytest.raises(UploadMissing):
        complete_upload(media.gateway, begun.upload_id, named(begun))


STEPS = (missing_parts, complete_upload, abort_upload)


@pytest.mark.parametrize("step", STEPS)
def test_steps_of_an_upload_meet_the_same_checks_as_its_announcement(media, step):
    begun = begin(media)
    for name, settings, error in [
        ("hidden", {"features": ("audio",), "visibility": "private"}, UnknownSpace),
        ("small", {"features": ("audio",), "max_file_bytes": SIZE - 1}, FileTooLarge),
        ("words", {}, InvalidInput),
        ("closed", {"features": ("audio",), "disabled": True}, SpaceDisabled),
    ]:
        media.create_space(name, **settings)
        with pytest.raises(error):
            step(media.gateway, begun.upload_id, named(begun, name), STRANGER)


@pytest.mark.parametrize("step", STEPS)
def test_a_file_that_is_posted_whole_has_no_parts(media, step):
    whole = begin(media, size=4)

    with pytest.raises(InvalidInput, match="Post the file"):
        step(media.gateway, whole.upload_id, NamedMultipart(space="media", multipart_id="x"))


def test_the_day_s_bytes_are_counted_once_however_often_parts_are_asked_for(world, s3):
    limits = CallerLimits(upload_bytes_per_day=2 * SIZE)
    world.create_space("media", features=("audio",), anonymous_limits=limits)
    begun = begin(world, caller=STRANGER)

    for _ in range(3):
        missing_parts(world.gateway, begun.upload_id, named(begun), STRANGER)
    send(s3, begun, 1, 2, 3)
    complete_upload(world.gateway, begun.upload_id, named(begun), STRANGER)

    assert begin(world, caller=STRANGER).multipart
    with pytest.raises(RateLimited):
        begin(world, caller=STRANGER)


def test_a_large_file_may_still_be_posted_whole(media):
    begun = begin(media)

    assert begun.fields["key"] == key_of(begun)
