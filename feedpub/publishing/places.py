"""The place to publish that the configuration names."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from feedpub.edges import Publish
from feedpub.errors import ConfigError
from feedpub.publishing.folder import Folder
from feedpub.store.objects import Objects


def place_at(to: Path | str, objects: Objects) -> Publish:
    """Return the folder, or the bucket at this address; ``objects`` is what is known of it.

    Raises ConfigError where a bucket cannot be reached for want of a package.
    """
    if isinstance(to, Path):
        return Folder(to)
    require_library(to)
    from feedpub.publishing.bucket import Bucket  # most publish into a folder

    return Bucket(to, objects)


def require_library(url: str) -> None:
    """Raise ConfigError where the package for buckets is not installed. It is not loaded."""
    if find_spec("obstore") is None:
        raise ConfigError([f"{url}: needs a package that is not installed: pip install 'feedpub[s3]'"])
