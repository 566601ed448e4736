"""Bytes as objects of any S3: uploaded in parts, so that no file is ever whole in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import boto3
from botocore.config import Config as BotoConfig
from botocore.exceptions import BotoCoreError, ClientError

from services.documents.stores.port import CHUNK, StoreAway
from shared.config import BucketOfFiles

PART = 8 * CHUNK
"""S3 takes parts of 5 MiB and more, but for the last one."""
PATIENT = BotoConfig(
    connect_timeout=5, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"}, max_pool_connections=50
)
GONE = {"404", "NoSuchKey", "NotFound"}


class S3Store:
    def __init__(self, bucket: BucketOfFiles) -> None:
        self._bucket = bucket.name
        self._s3: Any = boto3.client(
            "s3",
            endpoint_url=bucket.endpoint,
            region_name=bucket.region,
            aws_access_key_id=bucket.access_key,
            aws_secret_access_key=bucket.secret_key,
            config=PATIENT,
        )

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        of = {"Bucket": self._bucket, "Key": key}
        with _said():
            upload = {**of, "UploadId": self._s3.create_multipart_upload(**of)["UploadId"]}
        try:
            parts = []
            for number, part in enumerate(_in_parts(chunks), 1):
                with _said():
                    tag = self._s3.upload_part(**upload, PartNumber=number, Body=part)["ETag"]
                parts.append({"PartNumber": number, "ETag": tag})
            with _said():
                self._s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        except BaseException:
            with suppress(BotoCoreError, ClientError):
                self._s3.abort_multipart_upload(**upload)
            raise

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        try:
            with _said():
                found = self._s3.get_object(Bucket=self._bucket, Key=key, Range=f"bytes={start}-{end - 1}")
        except StoreAway as away:
            if _is_gone(away.__cause__):
                raise KeyError(key) from away
            raise
        return iter(found["Body"].iter_chunks(CHUNK))

    def size(self, key: str) -> int | None:
        try:
            with _said():
                return int(self._s3.head_object(Bucket=self._bucket, Key=key)["ContentLength"])
        except StoreAway as away:
            if _is_gone(away.__cause__):
                return None
            raise

    def remove(self, key: str) -> None:
        with _said():
            self._s3.delete_object(Bucket=self._bucket, Key=key)

    def everything(self) -> Iterator[tuple[str, float]]:
        with _said():
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
                for found in page.get("Contents", ()):
                    yield found["Key"], found["LastModified"].timestamp()


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreAway(error) from error


def _is_gone(error: BaseException | None) -> bool:
    return isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in GONE


def _in_parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    part = bytearray()
    for chunk in chunks:
        part += chunk
        if len(part) >= PART:
            yield bytes(part)
            part.clear()
    yield bytes(part)
