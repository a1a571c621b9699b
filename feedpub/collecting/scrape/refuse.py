"""Refuses pages that are no news: those cut short, those that are not the site's own answer, and those without text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from feedpub.content import Page
from feedpub.errors import Missing, ScrapeError
from feedpub.html import tree
from feedpub.html.instead import TELLING, Instead, asks_for_password, instead_of_news, needs_script
from feedpub.html.lines import lines_of, text_of

MISSING = "a page that is not there"
FEW_LINKS = 12  # a site's own page has more: its menu, its sidebar, its news
LONGEST_NOTICE = 250  # characters of a title or heading that may be a notice
FEW_CHARACTERS = 1000  # of a page that is nothing but a notice
FIRST_LINES = 4  # of such a page
TITLE_PARTS = re.compile(r"\s+[|—–·»‹›-]+\s+")  # «Сторінку не знайдено | Міська рада»
# Pattern of a whole title or heading -> what the page is. A site may show these pages in its own frame.
_SORRY = r"(?:на жаль\W+|вибачте\W+|упс\W+|ой\W+|oops\W+)?"
_THIS = r"(?:(?:запитан\w+|так\w+|ц\w{1,2}|потрібн\w+|дан\w+|вказан\w+|the|this) )?"
_PAGE = r"(?:сторінк\w+|page|страниц\w+)"
_WHERE = r"(?:,? (?:яку ви шука\w+|за (?:цією|вказаною) адресою|(?:that )?you(?:'re| are)? (?:requested|looking for)))?"
_ABSENT = r"(?:не знайден\w*|(?:was |is )?not found|не існує|не найден\w*|could not be found)"
NOTICES = (  # these must not match news: "404 учні…", "Сторінку громади у Facebook видалено"
    (
        rf"(?:помилка|error|ошибка)?\W*404\W*(?:помилка|error)?\W*(?:.*{_ABSENT}.*)?"
        rf"|{_SORRY}{_THIS}{_PAGE}{_WHERE},? {_ABSENT}\W*|not found\W*",
        MISSING,
    ),
    (
        r"(?:помилка|error)?\W*40[13]\W*(?:forbidden|unauthorized|доступ заборонено)?\W*"
        r"|доступ (?:до (?:цієї )?сторінки )?заборонен\w*\W*|access denied\W*|forbidden\W*|у доступі відмовлено\W*",
        "a page that is closed",
    ),
    (
        r"(?:помилка|error)?\W*5\d\d\W*(?:.*(?:error|gateway|unavailable|помилка сервера).*)?"
        r"|(?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)\W*"
        r"|error establishing a database connection|помилка (?:з'єднання з|підключення до) баз\w+ даних\W*",
        "an error of the server",
    ),
)
# The same, of pages that no site's frame is around. News may have such words as well.
BARE = (
    (
        r"just a moment\W*|attention required!?.*|checking your browser.*|please wait\W*|один момент\W*|ddos-guard"
        r"|access to this page has been denied|security check.*|verify(?:ing)? you are (?:a )?human.*"
        r"|.*\bcloudflare\b.*",
        "the challenge of a guard, such as Cloudflare's",
    ),
    (r".*\bcaptcha\b.*|are you (?:a )?(?:human|robot).*|підтверд\w+, що ви не робот.*|я не робот", "a captcha"),
    (
        r".*(?:технічн\w+ робот|технічне обслуговування|на обслуговуванні|тимчасово недоступн|maintenance"
        r"|сайт (?:тимчасово )?(?:не працює|недоступний|в розробці)|under construction|coming soon|be right back"
        r"|скоро відкриття|проф[іи]лактичн\w+ робот).*",
        "a notice of maintenance",
    ),
    (
        r".*(?:domain (?:is )?(?:for sale|parked|expired)|buy this domain|this domain|parked|припаркован\w*"
        r"|домен (?:продається|припарковано|прострочен\w*)|related searches).*",
        "a parked domain",
    ),
    (
        r".*(?:account (?:has been )?suspended|suspended page|обслуговування (?:сайту )?призупинено"
        r"|хостинг\w* (?:призупинен|заблокован)|акаунт \w*заблокован|сайт (?:заблоковано|відключено|призупинено)).*",
        "a notice that the hosting is suspended",
    ),
    (
        r"welcome to nginx!?|apache2? .*(?:default|works).*|it works!?|test page for.*|iis windows.*"
        r"|default (?:web )?(?:page|site).*|.*web server'?s default page.*",
        "a server's default page",
    ),
    (r"index of /.*", "a directory"),
)
INSTEAD = {  # of an article's page
    Instead.FRAMES: "is made of frames, and has no text of its own",
    Instead.PASSWORD: "asks for a password: its text is behind a login",
    Instead.SCRIPT: "has {} characters of text and is made by a script; feedpub runs none",
    Instead.FRAME: "has no text of its own, and shows another page in a frame (iframe)",
}
TITLE_ALONE = "has a title and nothing else"  # what an error says of an article without words
LONGEST_LOCK = 400  # characters of a text that is only a form for a password
PASSWORD = re.compile(r"парол|password|passwort|contraseña|hasło|mot de passe", re.IGNORECASE)
LOGIN = re.compile(
    r"(?:вхід|увійти|увійдіть|авторизація|вход)(?: (?:на сайт|до|в|для|користувача|адміністратор|через)\b.*)?\W*"
    r"|(?:log|sign) ?in(?: (?:to|with|or)\b.*)?\W*|login(?: page| form)?\W*"
    r"|обліковий запис(?: користувача)?|user account",
    re.IGNORECASE,
)


def require_news(page: Page, closes_pages: bool = False) -> HtmlElement:
    """Return the page's tree. Raises ScrapeError where the page cannot be one that holds news.

    ``closes_pages`` says that this site's pages end with </html>.
    """
    if closes_pages and not page.is_closed and page.text.strip():
        raise ScrapeError(page.url, "was cut short: it has no end, and other pages of the site have")
    root = tree.document(page)
    notice = _notice(root)
    if notice == MISSING:
        raise Missing(page.url, f"is no news: it is {notice}")
    if notice:
        raise ScrapeError(page.url, f"is no news: it is {notice}")
    return root


def unreadable(page: Page, root: HtmlElement, error: ScrapeError) -> ScrapeError:
    """Return the error to raise for a page whose pieces were not found: what it is instead, where that is plain."""
    if not any(True for _ in root.iter(*TELLING)):  # most pages of another layout
        return error
    shown = len(text_of(root))
    instead = instead_of_news(root, shown, len(root.findall(".//a")))
    has_words = not error.reason.startswith(TITLE_ALONE) and _unlinked(root) >= LONGEST_LOCK
    is_beside = instead is Instead.PASSWORD and has_words  # a login that stands beside every page
    if instead is None or is_beside:
        return error
    return ScrapeError(page.url, INSTEAD[instead].format(shown))


def _unlinked(root: HtmlElement) -> int:
    """How many characters a page has that are no links."""
    return sum(len(line.text) - line.linked for line in lines_of(root))


def require_open(page: Page, body: Sequence[HtmlElement]) -> None:
    """Raise ScrapeError where the text is no more than a form for its password, or says that it needs JavaScript."""
    words = " ".join(map(text_of, body))
    if len(words) < LONGEST_LOCK and _is_locked(words, body):
        raise ScrapeError(page.url, INSTEAD[Instead.PASSWORD])
    if needs_script(words):
        raise ScrapeError(page.url, INSTEAD[Instead.SCRIPT].format(len(words)))


def _is_locked(words: str, body: Sequence[HtmlElement]) -> bool:
    """Whether a text asks for a password: it speaks of one, or all of it is in the form for it."""
    if not any(map(asks_for_password, body)):
        return False
    forms = [form for part in body for form in part.iter("form") if asks_for_password(form)]
    return PASSWORD.search(words) is not None or (bool(forms) and sum(len(text_of(f)) for f in forms) >= len(words))


def _notice(root: HtmlElement) -> str | None:
    """Return what a page is instead of news, by its titles; None where it may be news.

    A council writes about maintenance, too: such words count only where the page has hardly anything else.
    """
    titles = _titles(root)
    headings = [text_of(e) for e in root.iter("h1", "h2", "h3")]
    texts = [*titles, *headings]
    short = [t for t in texts if len(t) < LONGEST_NOTICE]
    folded = (" ".join(t.split()).casefold() for t in short)
    shown = [t for t in folded if t]
    notice = _first_named(NOTICES, shown)
    if notice:
        return notice
    has_password = bool(root.xpath("//input[@type='password']"))
    if has_password and any(LOGIN.fullmatch(t.strip()) for t in titles):
        return "a login"
    has_menu = len(root.findall(".//a")) > FEW_LINKS
    if has_menu or len(text_of(root)) > FEW_CHARACTERS:
        return None
    first_lines = [line.text.casefold() for line in lines_of(root)[:FIRST_LINES]]
    return _first_named(BARE, [*shown, *first_lines])


def _titles(root: HtmlElement) -> list[str]:
    """Return the page's titles, each whole and then in its parts."""
    titles: list[str] = []
    for element in root.iter("title"):
        title = text_of(element)
        if len(title) < LONGEST_NOTICE:
            titles += [title, *TITLE_PARTS.split(title)]
    return titles


def _first_named(patterns: Iterable[tuple[str, str]], texts: Sequence[str]) -> str | None:
    """Return the name of the first pattern that one of the texts is; None where no text is any."""
    for pattern, name in patterns:
        if any(re.fullmatch(pattern, t) for t in texts):
            return name
    return None
