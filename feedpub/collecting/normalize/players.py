"""Makes links of players: videos, sound, maps, forms, posts of other services. Readers of feeds do not show them.

A link leads to a page that people can open. Its words are the player's title, or else the name of the file or of the
host; never what stands in the element for browsers that cannot play it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from bs4 import BeautifulSoup
from bs4.element import Tag

from feedpub import address, text
from feedpub.collecting.normalize.markup import attributes_of, contains, elements_in
from feedpub.html.images import PICTURE_FILE, is_tracker
from feedpub.html.player_pages import is_post, is_undelivered, known_page, page_of_player

EMBEDDED = ("iframe", "object", "embed", "video", "audio")
NAMED_AFTER_FILE = ("video", "audio", "object")  # the link to one is named after its file, to others after the host
TITLES = ("title", "aria-label", "data-title", "playlabel", "data-video-title", "data-label")
NO_TITLE = re.compile(  # what services and editors write there of themselves
    r"(?:(?:embedded|youtube|vimeo|facebook|twitter|instagram|spotify|google|html5)\W*)*"
    r"(?:video|audio|media|map|maps|post|content|embed|player|frame|iframe|widget|\W)*",
    re.IGNORECASE,
)
LONGEST_TITLE = 200  # characters
LONGEST_FALLBACK = 250  # characters in a player for browsers that don't know it; more are the council's own
FOR_BROWSERS = re.compile(  # in words for browsers that cannot show an object
    r"brow|браузер|navega|navigateur|przegląd|підтрим|поддерж|support|unterstütz|pl[uú]g-?in|плаг[іи]н|flash|javascript"
    r"|download|завантаж|скача|herunterladen",
    re.IGNORECASE,
)
NEAR = 2  # elements beside a player
LATE = re.compile(r"src|url|href|data|embed|permalink|video")  # in names of attributes with an address
NOT_PLAYED = re.compile(r"poster|thumb|image|preview|placeholder|srcdoc|share")
FRAME = re.compile(r"https?://|//|/", re.IGNORECASE)
SERVICE_NAMES = (  # of attributes that name a service
    "class", "data-service", "data-provider", "data-plyr-provider", "data-type", "data-video-type", "data-source",
)  # fmt: skip
SERVICE_WORDS = ("youtube", "vimeo", "dailymotion")
ID_NAMES = re.compile(
    r"^(?:data-(?:id|video|youtube|vimeo|plyr-embed-id)|(?:data-)?(?:(?:youtube|yt|vimeo)-?)?(?:video|embed)-?id"
    r"|data-(?:youtube|yt|vimeo)-?id)$"
)
VIDEO_ID = {"youtube": r"[\w-]{6,20}", "vimeo": r"\d{5,12}", "dailymotion": r"\w{5,12}"}
EMBED_ADDRESS = {
    "youtube": "https://www.youtube.com/embed/{}",
    "vimeo": "https://player.vimeo.com/video/{}",
    "dailymotion": "https://www.dailymotion.com/embed/video/{}",
}
ORDINARY = {
    "a",
    "img",
    "source",
    "link",
    "meta",
    "script",
    "style",
    "form",
    "html",
    "body",
    "q",
    "del",
    "ins",
    *EMBEDDED,
}


def link_script_posts(soup: BeautifulSoup) -> None:
    """Make links of the scripts that write a post of Telegram where they are."""
    for script in elements_in(soup, {"script"}):
        post = str(script.get("data-telegram-post") or "")
        if re.fullmatch(r"\w+/\d+", post):
            _put_link(soup, script, f"https://t.me/{post}", "t.me")


def link_players(soup: BeautifulSoup, base: str) -> None:
    """Make links of players, and of the elements that become one when a reader agrees to it or clicks."""
    _link_embedded(soup, base)
    replaced: set[int] = set()  # ids of elements in those that are links now
    for element in elements_in(soup):
        is_other = element.name in ORDINARY or id(element) in replaced
        page = None if is_other else _promised_page(element, base)
        if page and not _is_linked(element, page, base):
            replaced.update(map(id, elements_in(element)))
            _link_promised(soup, element, page)


def waits_for_consent(element: Tag) -> bool:
    """Whether an element is a player that is hidden until its reader agrees to load it."""
    if element.name not in EMBEDDED or str(element.get("src") or "").startswith("http"):
        return False
    return any(known_page(url) for url in _named_addresses(element, ""))


# ------------------------------------------------------------ elements that play


def _link_embedded(soup: BeautifulSoup, base: str) -> None:
    replaced: set[int] = set()  # ids of players inside those that are links now
    linked: set[str] = set()
    noscripts = elements_in(soup, {"noscript"})
    twins = {id(e) for noscript in noscripts for e in elements_in(noscript, EMBEDDED)}
    for element in sorted(elements_in(soup, EMBEDDED), key=lambda e: id(e) in twins):
        if id(element) in replaced:
            continue
        url = _player_address(element, base)
        page = page_of_player(url) if url else ""
        if url and not url.endswith(".swf"):
            replaced.update(map(id, elements_in(element, EMBEDDED)))
            is_twin = id(element) in twins and page in linked
            _keep_own_words(element)
            if element.name in ("object", "embed") and PICTURE_FILE.search(url):
                image = {"src": url, "alt": str(element.get("title") or "")}
                element.replace_with(soup.new_tag("img", attrs=image))
            elif is_twin or is_undelivered(url) or is_tracker(_size_of(element)):
                element.decompose()
            else:
                linked.add(page)
                _put_link(soup, element, page, _player_name(element, page))
        elif text.line(element.get_text()) or contains(element, EMBEDDED):
            element.unwrap()
        else:
            element.decompose()
    for noscript in noscripts:
        noscript.unwrap()


def _size_of(element: Tag) -> dict[str, str]:
    """Return the attributes that say how large an element is."""
    return {name: str(element[name]) for name in ("width", "height", "style") if element.has_attr(name)}


def _keep_own_words(player: Tag) -> None:
    """Put what a player has swallowed after it. What is for browsers that don't know the player stays in it."""
    is_void = player.name == "embed"
    if is_void or len(text.line(player.get_text())) > LONGEST_FALLBACK:
        for node in reversed(list(player.contents)):
            player.insert_after(node.extract())


def _put_link(soup: BeautifulSoup, player: Tag, url: str, words: str) -> None:
    """Put a link in the player's place, on a line of its own."""
    link = soup.new_tag("a", href=url)
    link.string = words
    player.insert_before(soup.new_tag("br"))
    player.insert_after(soup.new_tag("br"))
    player.replace_with(link)


def _player_name(player: Tag, page: str) -> str:
    """Return the player's title; where it has none, the name of the file that is played, or else the host's."""
    for name in TITLES:
        title = text.line(str(player.get(name) or ""))
        if title and len(title) <= LONGEST_TITLE and not NO_TITLE.fullmatch(title):
            return title
    words = text.line(player.get_text())
    if player.name == "object" and 0 < len(words) <= LONGEST_TITLE and not FOR_BROWSERS.search(words):
        return words
    host = address.host(page)
    if player.name in NAMED_AFTER_FILE or address.is_document(page):
        return unquote(page.partition("?")[0]).rpartition("/")[2] or host
    return host


def _player_address(element: Tag, base: str) -> str | None:
    """Return the absolute address of what is embedded; None where the element names none."""
    named = list(_named_addresses(element, base))
    for inner in elements_in(element, {"source"}):
        named += _named_addresses(inner, base)
    if element.name == "object":
        for parameter in elements_in(element, {"param"}):
            if str(parameter.get("name", "")).lower() in ("movie", "src", "url", "filename"):
                named += filter(None, [address.absolute(base, str(parameter.get("value") or ""))])
    return next((url for url in named if known_page(url)), next(iter(named), None))


def _named_addresses(element: Tag, base: str) -> Iterator[str]:
    """Yield the absolute addresses of what an element plays, or will play, the likeliest first."""
    attributes = attributes_of(element)
    late = [n for n in attributes if n not in ("src", "data") and LATE.search(n) and not NOT_PLAYED.search(n)]
    names = [*sorted(late, key=lambda n: "src" not in n), "src", "data"]
    for name in names:
        value = attributes.get(name, "").strip()
        is_address = FRAME.match(value) if name in late and "src" not in name else value
        if not is_address or value.startswith(("about:", "data:", "javascript:", "#")):
            continue
        url = address.absolute(base, value)
        if url and (name in ("src", "data") or not PICTURE_FILE.search(url)):
            yield url


# ------------------------------------------------------------ elements that will


def _promised_page(element: Tag, base: str) -> str | None:
    """Return the page of what a script will play in place of an element; None for any other element."""
    attributes = attributes_of(element)
    names = [n for n in attributes if n == "cite" or (LATE.search(n) and not NOT_PLAYED.search(n))]
    for name in names:
        value = attributes[name]
        url = address.absolute(base, value) if FRAME.match(value) else None
        if url and not is_undelivered(url) and (page := known_page(url) or (url if is_post(url) else None)):
            return page
    setting = _set_video(attributes.get("data-settings", ""))
    if setting:
        return known_page(setting)
    ids = [value for name, value in attributes.items() if ID_NAMES.search(name)]
    service = _service_of(attributes, element.name) if ids else ""
    video = next((v for v in ids if service and re.fullmatch(VIDEO_ID[service], v)), None)
    return known_page(EMBED_ADDRESS[service].format(video)) if video else None


def _set_video(written: str) -> str | None:
    """Return the address of the video in Elementor's settings of an element, in JSON; None where there is none."""
    if '"video_type"' not in written:
        return None
    try:
        settings = json.loads(written)
        return address.absolute("", str(settings.get(f"{settings['video_type']}_url")))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None


def _service_of(attributes: dict[str, str], tag: str) -> str:
    """Return the service whose player an element is to become, by its name, its classes or what it says; else ""."""
    said = (attributes.get(name, "") for name in SERVICE_NAMES)
    words = " ".join((tag, *said, *attributes)).lower()
    return next((s for s in SERVICE_WORDS if s in words), "")


def _is_linked(element: Tag, page: str, base: str) -> bool:
    """Whether a link to the page is in the element already, or right beside it."""
    anchors = elements_in(element, {"a"})
    for siblings in (element.previous_siblings, element.next_siblings):
        near = islice((s for s in siblings if isinstance(s, Tag) and s.name != "br"), NEAR)
        anchors += [s for s in near if s.name == "a"]
    links = (address.absolute(base, str(a.get("href") or "")) for a in anchors if text.line(a.get_text()))
    return any(page_of_player(url) == page for url in filter(None, links))


def _link_promised(soup: BeautifulSoup, element: Tag, page: str) -> None:
    """Put the link before what an element says until its player is loaded, or after the words of a post."""
    name = _player_name(element, page)
    place = soup.new_tag("span")
    if element.name == "blockquote":
        element.append(place)
    elif len(text.line(element.get_text())) <= LONGEST_FALLBACK:
        element.clear()
        element.append(place)
    else:
        element.insert_before(place)
    _put_link(soup, place, page, name)
