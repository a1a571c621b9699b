"""Files that are no part of what is published: whole or not at all, and only when they changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from feedpub.publishing.beneath import content_of, open_folder, publish_error, replace_file


def put_files(folder: Path, files: Mapping[str, bytes], *, is_made: bool = False) -> list[str]:
    """Put files into a folder, and return the names of those that have changed. Everybody may read them.

    ``is_made``: the folder is made if it is missing. Raises PublishError; a file that was there before is then still
    there, whole.
    """
    changed = []
    path = folder
    try:
        with open_folder(folder, (), is_made=is_made) as place:
            for name, data in files.items():
                path = folder / name
                if content_of(place, name) != data:
                    replace_file(place, name, data)
                    changed.append(name)
            if changed:
                os.fsync(place)
    except OSError as error:
        raise publish_error(path, "written", error) from error
    return changed
