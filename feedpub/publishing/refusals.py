"""What a bucket's server answers → a line for the operator, with a way out.

The answer's own words are never shown: some servers repeat keys and signatures in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CODE = re.compile(r"<Code>(\w+)</Code>|\(code: (\w+)\)")
STATUS = re.compile(r"status code: (\d{3})")
KIND = re.compile(r"\b(?:kind: |inner: (?=BareRedirect))(\w+)")  # of a failure without an answer: Connect, Timeout
REGION = re.compile(r"<Region>([\w-]+)</Region>|expecting '([\w-]+)'|<Endpoint>[\w.-]*?s3[.-]([a-z]+-[a-z]+-\d)\.")
CREDENTIALS = re.compile(r"/latest/api/token|/latest/meta-data|169\.254\.1[67]\d\.|AssumeRole|NoCredential")
CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "409", "412"}  # for these a condition is not met
LATER = "; the next run tries again"
NO_RIGHT = "it needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there"
KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the server does not do it, and what to do. ``signs`` are its codes, statuses, or kinds of failure."""

    signs: tuple[str, ...]
    words: str


# The first row that has the sign counts: codes say more than statuses, and these more than kinds.
REFUSALS = (
    Refusal(("NoSuchBucket",), "there is no such bucket: create it, or correct [publish] to"),
    Refusal(
        ("RequestTimeTooSkewed", "RequestExpired"),
        "the server refuses this machine's time, which is more than a quarter of an hour off: set the clock right",
    ),
    Refusal(("ExpiredToken", "TokenRefreshRequired"), "the session's token has expired: renew AWS_SESSION_TOKEN"),
    Refusal(
        ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"),
        f"the server does not take the key: correct {KEYS}",
    ),
    Refusal(
        ("AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException", "BareRedirect"),
        "the bucket is in another region{region}: set AWS_REGION",
    ),
    Refusal(("AccessDenied", "AllAccessDisabled", "401", "403"), f"the key has no right to do that: {NO_RIGHT}"),
    Refusal(("QuotaExceeded", "EntityTooLarge", "507"), "there is no room left: raise the bucket's quota"),
    Refusal(("SlowDown", "TooManyRequests", "429"), f"the server wants fewer requests (SlowDown){LATER}"),
    Refusal(("NotImplemented", "501"), "the server knows no conditional writes (If-Match), which feedpub needs"),
    Refusal(("500", "502", "503", "504"), f"the server answers {{status}}{LATER}"),
    Refusal(("Timeout",), f"no answer came in time{LATER}"),
    Refusal(("Connect", "Request", "Interrupted", "Decode"), f"the server cannot be reached{LATER}"),
)
UNSECURED = "the server's address begins with http://, which has to be allowed: AWS_ALLOW_HTTP=true"
KEYLESS = f"there are no credentials: set {KEYS} in the environment of the run, or write ~/.aws/credentials"


class BucketError(Exception):
    """A request that the server did not do, or may not have done. Its text is one line, without the server's words."""

    def __init__(self, error: Exception) -> None:
        """``error`` is obstore's."""
        signs = _signs_of(error)
        is_conflict = type(error).__name__ in ("AlreadyExistsError", "PreconditionError")
        self.is_changed = is_conflict or bool(signs & CHANGED)  # the object is not the one that was seen
        self.is_unanswered = not any(s.isdigit() and s < "500" for s in signs)  # nobody knows if it was done
        super().__init__(_reason(str(error), signs))


def is_bucket_missing(error: Exception) -> bool:
    """Whether it is not the object that is not there, but the whole bucket."""
    return "NoSuchBucket" in _signs_of(error)


def _reason(text: str, signs: set[str]) -> str:
    """Return why the server did not do it, and what to do."""
    if CREDENTIALS.search(text):
        return KEYLESS
    if "builder error" in text:
        return UNSECURED
    status = STATUS.search(text)
    for refusal in REFUSALS:
        if signs.intersection(refusal.signs):
            return refusal.words.format(status=status[1] if status else "", region=_region(text))
    return f"the server refuses it ({', '.join(sorted(signs)) or 'it does not say why'})"


def _signs_of(error: Exception) -> set[str]:
    """Return the code, the status and the kind of a failure, as far as it has them."""
    text = str(error)
    answer, _, source = text.partition("Debug source:")
    signs = {next(filter(None, match)) for match in CODE.findall(answer)}
    signs |= set(STATUS.findall(answer))
    return signs or set(KIND.findall(source))


def _region(text: str) -> str:
    match = REGION.search(text)
    return f", {next(filter(None, match.groups()))}" if match else ""
