"""One spelling for every address, to ask for and to compare. Pure.

``absolute`` returns a URL that can be published: http or https, ASCII, without tracking parameters. ``key`` returns
the part that two addresses of one page share. It is for comparing only, never for asking or publishing, since a site
may well answer on http alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|ysclid|igshid|mc_[ce]id|_ga|_gl|_openstat|twclid"
    r"|phpsessid|jsessionid|ref_src|ref_url|mibextid|__cft__\[\d+\]|__eep__|__tn__|__xts__\[\d+\]",
    re.IGNORECASE,
)
REDIRECTORS = {  # host and path -> the parameter that names where it leads
    "l.facebook.com/l.php": "u",
    "lm.facebook.com/l.php": "u",
    "www.google.com/url": "q",
    "google.com/url": "q",
    "www.youtube.com/redirect": "q",
    "vk.com/away.php": "to",
}
DERIVED = re.compile(r"-\d{2,4}x\d{2,4}(?=\.(?:jpe?g|png|gif|webp|avif)$)", re.IGNORECASE)  # WordPress
RESERVED = "!$&'()*+,;=:@-._~/"  # RFC 3986: pchar and the slash
EXTRA_SLASHES = re.compile(r"^(https?:)?/{3,}", re.IGNORECASE)  # before a host, as browsers read them (URL Standard)
ROW_MARK = "feedpub-"  # begins a fragment that stands for a line of a listing
_PATH_PARAMETER = re.compile(r";[^/;=?]+=[^/;?]*|/\([A-Z]\([^()/]*\)\)(?=/)")
_UNUSUAL_PORT = re.compile(r":(?!80$|443$)\d+$")
_NUMBER_IN_FOLDER = re.compile(r"(?:p|page_id)=\d+")  # WordPress
LONGEST = 8_000  # characters; no known server takes more
ESCAPES = re.compile(r"%(?![0-9A-Fa-f]{2})")
KNOWN = 4096  # addresses whose spelling is remembered: the pages of a site share most of their links
DEVIATIONS = re.compile("[ßẞς]")  # Python's idna writes other letters for these, and so another host (UTS 46, 4)
DEFAULT_PORTS = {"http": 80, "https": 443}
DOCUMENTS = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf", "zip", "rar", "7z", "csv")
_OTHER_FILES = ("jpe?g", "png", "gif", "webp", "svg", "mp[34]", "avi", "css", "js", "xml", "rss", "ics", "apk")
_DOCUMENT = re.compile(rf"\.(?:{'|'.join(DOCUMENTS)})(?:$|[?#])", re.IGNORECASE)
_FILE = re.compile(rf"\.(?:{'|'.join(DOCUMENTS + _OTHER_FILES)})(?:$|[?#])", re.IGNORECASE)


def is_document(url: str) -> bool:
    """Whether an address, absolute or not, names a document for people, such as a PDF, and no page."""
    return bool(_DOCUMENT.search(url))


def is_file(url: str) -> bool:
    """Whether an address names a file of any kind, such as a document, a picture or a feed, and no page."""
    return bool(_FILE.search(url))


@lru_cache(KNOWN)
def absolute(base: str, href: str, *, keeps_tracking: bool = False) -> str | None:
    """Return the address that ``href`` means on the page ``base``; None for another scheme, and for an endless one.

    ``keeps_tracking`` is for asking a site that answers no others. Such an address is never published.
    """
    if len(href) > LONGEST:
        return None
    href = re.sub("[\t\r\n\ud800-\udfff]", "", href)
    href = href.strip(" \x0b\x0c\xa0\u200b\ufeff").replace("\\", "/")
    href = EXTRA_SLASHES.sub(r"\1//", href)
    try:
        parts = urlsplit(urljoin(base, href))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not host:
        return None
    target = _behind_redirector(host, parts.path, parts.query)
    if target:
        return absolute(base, target, keeps_tracking=keeps_tracking)
    authority = _ascii_host(host.strip())
    if authority is None:
        return None
    if port and port != DEFAULT_PORTS[parts.scheme]:
        authority += f":{port}"
    path = re.sub(r";jsessionid=[^/]*", "", parts.path, flags=re.IGNORECASE)
    path = _encoded(re.sub(r"^/{2,}", "/", path) or "/", RESERVED)
    query = _encoded(parts.query if keeps_tracking else _without_tracking(parts.query), RESERVED + "?")
    fragment = _encoded(parts.fragment, RESERVED + "?")
    url = urlunsplit((parts.scheme, authority, path, query, fragment))
    return url if len(url) <= LONGEST else None


def _without_tracking(query: str) -> str:
    """Return the query without parameters that only tell where a reader came from."""
    parameters = filter(None, query.split("&"))
    return "&".join(p for p in parameters if not _is_tracking(p))


def _is_tracking(parameter: str) -> bool:
    name = unquote(parameter.partition("=")[0])
    return TRACKING.fullmatch(name) is not None


def tracking_names(url: str) -> list[str]:
    """Return the names of an address's parameters that only tell where a reader came from."""
    names = [parameter.partition("=")[0] for parameter in url.partition("#")[0].partition("?")[2].split("&")]
    return [name for name in names if TRACKING.fullmatch(unquote(name))]


def parameters(url: str) -> dict[str, str]:
    """Return an address's parameters by their names: of its query, in its path ;name=value and ASP.NET's /(S(…))."""
    path, _, query = without_fragment(url).partition("?")
    pairs = [pair for pair in query.split("&") if pair]
    pairs += _PATH_PARAMETER.findall(path)
    return {_name_of(pair): pair for pair in pairs}


def without(url: str, names: Collection[str]) -> str:
    """Return an address without these parameters."""
    path, mark, query = without_fragment(url).partition("?")
    kept = [pair for pair in query.split("&") if _name_of(pair) not in names]
    path = _PATH_PARAMETER.sub(lambda pair: "" if _name_of(pair[0]) in names else pair[0], path)
    return path + (mark + "&".join(kept) if any(kept) else "")


def _name_of(parameter: str) -> str:
    return "/(" if parameter.startswith("/(") else parameter.partition("=")[0]


def without_fragment(url: str) -> str:
    return url.partition("#")[0]


@lru_cache(KNOWN)
def host(url: str) -> str:
    """Return the host in lower case and without ``www.``; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def are_kin(host: str, other: str) -> bool:
    """Whether one host's name is below the other's: those of one council often are."""
    return host.endswith(f".{other}") or other.endswith(f".{host}")


@lru_cache(KNOWN)
def site(url: str) -> str:
    """Return whose an address is: its host, and its port where that is not the usual one of http or https.

    Behind another port there may be another program, and somebody else who speaks.
    """
    name = host(url)
    port = "".join(_UNUSUAL_PORT.findall(urlsplit(url).netloc)) if name else ""
    return f"[{name}]{port}" if port and ":" in name else f"{name}{port}"


def without_port(site: str) -> str:
    """Return the host of a ``site``."""
    match = re.fullmatch(r"\[?([^\[\]]*?)\]?:\d+", site)
    return match[1] if match and (site.startswith("[") or site.count(":") == 1) else site


def is_local(host: str) -> bool:
    """Whether a host's name says itself that it is of this machine or network (RFC 6761, 6762, 8375; .internal)."""
    return bool(
        re.fullmatch(r"[0-9.]+|.*:.*|[^.]*|.*\.(?:localhost|local|internal|test|home\.arpa)", host, re.IGNORECASE)
    )


def origin(url: str) -> str:
    """Return scheme, host and port: one robots.txt is for all that shares these (RFC 9309, 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def of_row(page: str, mark: str) -> str:
    """Return the address of a line of a listing that has no page of its own: the listing's, with a mark."""
    return f"{without_fragment(page)}#{ROW_MARK}{mark}"


def is_of_row(url: str) -> bool:
    """Return whether an address is that of a line of a listing."""
    return url.partition("#")[2].startswith(ROW_MARK)


@lru_cache(KNOWN)
def key(url: str) -> str:
    """Return what the addresses of one page share: ``host/path?query``, without scheme, www, last slash, escapes.

    Of a line of a listing it is the line's own.

    Drupal answers one page at /node/1, /node/001, /node/1/view, ?q=node/1 and index.php?q=node/1; all have one key.
    """
    parts = urlsplit(without_fragment(url))
    parameters = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    pairs = [(k, v) for k, v in parameters if not TRACKING.fullmatch(k)]
    path = re.sub(r"/{2,}", "/", _unescaped(parts.path)).strip("/")
    if path in ("", "index.php"):
        path = _escaped_bytes(dict(reversed(pairs)).get("q", "").strip("/"))  # the first q of several
        pairs = [(k, v) for k, v in pairs if k != "q"]
    path = re.sub(r"^node/0*(\d+)(?:/view)?$", r"node/\1", path)
    port = "".join(_UNUSUAL_PORT.findall(parts.netloc))
    query = "?" + urlencode(sorted(pairs), errors="surrogateescape") if pairs else ""  # of any charset
    mark = "#" + url.partition("#")[2] if is_of_row(url) else ""
    return f"{host(url)}{port}/{path}{query}{mark}"


def last_name(url: str) -> str:
    """Return the last part of the path, as ``key`` spells it. "": there is none, or a query tells pages apart."""
    path, _, query = key(url).partition("/")[2].partition("?")
    return "" if query else path.rpartition("/")[2]


def local_key(url: str, hosts: Collection[str]) -> str:
    """``key`` without its host, where that is one of the council's own: when it moves, its articles are the same."""
    whole = key(url)
    if site(url) not in hosts:
        return whole
    return f"/{whole.partition('/')[2]}"


def path_key(url: str) -> str:
    """Return ``key`` without its host, as ASCII. Ids are made of it, for a council may change its domain."""
    _, _, path = key(url).partition("/")
    return quote(path, safe="/?=&-._~%")


def file_key(url: str) -> str:
    """Return what a picture and its derivatives share: ``key`` without Drupal's style and token, WordPress's size."""
    parts = urlsplit(url)
    parameters = filter(None, parts.query.split("&"))
    query = "&".join(p for p in parameters if not p.startswith("itok="))
    path = DERIVED.sub("", re.sub(r"/styles/[^/]+/(?:public|private)/", "/", parts.path))
    return key(urlunsplit((parts.scheme, parts.netloc, path, query, "")))


def is_derivative(url: str) -> bool:
    """Whether a picture's address says that it was made from another picture: cut, shrunk."""
    path = urlsplit(url).path
    return "/styles/" in path or DERIVED.search(path) is not None


def originals(urls: Iterable[str]) -> dict[str, str]:
    """Return the originals among pictures' addresses, each by the ``file_key`` that its derivatives share."""
    return {file_key(u): u for u in urls if not is_derivative(u)}


def is_numbered(url: str) -> bool:
    """Whether the address names the page by its number in the site's database, which outlives every alias.

    The site may be in a folder: /town/?p=891, /town/node/117. A question after a page's name is none: /news?p=2.
    """
    whole, _, query = without_fragment(url).partition("?")
    if _NUMBER_IN_FOLDER.fullmatch(query) and whole.endswith(("/", "/index.php")):
        return True
    _, _, path = key(url).partition("/")
    return bool(re.fullmatch(r"(?:[^?]*/)?node/\d+|(?:index\.php)?\?(?:p|id|page_id|nid)=\d+", path))


def _unescaped(path: str) -> str:
    """Return the path without escapes. Those that are no UTF-8 (windows-1251, say) stay: they would all look alike."""
    try:
        return unquote(re.sub(r"%(?=2f|3f|23)", "%25", path, flags=re.IGNORECASE), errors="strict")
    except UnicodeDecodeError:
        return path


def _escaped_bytes(part: str) -> str:
    """Return a part that was unescaped with ``surrogateescape``, with escapes for what is no UTF-8."""
    return re.sub("[\udc80-\udcff]", lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", part)


def _behind_redirector(host: str, path: str, query: str) -> str | None:
    """Return the address to which a redirector leads; None for any other address."""
    parameter = REDIRECTORS.get(host + path)
    target = dict(parse_qsl(query)).get(parameter, "") if parameter else ""
    return target if target.startswith(("http://", "https://")) else None


def _ascii_host(host: str) -> str | None:
    """Return the host as DNS has it; None where no host can be called so."""
    try:
        if DEVIATIONS.search(host):
            labels = unicodedata.normalize("NFKC", host.lower()).split(".")
            ascii_host = ".".join(map(_ascii_label, labels))
        elif host.isascii():
            ascii_host = host.lower().rstrip(".")
        else:
            ascii_host = host.encode("idna").decode()
    except UnicodeError:
        return None
    if re.fullmatch(r"[0-9a-f:.]*:[0-9a-f:.]*", ascii_host):
        return f"[{ascii_host}]"  # IPv6
    return ascii_host if re.fullmatch(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", ascii_host) else None


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _encoded(part: str, safe: str) -> str:
    """Return the part percent-encoded; escapes that are there already stay."""
    return quote(ESCAPES.sub("%25", part), safe=safe + "%")


@lru_cache(KNOWN)
def shape(url: str) -> str:
    """Return the address's key without its host, numbers and its last part folded: articles of a site share it."""
    _, _, path = key(url).partition("/")
    parts = path.partition("?")[0].split("/")
    folded = [re.sub(r"\d+", "0", part) for part in parts[:-1]]
    query = re.sub(r"=[^&]*", "=", path.partition("?")[2])
    return "/".join((*folded, "*")) + ("?" + query if query else "")
