"""Files of requests and of results: what is asked of S3, what is kept, what is told."""

import json
from base64 import b64decode
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from botocore.exceptions import ClientError
from msgspec import convert

from spaces.domain.errors import (
    FileTooLarge,
    FileTypeRefused,
    InvalidInput,
    SpaceDisabled,
    UploadMissing,
    WrongOutput,
)
from spaces.services.administration.manage_requests import retry_request
from spaces.services.files import collect_output
from spaces.services.files.begin_upload import begin_upload
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.gateway_messages import Ack
from spaces_protocol.limits import MAX_OUTPUT_BYTES
from spaces_protocol.rest_bodies import NewUpload, RequestState, SubmittedInput
from tests.functional.gateway.world import FILES_URL, answer_to, lose_lease

LONGEST_NAME = "测" * 255


@pytest.fixture
def s3(aws):
    return aws[1]


@pytest.fixture
def media(world):
    world.create_space("media", features=("prompt", "audio"), max_files=2, max_file_bytes=1_000)
    return world


def begin(world, **fields):
    asked = {"space": "media", "name": "a.wav", "content_type": "audio/wav", "size": 4, **fields}
    return begin_upload(world.gateway, convert(asked, NewUpload))


def policy_of(fields):
    return json.loads(b64decode(fields["policy"]))


def store(s3, fields, content):
    """Do what S3 does with a form."""
    s3.put_object(
        Bucket="files",
        Key=fields["key"],
        Body=content,
        ContentType=fields["Content-Type"],
        Metadata={"name": fields["x-amz-meta-name"]},
    )


def uploaded(world, s3, content=b"RIFF", **fields):
    address = begin(world, size=len(content), **fields)
    store(s3, address.fields, content)
    return address.upload_id


def submit(world, *uploads, space="media", **fields):
    files = [{"upload_id": upload_id} for upload_id in uploads]
    return submit_request(world.gateway, space, convert({"files": files, **fields}, SubmittedInput))


def running(world, s3):
    worker = world.join("w1", "media")
    accepted = submit(world, uploaded(world, s3))
    return worker, world.handed(worker)[-1], accepted


def put_output(s3, request, name="out.png", content=b"PNG"):
    key = f"{request.upload.key_prefix}{name}"
    s3.put_object(Bucket="files", Key=key, Body=content)
    return key


def file_said(key, **fields):
    return {"name": "out.png", "content_type": "image/png", "size": 3, "key": key, **fields}


def commit(world, worker, request, output):
    commit_result(world.gateway, worker, answer_to(request, output=output))


def result_of(world, accepted):
    return request_result(world.gateway, accepted.request.request_id)


def test_the_form_fixes_key_type_size_name_and_time(media):
    address = begin(media, content_type="Audio/WAV; codecs=1")

    policy = policy_of(address.fields)
    assert address.url == f"{FILES_URL}/"
    assert {"key": f"uploads/media/{address.upload_id}"} in policy["conditions"]
    assert {"Content-Type": "audio/wav"} in policy["conditions"]
    assert ["content-length-range", 4, 4] in policy["conditions"]
    assert {"x-amz-meta-name": address.fields["x-amz-meta-name"]} in policy["conditions"]
    assert policy["expiration"] == f"{address.expires_at:%Y-%m-%dT%H:%M:%SZ}"
    assert (address.expires_at.timestamp() * 1000 - media.clock()) == 15 * 60 * 1000


@pytest.mark.parametrize(
    ("fields", "error", "says"),
    [
        ({"size": 0}, InvalidInput, "empty"),
        ({"size": 1_001}, FileTooLarge, "1,000"),
        ({"content_type": "image/png"}, FileTypeRefused, "audio/*"),
        ({"content_type": ""}, FileTypeRefused, "application/octet-stream"),
        ({"space": "echo"}, InvalidInput, "does not accept files"),
    ],
)
def test_a_file_that_the_space_does_not_take_gets_no_form(media, fields, error, says):
    with pytest.raises(error, match=says.replace("*", r"\*")):
        begin(media, **fields)


def test_a_space_that_takes_nothing_at_present_takes_no_files(world):
    world.create_space("media", features=("file",), disabled=True)

    with pytest.raises(SpaceDisabled):
        begin(world)


def test_named_types_count_instead_of_the_features(world):
    world.create_space("media", features=("file",), accept=("image/png", "text/*"))

    assert begin(world, content_type="text/csv").upload_id
    with pytest.raises(FileTypeRefused):
        begin(world, content_type="image/jpeg")


def test_a_worker_is_handed_addresses_of_the_files_that_were_submitted(media, s3):
    _, request, _ = running(media, s3)

    (file,) = request.input.files
    assert (file.name, file.content_type, file.size) == ("a.wav", "audio/wav", 4)
    assert file.url.startswith(f"{FILES_URL}/uploads/media/")
    assert "X-Amz-Signature=" in file.url
    assert request.input.prompt is None
    assert request.upload.key_prefix.startswith("outputs/media/1/1-")
    prefix = ["starts-with", "$key", request.upload.key_prefix]
    assert prefix in policy_of(request.upload.fields)["conditions"]


def test_addresses_of_a_worker_outlive_its_deadline(world, s3):
    world.create_space("media", features=("audio",), timeout=3_000_000)
    _, request, _ = running(world, s3)

    seconds = int(parse_qs(urlsplit(request.input.files[0].url).query)["X-Amz-Expires"][0])
    assert seconds == 3_000 + 60
    policy = policy_of(request.upload.fields)
    assert policy["expiration"] > f"{request.deadline:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("name", [LONGEST_NAME, "😀" * 255, "a b%2F\"';é.wav"])
def test_any_name_comes_back_as_it_was(media, s3, name):
    worker = media.join("w1", "media")

    submit(media, uploaded(media, s3, name=name))

    assert media.handed(worker)[0].input.files[0].name == name


@pytest.mark.parametrize("fields", [{}, {"prompt": "and words"}])
def test_a_prompt_may_be_left_out_where_files_are_given(media, s3, fields):
    worker = media.join("w1", "media")

    submit(media, uploaded(media, s3), **fields)

    assert media.handed(worker)[0].input.prompt == fields.get("prompt")


def test_a_space_for_files_alone_says_so(world):
    world.create_space("media", features=("audio",))

    with pytest.raises(InvalidInput, match=r"input\.files"):
        submit(world, prompt="words")
    with pytest.raises(InvalidInput, match=r"input\.files"):
        submit(world)


def test_what_was_never_uploaded_or_elsewhere_is_named_by_its_index(media, s3):
    media.create_space("other", features=("audio",))
    own, foreign = uploaded(media, s3), uploaded(media, s3, space="other")

    for missing in ("A" * 22, foreign):
        with pytest.raises(UploadMissing, match=r"input\.files\[1\]"):
            submit(media, own, missing)
    assert media.queue("media").tail == 0


@pytest.mark.parametrize(
    ("content", "kind", "error"),
    [(b"x" * 1_001, "audio/wav", FileTooLarge), (b"<b>", "text/html", FileTypeRefused)],
)
def test_what_really_came_counts_and_not_what_was_said(media, s3, content, kind, error):
    address = begin(media)
    store(s3, {**address.fields, "Content-Type": kind}, content)

    with pytest.raises(error, match=r"input\.files\[0\]"):
        submit(media, address.upload_id)


def test_more_files_than_the_space_takes_are_refused(media, s3):
    with pytest.raises(InvalidInput, match="at most 2"):
        submit(media, *[uploaded(media, s3) for _ in range(3)])


def test_output_files_are_shown_as_s3_knows_them_and_keys_are_not(media, s3):
    worker, request, accepted = running(media, s3)
    key = put_output(s3, request, content=b"12345")

    commit(media, worker, request, {"text": "t", "files": [file_said(key, size=1)]})

    result = result_of(media, accepted)
    (file,) = result.output.files
    assert (file.name, file.content_type, file.size, file.inline) == (
        "out.png",
        "image/png",
        5,
        True,
    )
    assert result.output.text == "t"
    assert (file.expires_at.timestamp() * 1000 - media.clock()) == 3600 * 1000
    assert not hasattr(file, "key")
    assert result.input.files[0].name == "a.wav"


@pytest.mark.parametrize(
    ("content_type", "inline"),
    [
        ("image/png", True),
        ("IMAGE/PNG; x=1", True),
        ("audio/mpeg", True),
        ("video/mp4", True),
        ("image/svg+xml", False),
        ("text/html", False),
        ("application/xml", False),
        ("text/plain", False),
        ("application/pdf", False),
        ("", False),
        ("image/png\r\nX-Evil: 1", False),
    ],
)
def test_only_formats_without_scripts_are_shown_in_place(media, s3, content_type, inline):
    worker, request, accepted = running(media, s3)
    said = file_said(put_output(s3, request), content_type=content_type, name='a"; x=\u202e.png')

    commit(media, worker, request, {"files": [said]})

    (file,) = result_of(media, accepted).output.files
    served, disposition = headers_of(file.url)
    assert file.inline is inline
    assert served == (file.content_type if inline else "application/octet-stream")
    assert disposition.startswith("inline; " if inline else "attachment; ")
    assert disposition.partition("; ")[2].startswith('filename="a__ x_.png"; ')
    assert unquote(disposition.partition("UTF-8''")[2]) == 'a"; x=.png'
    served, disposition = headers_of(file.download_url)
    assert served == "application/octet-stream"
    assert disposition.startswith('attachment; filename="a__ x_.png"; ')


def headers_of(address):
    query = parse_qs(urlsplit(address).query)
    (served,) = query["response-content-type"]
    (disposition,) = query["response-content-disposition"]
    return served, disposition


def bad_keys(request):
    prefix = request.upload.key_prefix
    return [
        "uploads/media/" + "A" * 22,
        "results/media/1/x",
        prefix,
        f"{prefix}a/b",
        f"{prefix}..",
        f"{prefix}a\nb",
        f"/{prefix}a",
        prefix.replace("media", "echo") + "a",
        prefix.replace("/1/", "/2/") + "a",
        prefix.replace("/1-", "/2-") + "a",
        prefix.replace("/1-", "/0-") + "a",
    ]


def test_a_result_that_names_another_file_is_refused_and_its_request_goes_on(media, s3):
    worker, request, accepted = running(media, s3)

    for key in bad_keys(request):
        s3.put_object(Bucket="files", Key=key, Body=b"{}")
        with pytest.raises(WrongOutput, match=r"output\.files\[0\]\.key must begin"):
            commit(media, worker, request, {"files": [file_said(key)]})
        with pytest.raises(WrongOutput, match=r"output\.body_key must begin"):
            commit(media, worker, request, {"body_key": key})
    missing = f"{request.upload.key_prefix}not-there"
    there = f"{request.upload.key_prefix}there"
    s3.put_object(Bucket="files", Key=there, Body=b"{}")
    before = s3.list_objects_v2(Bucket="files")["KeyCount"]
    with pytest.raises(
        WrongOutput, match=r"output\.files\[1\]\.key names a file that does not exist"
    ):
        commit(media, worker, request, {"files": [file_said(there), file_said(missing)]})
    assert s3.list_objects_v2(Bucket="files")["KeyCount"] == before

    assert list(media.queue("media").running) == [1]
    assert media.messages(worker, Ack) == []
    commit(media, worker, request, {"text": "after all"})
    assert result_of(media, accepted).output.text == "after all"


def test_a_request_whose_result_is_never_taken_ends_at_its_deadline(media, s3):
    worker, request, accepted = running(media, s3)
    with pytest.raises(WrongOutput):
        commit(media, worker, request, {"files": [file_said("uploads/x")]})

    media.clock.pass_seconds(3_700)

    assert result_of(media, accepted).status in (RequestState.TIMED_OUT, RequestState.FAILED)


def test_files_of_an_earlier_attempt_of_the_same_request_are_taken(media, s3):
    _, first, accepted = running(media, s3)
    key = put_output(s3, first)
    lose_lease(media, "media")
    again = media.join("w1", "media")
    second = media.handed(again)[-1]
    assert second.attempt == 2

    commit(media, again, second, {"files": [file_said(key)]})

    assert len(result_of(media, accepted).output.files) == 1


def test_a_large_body_is_read_once_and_cannot_be_changed_later(media, s3):
    worker, request, accepted = running(media, s3)
    body = {"text": "long " * 50_000, "data": {"n": [1]}, "other": 1}
    key = put_output(s3, request, "body.json", json.dumps(body).encode())

    commit(media, worker, request, {"body_key": key})
    s3.put_object(Bucket="files", Key=key, Body=b'{"text": "changed"}')

    output = result_of(media, accepted).output
    assert (output.text, output.data) == (body["text"], body["data"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"not json", "not JSON"),
        (b"[]", "not JSON"),
        (b'{"text": 5}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b" " * (MAX_OUTPUT_BYTES + 1), "limit is 4,194,304"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(media, s3, body, says):
    worker, request, accepted = running(media, s3)
    key = put_output(s3, request, "body.json", body)

    with pytest.raises(WrongOutput, match=says):
        commit(media, worker, request, {"body_key": key})

    assert result_of(media, accepted).status is RequestState.IN_PROGRESS


def test_a_space_says_which_files_it_takes(media):
    assert view_space(media.gateway, "echo").files is None
    rules = view_space(media.gateway, "media").files
    assert (rules.accept, rules.max_files, rules.max_file_bytes) == (["audio/*"], 2, 1_000)


# A signed right must not outlive its subject: what was answered or submitted does not change.


def put_as_worker(s3, request, content, name="out.png"):
    """Do what the worker's upload policy allows for as long as it is valid."""
    return put_output(s3, request, name, content)


def fetched(s3, view):
    """Return what an address of the result leads to."""
    key = unquote(urlsplit(view.url).path).removeprefix("/")
    return s3.get_object(Bucket="files", Key=key)["Body"].read()


def test_an_answered_file_cannot_be_replaced_by_its_worker(media, s3):
    worker, request, accepted = running(media, s3)
    key = put_as_worker(s3, request, b"PNG")
    commit(media, worker, request, {"files": [file_said(key)]})

    put_as_worker(s3, request, b"another picture")

    (shown,) = result_of(media, accepted).output.files
    assert (shown.size, fetched(s3, shown)) == (3, b"PNG")


def test_an_answered_file_lies_where_no_policy_opens(media, s3):
    worker, request, accepted = running(media, s3)
    commit(media, worker, request, {"files": [file_said(put_output(s3, request))]})

    stored = media.gateway.requests.read_answer(accepted.request.request_id)
    (file,) = stored.ending.answer["output"]["files"]
    prefixes = [
        condition[2]
        for condition in policy_of(request.upload.fields)["conditions"]
        if isinstance(condition, list) and condition[1] == "$key"
    ]
    assert prefixes == [request.upload.key_prefix]
    assert file["key"].startswith(f"results/media/{request.request_id.split('.')[1]}/")
    left = s3.list_objects_v2(Bucket="files", Prefix="outputs/").get("Contents", [])
    assert left == []  # what the worker uploaded is not kept twice


def test_two_attempts_leave_only_the_files_of_the_one_that_counts(media, s3):
    worker, request, accepted = running(media, s3)
    key = put_output(s3, request)
    commit(media, worker, request, {"files": [file_said(key)]})
    put_output(s3, request, content=b"again")

    commit(media, worker, request, {"files": [file_said(key)]})

    (shown,) = result_of(media, accepted).output.files
    assert fetched(s3, shown) == b"PNG"
    kept = s3.list_objects_v2(Bucket="files", Prefix="results/")["Contents"]
    assert len(kept) == 1


def test_a_result_that_comes_too_late_leaves_no_copies(media, s3, monkeypatch):
    worker, request, accepted = running(media, s3)
    key = put_output(s3, request)
    end = media.gateway.requests.end

    def cancelled_meanwhile(request_id, ending):
        monkeypatch.undo()
        cancel_request(media.gateway, request_id)
        return end(request_id, ending)

    monkeypatch.setattr(media.gateway.requests, "end", cancelled_meanwhile)
    commit(media, worker, request, {"files": [file_said(key)]})

    assert result_of(media, accepted).status is RequestState.CANCELLED
    assert "Contents" not in s3.list_objects_v2(Bucket="files", Prefix="results/")


def test_a_file_that_is_replaced_during_the_commit_is_refused(media, s3, monkeypatch):
    worker, request, _ = running(media, s3)
    key = put_output(s3, request)
    etag = s3.head_object(Bucket="files", Key=key)["ETag"]

    def replaced_meanwhile(**asked):  # moto ignores the condition
        assert asked["CopySourceIfMatch"] == etag
        raise ClientError({"Error": {"Code": "PreconditionFailed"}}, "CopyObject")

    monkeypatch.setattr(s3, "copy_object", replaced_meanwhile)
    with pytest.raises(WrongOutput, match="names a file that was just replaced"):
        commit(media, worker, request, {"files": [file_said(key)]})


def test_a_file_too_large_to_copy_is_not_shown_once_it_was_replaced(media, s3, monkeypatch):
    monkeypatch.setattr(collect_output, "MAX_COPY_BYTES", 2)
    worker, request, accepted = running(media, s3)
    key = put_output(s3, request)
    commit(media, worker, request, {"files": [file_said(key)]})
    before = result_of(media, accepted)

    put_as_worker(s3, request, b"PN2")
    media.clock.pass_seconds(61)

    after = result_of(media, accepted)
    assert [file.name for file in before.output.files] == ["out.png"]
    assert (before.error, after.output.files) == (None, [])
    assert after.error == "Files that were replaced later are not shown: out.png."


def test_an_input_is_handed_over_with_its_etag_and_not_shown_once_it_was_replaced(media, s3):
    worker = media.join("w1", "media")
    address = begin(media)
    store(s3, address.fields, b"RIFF")
    accepted = submit(media, address.upload_id)
    (request,) = media.handed(worker)
    etag = s3.head_object(Bucket="files", Key=address.fields["key"])["ETag"]
    commit(media, worker, request, {"text": "done"})
    before = result_of(media, accepted)

    store(s3, address.fields, b"evil")
    media.clock.pass_seconds(61)

    after = result_of(media, accepted)
    assert request.input.files[0].etag == etag
    assert [file.name for file in before.input.files] == ["a.wav"]
    assert (after.input.files, after.output.text) == ([], "done")
    assert after.error == "Files that were replaced later are not shown: a.wav."


def test_a_replaced_input_is_not_submitted_again_by_an_administrator(media, s3):
    address = begin(media)
    store(s3, address.fields, b"RIFF")
    accepted = submit(media, address.upload_id)
    store(s3, address.fields, b"evil")

    with pytest.raises(UploadMissing, match="no longer stored as it was"):
        retry_request(media.gateway, accepted.request.request_id, "ada")


def test_the_rights_of_a_worker_end_a_minute_after_its_deadline(media, s3):
    _, request, _ = running(media, s3)

    end = request.deadline + timedelta(minutes=1)
    assert policy_of(request.upload.fields)["expiration"] == f"{end:%Y-%m-%dT%H:%M:%SZ}"
    (seconds,) = parse_qs(urlsplit(request.input.files[0].url).query)["X-Amz-Expires"]
    assert int(seconds) * 1000 <= request.deadline.timestamp() * 1000 + 60_000 - media.clock()


def test_a_result_that_is_fetched_often_asks_s3_once_a_minute(media, s3, monkeypatch):
    worker, request, accepted = running(media, s3)
    commit(media, worker, request, {"text": "done"})
    asked = []
    describe = media.gateway.files.describe
    monkeypatch.setattr(
        media.gateway.files, "describe", lambda key: asked.append(key) or describe(key)
    )

    for _ in range(5):
        result_of(media, accepted)
    within_a_minute = len(asked)
    media.clock.pass_seconds(61)
    result_of(media, accepted)

    assert (within_a_minute, len(asked)) == (1, 2)
