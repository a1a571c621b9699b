"""What the files of the AWS tools say, where the environment says nothing: obstore reads the environment alone."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

# One of these in the environment is enough: obstore knows what to do with it.
OF_THE_ENVIRONMENT = (
    "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_SKIP_SIGNATURE",
)  # fmt: skip
KEYS = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "session_token",
}
PLACES = {"region": ("AWS_REGION", "AWS_DEFAULT_REGION"), "endpoint_url": ("AWS_ENDPOINT_URL", "AWS_ENDPOINT")}


def from_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the keys, the region and the server's address by obstore's names, as far as only the files have them.

    A file that cannot be read says nothing: what is missing is then reported with the first request.
    """
    home = Path(environment.get("HOME", "/"))
    profile = environment.get("AWS_PROFILE", "default")
    keys = _section(environment.get("AWS_SHARED_CREDENTIALS_FILE") or home / ".aws" / "credentials", profile)
    title = profile if profile == "default" else f"profile {profile}"
    places = _section(environment.get("AWS_CONFIG_FILE") or home / ".aws" / "config", title)
    found: dict[str, str] = {}
    if not any(name in environment for name in OF_THE_ENVIRONMENT):
        found |= {ours: keys[theirs] for theirs, ours in KEYS.items() if theirs in keys}
    for theirs, names in PLACES.items():
        if theirs in places and not any(name in environment for name in names):
            found[theirs.removesuffix("_url")] = places[theirs]
    return found


def _section(path: str | Path, title: str) -> Mapping[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        return {}
    return dict(parser[title]) if parser.has_section(title) else {}
