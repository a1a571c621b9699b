"""What a failure says of the server: whether the next page would fail as well."""

from __future__ import annotations

from feedpub.collecting.run import Run
from feedpub.errors import FetchError, Refused, SourceError
from feedpub.model import Outcome

BUSY = {429, 503}


def is_unserved(error: SourceError) -> bool:
    """Whether it is the server as a whole that does not serve us."""
    return isinstance(error, FetchError) and (error.status in BUSY or error.is_unreachable)


def is_refused(error: SourceError) -> bool:
    """Whether it is the server that refuses the page, and not its robots.txt, which was not written for us alone."""
    return isinstance(error, Refused) and error.status is not None


def is_rejected(error: SourceError) -> bool:
    """Whether the server fails at the page or refuses it. Where it does so again and again, it does so for all."""
    return is_refused(error) or (isinstance(error, FetchError) and (error.status or 0) >= 500)


def failed_outcome(run: Run, url: str, error: SourceError) -> Outcome:
    """Return the outcome of a page that failed, and whose failure is in the state by now."""
    return Outcome(
        url, None, str(error),
        is_unserved=is_unserved(error), is_rejected=is_rejected(error), failed=run.state.visits.get(url),
    )  # fmt: skip
