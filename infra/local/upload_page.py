"""Upload the page to the emulator's bucket, as BucketDeployment does on AWS."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.local.cloud import LocalCloud
from infra.page import CONFIG_FILE, build_page, cache_control, content_type


def upload_page(cloud: LocalCloud, bucket: str, config: str) -> int:
    """Upload all files of the page, and return how many there are.

    Files of earlier versions stay for tabs that are still open.

    Args:
        cloud: the local cloud.
        bucket: the name of the page's bucket.
        config: the contents of this stack's ``config.json``.
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
