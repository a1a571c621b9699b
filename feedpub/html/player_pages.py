"""The address of a player → the page on which a person can play the same.

A player's own address is made for a frame. Opened by itself, it shows an error, or only a part. The table says where
each service has its page. No request is made for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from feedpub import address

YOUTUBE = r"(?:www\.|m\.|music\.)?youtube(?:-nocookie)?\.com"
FACEBOOK = r"(?:www\.|m\.|web\.|[a-z]{2}-[a-z]{2}\.)?facebook\.com"
MAPS = r"(?:www\.|maps\.)?google\.[a-z.]{2,6}"
X = r"(?:www\.|platform\.)?(?:twitter|x)\.com"
VIDEO = (("list", "list"), ("start", "t"), ("time_continue", "t"), ("t", "t"))
FILE_PARAMETERS = ("file", "url", "src", "pdf", "document", "doc")  # of viewers, on any host
UNDELIVERED = re.compile(  # frames without anything of an article: counters, buttons, forms against robots
    r"//(?:[\w-]+\.)*(?:googletagmanager\.com|doubleclick\.net|google\.com/recaptcha|disqus\.com|addthis\.com"
    r"|facebook\.com/(?:v\d[\d.]*/)?plugins/(?:like|share_button|follow|send|comments|likebox)\.php|facebook\.com/tr\b"
    r"|platform\.(?:twitter|x)\.com/widgets/(?:tweet|follow)_button)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service has its players, and its pages.

    ``page`` names groups of the path and parameters of the query; a player that lacks one of them is none of this row.
    """

    host: str  # a pattern
    path: str  # a pattern
    page: str
    extras: tuple[tuple[str, str], ...] = ()  # parameters that the page keeps -> as it calls them


SERVICES = (
    Service(YOUTUBE, r"/embed/(?:videoseries|playlist)/?", "https://www.youtube.com/playlist?list={list}"),
    Service(YOUTUBE, r"/embed/live_stream/?", "https://www.youtube.com/channel/{channel}/live"),
    Service(YOUTUBE, r"/(?:embed|watch)/?", "https://www.youtube.com/watch?v={v}", VIDEO),
    Service(YOUTUBE, r"/embed/?", "https://www.youtube.com/playlist?list={list}"),
    Service(YOUTUBE, r"/live_chat", "https://www.youtube.com/watch?v={v}"),
    Service(YOUTUBE, r"/shorts/(?P<id>[\w-]+).*", "https://www.youtube.com/shorts/{id}"),
    Service(YOUTUBE, r"/(?:embed|v|e|live)/(?P<id>(?!videoseries|live_stream)[\w-]+).*",
            "https://www.youtube.com/watch?v={id}", VIDEO),
    Service(r"youtu\.be", r"/(?P<id>[\w-]+).*", "https://www.youtube.com/watch?v={id}", VIDEO),
    Service(r"player\.vimeo\.com", r"/video/(?P<id>\d+).*", "https://vimeo.com/{id}/{h}"),
    Service(r"player\.vimeo\.com", r"/video/(?P<id>\d+).*", "https://vimeo.com/{id}"),
    Service(r"(?:www\.)?vimeo\.com", r"/(?P<id>(?:event|showcase|album)/[\w/]+?)/embed(?:2|/.*)?", "https://vimeo.com/{id}"),
    Service(FACEBOOK, r"/(?:v\d[\d.]*/)?plugins/(?:video|post|page|comment_embed)(?:\.php|/)?", "{href}"),
    Service(FACEBOOK, r"/video/embed/?", "https://www.facebook.com/watch/?v={video_id}"),
    Service(r"(?:t|telegram)\.me", r"/(?P<id>\w+/\d+).*", "https://t.me/{id}"),
    Service(r"platform\.(?:twitter|x)\.com", r"/embed/(?:Tweet|index)\.html", "https://x.com/i/status/{id}"),
    Service(X, r"/i/(?:videos|cards)/(?:tfw/v1/|tweet/)?(?P<id>\d+).*", "https://x.com/i/status/{id}"),
    Service(r"(?:www\.)?instagram\.com", r"/(?:[\w.]+/)?(?P<id>(?:p|reel|tv)/[\w-]+)/embed.*", "https://www.instagram.com/{id}/"),
    Service(r"(?:www\.)?tiktok\.com", r"/(?:embed(?:/v\d)?|player/v1)/(?P<id>\d+).*", "https://www.tiktok.com/@_/video/{id}"),
    Service(MAPS, r"/maps/embed/v1/(?:place|search)", "https://www.google.com/maps/search/?api=1&query={q}"),
    Service(MAPS, r"/maps/embed/v1/directions",
            "https://www.google.com/maps/dir/?api=1&origin={origin}&destination={destination}"),
    Service(MAPS, r"/maps/embed/v1/(?:view|streetview)", "https://www.google.com/maps/search/?api=1&query={center}"),
    Service(MAPS, r"/maps/embed/v1/streetview", "https://www.google.com/maps/search/?api=1&query={location}"),
    Service(MAPS, r"/maps/embed/?", "https://www.google.com/maps/search/?api=1&query={place}"),
    Service(MAPS, r"/maps/d/(?:u/\d+/)?embed", "https://www.google.com/maps/d/viewer?mid={mid}"),
    Service(MAPS, r"/maps/?", "https://www.google.com/maps/search/?api=1&query={q}"),
    Service(MAPS, r"/maps/?", "https://www.google.com/maps/search/?api=1&query={ll}"),
    Service(r"(?:www\.)?openstreetmap\.org", r"/export/embed(?:\.html)?",
            "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"),
    Service(r"(?P<site>yandex\.\w+)", r"/map-widget/v1/.*", "https://{site}/maps/?um={um}"),
    Service(r"docs\.google\.com", r"/(?P<id>forms/d/(?:e/)?[\w-]+)/.*", "https://docs.google.com/{id}/viewform"),
    Service(r"docs\.google\.com", r"/(?P<id>presentation/d/e/[\w-]+)/(?:pub)?embed", "https://docs.google.com/{id}/pub"),
    Service(r"docs\.google\.com", r"/(?P<id>(?:document|spreadsheets)/d/e/[\w-]+/pub(?:html)?)",
            "https://docs.google.com/{id}", (("gid", "gid"),)),
    Service(r"drive\.google\.com", r"/(?P<id>file/d/[\w-]+)/preview", "https://drive.google.com/{id}/view"),
    Service(r"docs\.google\.com", r"/(?:viewer|gview|viewerng/viewer)", "{url}"),
    Service(r"view\.officeapps\.live\.com", r"/op/.*", "{src}"),
    Service(r"w\.soundcloud\.com", r"/player/?", "{url}"),
    Service(r"open\.spotify\.com", r"/embed(?:-podcast)?/(?P<id>\w+/\w+).*", "https://open.spotify.com/{id}"),
    Service(r"embed\.(?P<site>(?:podcasts|music)\.apple\.com)", r"/(?P<id>.+)", "https://{site}/{id}"),
    Service(r"(?:www\.)?dailymotion\.com", r"/embed/video/(?P<id>\w+).*", "https://www.dailymotion.com/video/{id}"),
    Service(r"geo\.dailymotion\.com", r"/player.*", "https://www.dailymotion.com/video/{video}"),
    Service(r"player\.twitch\.tv", r"/?", "https://www.twitch.tv/videos/{video}"),
    Service(r"player\.twitch\.tv", r"/?", "https://www.twitch.tv/{channel}"),
    Service(r"(?:vk\.com|vkvideo\.ru)", r"/video_ext\.php", "https://vk.com/video{oid}_{id}"),
    Service(r"rutube\.ru", r"/(?:play|video)/embed/(?P<id>\w+).*", "https://rutube.ru/video/{id}/"),
    Service(r"(?:www\.)?ok\.ru", r"/videoembed/(?P<id>\d+).*", "https://ok.ru/video/{id}"),
    Service(r"(?:www\.)?loom\.com", r"/embed/(?P<id>\w+).*", "https://www.loom.com/share/{id}"),
    Service(r"(?:www\.)?scribd\.com", r"/embeds/(?P<id>\d+).*", "https://www.scribd.com/document/{id}"),
    Service(r"e\.issuu\.com", r"/embed\.html", "https://issuu.com/{u}/docs/{d}"),
)  # fmt: skip
FOR_PEOPLE = re.compile(
    rf"(?:{YOUTUBE}|youtu\.be|vimeo\.com|{FACEBOOK}|t\.me|{X}|(?:www\.)?(?:instagram|tiktok)\.com)", re.IGNORECASE
)
POST = re.compile(
    r"/(?:videos?|posts|watch|reels?|photos?|p|tv|status|permalink\.php|story\.php|\d{6,})(?:/|\?|$)|^/\w+/\d+$"
)


def page_of_player(url: str) -> str:
    """Return the page for a player's absolute address; the address itself where no page is known."""
    return known_page(url) or _document_within(url) or url


def known_page(url: str) -> str | None:
    """Return the page of a player of a known service; None for any other address."""
    parts = urlsplit(url)
    host, values = parts.hostname or "", _values(url)
    for service in SERVICES:
        on_host = re.fullmatch(service.host, host)
        on_path = re.fullmatch(service.path, parts.path) if on_host else None
        if on_host and on_path:
            page = _filled(service, {**values, **on_host.groupdict(), **on_path.groupdict()}, url)
            if page:
                return page
    return None


def is_post(url: str) -> bool:
    """Whether an address is the page of a post or a video, with a service that other sites embed."""
    parts = urlsplit(url)
    return FOR_PEOPLE.fullmatch(parts.hostname or "") is not None and POST.search(parts.path) is not None


def is_undelivered(url: str) -> bool:
    """Whether an address in a frame has nothing of an article: a counter, a button to share."""
    return UNDELIVERED.search(url) is not None


def _filled(service: Service, values: dict[str, str], url: str) -> str | None:
    """Return the service's page with these values; None where one is missing."""
    names = re.findall(r"\{(\w+)\}", service.page)
    if not all(values.get(name) for name in names):
        return None
    if service.page == f"{{{names[0]}}}":  # the parameter is the page's address
        page = address.absolute(url, values[names[0]])
        is_api = page is not None and address.host(page).startswith("api.")
        return None if is_api else page
    page = service.page
    for name in names:
        page = page.replace(f"{{{name}}}", quote(values[name], safe="/.,:@-_~" if name in ("id", "site") else ",-_~."))
    kept: dict[str, str] = {}
    for name, called in service.extras:
        value = values.get(name, "")
        if re.fullmatch(r"[\w-]+", value) and value != "0":
            kept.setdefault(called, value)
    mark = "&" if "?" in page else "?"
    more = "&".join(f"{k}={_in_seconds(v) if k == 't' else v}" for k, v in kept.items())
    return page + mark + more if more else page


def _in_seconds(start: str) -> str:
    return f"{start}s" if start.isdecimal() else start


def _values(url: str) -> dict[str, str]:
    """Return the parameters of an address, and what a map's address says in its own ways."""
    parts = urlsplit(url)
    values = dict(reversed(parse_qsl(parts.query)))
    point = re.search(r"!2d(-?[\d.]+)!3d(-?[\d.]+)", unquote(values.get("pb", "")))
    if point:
        values["place"] = f"{point[2]},{point[1]}"
    marker = re.fullmatch(r"(-?[\d.]+),(-?[\d.]+)", values.get("marker", ""))
    if marker:
        values["latitude"], values["longitude"] = marker.groups()
    return values


def _document_within(url: str) -> str | None:
    """Return the document that a viewer shows, by its parameter or after its #; None for any other address."""
    parts = urlsplit(url)
    values = dict(parse_qsl(parts.query)) | dict(parse_qsl(parts.fragment))
    named = [values.get(name, "") for name in FILE_PARAMETERS]
    if "=" not in parts.fragment:
        named.append(unquote(parts.fragment))
    found = next((n for n in named if address.is_document(n)), "")
    return address.absolute(url, found) if found else None
