"""Uploads the page to the emulator's bucket, as BucketDeployment does on AWS."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.local.cloud import LocalCloud
from infra.page import CONFIG_FILE, build_page, cache_control, content_type


def upload_page(cloud: LocalCloud, bucket: str, config: str) -> int:
    """Put all files of the page into its bucket, and return how many they are.

    Those of earlier versions stay, for tabs that are still open.

    Args:
        cloud: where.
        bucket: its name.
        config: contents of ``config.json``, which belong to this stack.
    """
    folder, s3 = build_page(), cloud.aws("s3")
    files = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    s3.put_object(
        Bucket=bucket,
        Key=CONFIG_FILE,
        Body=config.encode(),
        ContentType=content_type(Path(CONFIG_FILE)),
        CacheControl=cache_control(Path(CONFIG_FILE)),
    )

    def put(key: str) -> None:
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=files[key].read_bytes(),
            ContentType=content_type(files[key]),
            CacheControl=cache_control(files[key]),
        )

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(put, files))
    return len(files)
