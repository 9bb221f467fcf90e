"""What S3 answers about objects that are not there, through boto3's parser."""

import pytest
from botocore.exceptions import ClientError

from spaces.adapters.files import FileBucket
from spaces.services.ports.file_store import NoLongerStored
from tests.golden_files import client_answered_with


@pytest.mark.parametrize("name", ["s3_no_such_key", "s3_missing_without_listing"])
def test_missing_object_is_no_longer_stored(name):
    with client_answered_with("s3", name) as client, pytest.raises(NoLongerStored):
        FileBucket(lambda: client, "files", None).get("results/echo/1/a")


@pytest.mark.parametrize("name", ["s3_head_missing", "s3_head_missing_without_listing"])
def test_missing_object_has_no_description(name):
    with client_answered_with("s3", name) as client:
        assert FileBucket(lambda: client, "files", None).describe("uploads/echo/a") is None


@pytest.mark.parametrize("name", ["s3_no_such_key", "s3_missing_without_listing"])
def test_missing_object_is_not_copied(name):
    with client_answered_with("s3", name) as client:
        files = FileBucket(lambda: client, "files", None)

        assert files.copy_unchanged("outputs/a", "results/a", '"etag"') is False


def test_busy_bucket_is_not_a_missing_object():
    with client_answered_with("s3", "s3_slow_down") as client, pytest.raises(ClientError):
        FileBucket(lambda: client, "files", None).get("results/echo/1/a")
