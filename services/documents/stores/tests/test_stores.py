"""One suite for every store: a folder, and an S3 (moto's server, which nobody here wrote)."""

import subprocess
import sys
from pathlib import Path

import boto3
import pytest
import requests

from services.documents.stores.folder import FolderStore
from services.documents.stores.port import StoreAway
from services.documents.stores.s3 import S3Store
from shared.config import BucketOfFiles
from shared.ports import free_port
from shared.testing.eventually import eventually

LARGE = [bytes([number]) * 1_000_003 for number in range(40)]
"""More than one part of an upload to S3, and than a folder hands to the disk at a time."""


def answers(address):
    try:
        return requests.get(f"{address}/moto-api/", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def s3_server():
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    eventually(lambda: answers(address), within=60)
    yield address
    process.terminate()
    process.wait(30)


def bucket(address):
    return BucketOfFiles("foyer-files", address, "us-east-1", "key", "secret")


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path: Path):
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    address = request.getfixturevalue("s3_server")
    requests.post(f"{address}/moto-api/reset", timeout=10)
    given = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **given).create_bucket(Bucket="foyer-files")
    return S3Store(bucket(address))


def test_what_was_put_is_read_in_whole_and_in_part(store):
    store.put("client/blob", LARGE)
    whole = b"".join(LARGE)
    assert store.size("client/blob") == len(whole)
    assert b"".join(store.read("client/blob", 0, len(whole))) == whole
    assert b"".join(store.read("client/blob", 999_999, 1_000_010)) == whole[999_999:1_000_010]


def test_what_ends_before_its_end_is_nowhere(store):
    def cut_off():
        yield from LARGE[:20]
        raise RuntimeError("the other side has gone")

    with pytest.raises(RuntimeError):
        store.put("client/blob", cut_off())
    assert store.size("client/blob") is None and list(store.everything()) == []


def test_what_is_not_there_is_said_to_be_not_there(store):
    assert store.size("client/nothing") is None
    with pytest.raises(KeyError):
        list(store.read("client/nothing", 0, 10))
    store.remove("client/nothing")


def test_everything_is_listed_and_removed(store):
    store.put("client/one", [b"1"])
    store.put("client/two.thumbnail", [b"2"])
    assert sorted(key for key, _ in store.everything()) == ["client/one", "client/two.thumbnail"]
    store.remove("client/one")
    assert [key for key, _ in store.everything()] == ["client/two.thumbnail"]


def test_an_s3_that_is_away_is_said_to_be_away():
    with pytest.raises(StoreAway):
        S3Store(bucket(f"http://127.0.0.1:{free_port()}")).put("client/blob", [b"1"])


def test_a_folder_that_cannot_be_written_is_said_to_be_away(tmp_path):
    (tmp_path / "files").write_text("not a folder")
    with pytest.raises(StoreAway):
        FolderStore(tmp_path / "files").put("client/blob", [b"1"])
