"""The state → the files that people read."""

from feedpub.publishing.documents import Target
from feedpub.publishing.emission import (
    Emission,
    emit,
    emit_front,
    expect_files,
    is_emitted,
    measure,
    note_success,
)

__all__ = [
    "Emission", "Target", "emit", "emit_front", "expect_files", "is_emitted", "measure", "note_success",
]  # fmt: skip
