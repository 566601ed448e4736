"""The store that the configuration names, opened once per process and setting."""

from functools import cache

from services.documents.stores.folder import FolderStore
from services.documents.stores.port import Store
from shared.config import BucketOfFiles, Config, Files


def store(config: Config) -> Store:
    return _opened(config.files)


@cache
def _opened(files: Files) -> Store:
    if isinstance(files.place, BucketOfFiles):
        from services.documents.stores.s3 import S3Store  # boto3 takes half a second that a folder need not wait for

        return S3Store(files.place)
    return FolderStore(files.place)
