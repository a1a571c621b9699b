"""Tell from a page's failure whether the next page would fail as well."""

from __future__ import annotations

from feedpub.collecting.run import Run
from feedpub.errors import FetchError, Refused, SourceError
from feedpub.model import Outcome

BUSY = {429, 503}


def is_unserved(error: SourceError) -> bool:
    """Whether the server as a whole does not serve us."""
    return isinstance(error, FetchError) and (error.status in BUSY or error.is_unreachable)


def is_refused(error: SourceError) -> bool:
    """Whether the server refuses the page. A refusal by robots.txt does not count: it is not meant for us alone."""
    return isinstance(error, Refused) and error.status is not None


def is_rejected(error: SourceError) -> bool:
    """Whether the server fails at the page or refuses it. After several of these, it would do so for all pages."""
    if isinstance(error, FetchError) and error.status is not None and error.status >= 500:
        return True
    return is_refused(error)


def failed_outcome(run: Run, url: str, error: SourceError) -> Outcome:
    """Return the outcome of a page that failed. The state must have the failure already."""
    return Outcome(
        url, None, str(error),
        is_unserved=is_unserved(error), is_rejected=is_rejected(error), failed=run.state.visits.get(url),
    )  # fmt: skip
