"""The council's server: requests → answers, from the truth of that moment and the trouble of that moment."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC
from email.utils import format_datetime
from mimetypes import guess_type
from urllib.parse import parse_qs, unquote, urlsplit

from simulation import strangers
from simulation.clock import Clock
from simulation.council import Article, Council, Event, Kind, Setup, path_of
from simulation.network import Answer, Request, Trouble
from simulation.skins import VIEWS, View, article_page, frame, listing_page

HTML = ("Content-Type", "text/html; charset=utf-8")
LISTING = re.compile(r"/(index\.php)?")
MEDIA = re.compile(r"/(pictures|media|files)/")
USUAL, SLOW = 0.2, 25.0  # seconds of an answer
ROBOTS = b"User-agent: *\nDisallow: /admin/\n"
NO_CONNECTION = {Kind.OUTAGE: Trouble.REFUSED}
NO_BYTES = {Kind.SILENT: Trouble.SILENT, Kind.TRICKLE: Trouble.TRICKLING}
SOFT_404 = "<h1>Сторінку не знайдено</h1><p>На жаль, такої сторінки немає.</p>"
CAPTCHA = '<h1>Перевірка</h1><form id="challenge"><p>Підтвердьте, що ви не робот.</p><input name="answer"></form>'
EMPTY = "<h1>Новини</h1><p>Розділ наповнюється.</p>"


class Site:
    """All that answers at the council's hosts; nobody answers at others."""

    def __init__(self, council: Council, clock: Clock) -> None:
        self.council = council
        self.clock = clock
        self._bodies: dict[str, tuple[bytes, str]] = {}  # target -> body, its hash
        self._of = -1  # the revision that these are of
        self._served = 0

    def trouble(self, scheme: str, host: str) -> Trouble | None:
        if all(host != one.host for one in self.council.leading()):
            return Trouble.REFUSED
        for event in self.council.trouble(self.clock.now):
            if event.kind in NO_CONNECTION:
                return NO_CONNECTION[event.kind]
            if event.kind is Kind.CERTIFICATE and scheme == "https":
                return Trouble.EXPIRED
        return None

    def answer(self, request: Request) -> Answer | Trouble:
        self._served += 1
        seconds = USUAL
        for event in self.council.trouble(self.clock.now):
            assert event.kind
            if event.kind in NO_BYTES:
                return NO_BYTES[event.kind]
            if event.kind is Kind.SLOW:
                seconds = SLOW
            spoilt = self._spoilt(event, request)
            if spoilt:
                return spoilt
        answer = self._well(request)
        return Answer(answer.status, answer.headers, answer.body, seconds)

    def _spoilt(self, event: Event, request: Request) -> Answer | None:
        """Return what a troubled site answers; None: as it would if it were well."""
        is_article = not LISTING.fullmatch(urlsplit(request.target).path) and request.target != "/robots.txt"
        match event.kind:
            case Kind.ERRORS:
                return Answer(500, (HTML,), frame("Помилка", "<h1>Помилка сервера</h1>").encode())
            case Kind.BUSY:
                return Answer(503, (HTML, ("Retry-After", "3600")), b"<h1>503</h1>")
            case Kind.FLAKY if self._served % 3 == 0:
                return Answer(502, (HTML,), b"<h1>Bad Gateway</h1>")
            case Kind.CAPTCHA if request.target != "/robots.txt":
                return Answer(200, (HTML,), frame("Перевірка", CAPTCHA).encode())
            case Kind.MISSING if is_article:
                return Answer(404, (HTML,), frame("404", SOFT_404).encode())
            case Kind.GAP if self._is_page_of(event.number, request):
                return Answer(404, (HTML,), frame("404", SOFT_404).encode())
            case Kind.SOFT_404 if is_article:
                return Answer(200, (HTML,), frame("Сторінку не знайдено", SOFT_404).encode())
            case Kind.EMPTY if not is_article and request.target != "/robots.txt":
                return Answer(200, (HTML,), frame("Новини", EMPTY).encode())
            case Kind.HIJACK if request.target != "/robots.txt":
                return Answer(200, (HTML,), strangers.page(request.target).encode())
        return None

    def _is_page_of(self, number: int, request: Request) -> bool:
        article = self.council.articles.get(number)
        return article is not None and request.target == path_of(self.council.setup, article)

    def _well(self, request: Request) -> Answer:
        setup = self.council.setup
        if request.target == "/robots.txt":
            delay = f"Crawl-delay: {setup.crawl_delay}\n".encode() if setup.crawl_delay else b""
            return Answer(200, (("Content-Type", "text/plain"),), ROBOTS + delay)
        onward = self._moved(request, setup)
        if onward:
            return Answer(301, (("Location", onward), HTML))
        if MEDIA.match(request.target) and request.target in self._media():
            kind = guess_type(request.target)[0] or "application/octet-stream"
            return Answer(200, (("Content-Type", kind),), request.target.encode())
        if request.target not in self._rendered():
            return Answer(404, (HTML,), frame("404", SOFT_404).encode())
        body, tag = self._bodies[request.target]
        if VIEWS.encode() in body:  # no two answers are the same
            body = body.replace(VIEWS.encode(), b"%d" % self._served)
            tag = f"{tag}-{self._served}"
        return self._validated(request, setup, body, tag)

    def _validated(self, request: Request, setup: Setup, body: bytes, tag: str) -> Answer:
        """Return a page, or 304 if it is as known."""
        date = ("Date", format_datetime(self.clock.now.astimezone(UTC).replace(microsecond=0), usegmt=True))
        if setup.validators == "none":
            return Answer(200, (HTML, date), body)
        known = ("ETag", f'"{tag}"')
        if request.headers.get("if-none-match") == known[1]:
            return Answer(304, (known, date))
        return Answer(200, (HTML, date, known), body)

    def _moved(self, request: Request, setup: Setup) -> str | None:
        """Return where a request is led, since the site has moved."""
        if (request.scheme, request.host) != (setup.scheme, setup.host):
            return f"{setup.scheme}://{setup.host}{request.target}"
        first, _, slug = request.target.strip("/").partition("/")
        if not slug or all(first != one.path for one in self.council.leading()):
            return None
        moved = self.council.now_at(slug)
        if moved:
            return path_of(setup, moved)
        return f"/{setup.path}/{slug}" if first != setup.path else None

    def _media(self) -> set[str]:
        """Return the addresses of all pictures and files that articles have now."""
        articles = self.council.listed()
        pictures = {one.path for article in articles for one in article.pictures}
        return pictures | {one.path for article in articles for one in article.files}

    def _rendered(self) -> dict[str, tuple[bytes, str]]:
        """Return the pages of this revision that were asked for, and render what is asked for now."""
        slow = [e for e in self.council.trouble(self.clock.now) if e.kind is Kind.SLOW_HIJACK]
        revision = self.council.revision * 1000 + len(slow)
        if revision != self._of:
            self._bodies = _Pages(self.council, strangers.ARTICLES if slow else ())
            self._of = revision
        return self._bodies


class _Pages(dict[str, tuple[bytes, str]]):
    """The pages of one revision, each rendered when it is first asked for."""

    def __init__(self, council: Council, foreign: tuple[Article, ...]) -> None:
        super().__init__()
        self.setup = council.setup
        self.newest = sorted(council.listed(), key=lambda a: (a.dated, a.number), reverse=True)
        self.rows = sorted([*council.listed(), *foreign], key=lambda a: (a.is_pinned, a.dated, a.number), reverse=True)
        self.by_path = {path_of(self.setup, one): one for one in self.rows}

    def __contains__(self, target: object) -> bool:
        return super().__contains__(target) or self._render(str(target))

    def _render(self, target: str) -> bool:
        parts = urlsplit(target)
        article = self.by_path.get(unquote(parts.path))
        if article:
            markup = article_page(View(self.setup, newest=self.newest), article)
        elif LISTING.fullmatch(parts.path):
            size, named = self.setup.page_size, self.rows[: self.setup.depth or None]
            page = int(parse_qs(parts.query).get("page", ["0"])[0])
            rows = named[page * size : (page + 1) * size]
            if not rows:
                return False
            markup = listing_page(View(self.setup, rows, self.newest, page, -(-len(named) // size)))
        else:
            return False
        body = markup.encode()
        self[target] = body, hashlib.sha256(body).hexdigest()[:16]
        return True
