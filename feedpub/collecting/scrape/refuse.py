"""Pages that are no news: cut short, or not the site's own answer at all."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedpub.content import Page
from feedpub.errors import Missing, ScrapeError
from feedpub.html import tree

MISSING = "a page that is not there"
FEW_LINKS = 12  # a site's own page has more: its menu, its sidebar, its news
LONGEST = 250  # characters of a title that may be a notice
FEW_WORDS = 1000  # characters; a notice is short
# What stands in the title or a heading, word for word or at its beginning -> what the page is. These stand in a
# site's own frame too.
_SORRY = r"(?:на жаль\W+|вибачте\W+|упс\W+|ой\W+|oops\W+)?"
_THIS = r"(?:(?:запитан\w+|так\w+|ц\w{1,2}|потрібн\w+|дан\w+|вказан\w+|the|this) )?"
_PAGE = r"(?:сторінк\w+|page|страниц\w+)"
_WHERE = r"(?:,? (?:яку ви шука\w+|за (?:цією|вказаною) адресою|(?:that )?you(?:'re| are)? (?:requested|looking for)))?"
_ABSENT = r"(?:не знайден\w*|(?:was |is )?not found|не існує|не найден\w*|could not be found)"
NOTICES = (  # news must not be caught: "404 учні…", "Сторінку громади у Facebook видалено"
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
# What only a page without a site around it may be.
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
LOGIN = re.compile(
    r"(?:вхід|увійти|увійдіть|авторизація|вход)(?: (?:на сайт|до|в|для|користувача|адміністратор|через)\b.*)?\W*"
    r"|(?:log|sign) ?in(?: (?:to|with|or)\b.*)?\W*|login(?: page| form)?\W*"
    r"|обліковий запис(?: користувача)?|user account",
    re.IGNORECASE,
)


def require_news(page: Page, closes_pages: bool = False) -> HtmlElement:
    """The page's tree. Raises ScrapeError where the page cannot be one that holds news."""
    if closes_pages and not page.is_closed and page.text.strip():
        raise ScrapeError(page.url, "was cut short: it has no end, and other pages of the site have")
    root = tree.document(page)
    if found := what(root):
        raise (Missing if found == MISSING else ScrapeError)(page.url, f"is no news: it is {found}")
    return root


def what(root: HtmlElement) -> str | None:
    """What a page is that is no page of news, by its titles; None where it may be one.

    A council writes of maintenance, too: such words count only where hardly
    anything else is on the page.
    """
    titles = [tree.text(e) for e in root.iter("title")]
    titles = [part for t in titles if len(t) < LONGEST for part in (t, *re.split(r"\s+[|—–·»‹›-]+\s+", t))]
    headings = [tree.text(e) for e in root.iter("h1", "h2", "h3")]
    own = [w for t in (*titles, *headings) if len(t) < LONGEST and (w := " ".join(t.split()).casefold())]
    for pattern, name in NOTICES:
        if any(re.fullmatch(pattern, t) for t in own):
            return name
    if root.xpath("//input[@type='password']") and any(LOGIN.fullmatch(t.strip()) for t in titles):
        return "a login"
    if len(root.findall(".//a")) > FEW_LINKS:
        return None
    words = tree.text(root)
    if len(words) > FEW_WORDS:
        return None
    shown = [*own, *(w.text.casefold() for w in tree.lines(root)[:4])]
    return next((name for pattern, name in BARE if any(re.fullmatch(pattern, t) for t in shown)), None)
