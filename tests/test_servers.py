"""What every server of the published folder keeps to: `feedpub serve`, and nginx and Caddy as docs/ sets them up."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest

from feedpub.kinds import is_feed
from tests.exchange import ask
from tests.servers import BROTLI_NGINX, CADDY, DOCS, KINDS, PLAIN_NGINX, SERVE, Kind, Server, started
from tests.shelf import DRAFT, MEDIA_TYPES, NOTHING, PICTURES, SECRET, content, fill, put

pytestmark = pytest.mark.long

RSS = "/zrazkiv/rss.xml"
PAGES = [name for name in MEDIA_TYPES if name.endswith(".html")]
HIDDEN = [
    "/zrazkiv/.rss.xml.new", "/.hidden/rss.xml", "/zrazkiv/rss.xml.gz", "/zrazkiv/rss.xml.br",
    "/zrazkiv/index.html.gz", "/bare/", "/nothing", "/nothing/rss.xml", "/zrazkiv/rss.xml/", "/zrazkiv/rss.xml/x",
    "/zrazkiv/nothing.html",
]  # fmt: skip
# FOLDER is where the published folder and config.txt lie.
OUTSIDE = [
    "/../config.txt", "/zrazkiv/../../config.txt", "/%2e%2e/config.txt", "/zrazkiv/%2e%2e/%2e%2e/config.txt",
    "../config.txt", "config.txt", "/..%2fconfig.txt", "/zrazkiv/..%2f..%2fconfig.txt", "/%2e%2e%2fconfig.txt",
    "/zrazkiv%2f..%2f..%2fconfig.txt", "/%252e%252e/config.txt", "/..\\config.txt", "/..%5cconfig.txt",
    "/%5c..%5cconfig.txt", "/zrazkiv/..%5c..%5cconfig.txt", "/.../config.txt", "/..;/config.txt",
    "/zrazkiv/rss.xml%00.txt", "/%00", "/..%00/config.txt", "/%c0%ae%c0%ae/config.txt", "//../config.txt",
    "/./../config.txt", "/zrazkiv/./../../config.txt", "/zrazkiv/rss.xml/../../../config.txt",
    "http://feeds.example.org/../config.txt", "/~root/", "/etc/hostname", "//etc/hostname", "///etc/hostname",
    "FOLDER/config.txt", "/FOLDER/config.txt", "//FOLDER/config.txt", "/%2fFOLDER/config.txt",
    "file://FOLDER/config.txt",
]  # fmt: skip
NAMELESS = ["", "/" + "a" * 5000, "/" + "a/" * 3000]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    kind: Kind = request.param
    if kind.missing:
        pytest.skip(kind.missing)
    folder = tmp_path_factory.mktemp("site")
    fill(folder / "public")
    with started(kind, folder) as server:
        yield server


def packs(server: Server) -> bool:
    """Whether it knows brotli."""
    return server.name != PLAIN_NGINX.name


# ------------------------------------------------------------ what it is


def test_every_file_comes_whole_and_says_what_it_is(server: Server) -> None:
    for name, media_type in MEDIA_TYPES.items():
        answer = ask(server.port, f"/{name}")
        assert (answer.status, answer.body) == (200, content(name)), name
        assert (name, answer.headers["content-type"].lower()) == (name, media_type)
        assert answer.headers["content-length"] == str(len(content(name)))
        assert "content-encoding" not in answer.headers


def test_what_an_operator_puts_beside_them_is_what_it_is(server: Server) -> None:
    for name, media_type in PICTURES.items():
        answer = ask(server.port, f"/{name}")
        assert (answer.status, answer.body) == (200, content(name)), name
        found = answer.headers["content-type"].lower().replace("vnd.microsoft.icon", "x-icon")  # its other name
        assert (name, found) == (name, media_type)
    known = ask(server.port, "/.well-known/security.txt")
    assert known.status == (404 if server.name == SERVE.name else 200)  # that one shows what feedpub publishes


def test_a_query_changes_nothing(server: Server) -> None:
    assert ask(server.port, f"{RSS}?utm_source=x").body == content("zrazkiv/rss.xml")


def test_a_folder_is_its_page(server: Server) -> None:
    assert ask(server.port, "/").body == content("index.html")
    assert ask(server.port, "/zrazkiv/").body == content("zrazkiv/index.html")
    assert ask(server.port, "/zrazkiv/archive/2026-10/").body == content("zrazkiv/archive/2026-10/index.html")
    assert ask(server.port, "/zrazkiv/").headers["content-type"].lower() == "text/html; charset=utf-8"


def test_who_leaves_out_a_folder_s_slash_is_led_to_it(server: Server) -> None:
    for path in ("/zrazkiv", "/zrazkiv/archive/2026-10"):
        answer = ask(server.port, path)
        assert answer.status in (301, 308)
        at = f"http://127.0.0.1:{server.port}{path}"
        assert urljoin(at, answer.headers["location"]) == f"{at}/"


def test_head_says_what_get_says_and_sends_nothing(server: Server) -> None:
    for target, accepted in ((RSS, "gzip"), (RSS, ""), ("/", "gzip"), ("/nothing", "")):
        get, head = (ask(server.port, target, m, {"Accept-Encoding": accepted}) for m in ("GET", "HEAD"))
        assert head.body == b""
        assert (head.status, head.all_but("date", "content-length")) == (
            get.status,
            get.all_but("date", "content-length"),
        )
        assert head.headers.get("content-length") in (
            get.headers["content-length"],
            None,
        )  # Caddy does not say a twin's


def test_nobody_can_write(server: Server) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = ask(server.port, RSS, method, {"Content-Length": "0"})
        assert answer.status == 405, method
        assert answer.body != content("zrazkiv/rss.xml")
        assert "nginx" in server.name or answer.headers["allow"] == "GET, HEAD"


# ------------------------------------------------------------ what is known already


def test_who_has_it_already_is_told_so_by_either_validator(server: Server) -> None:
    for accepted in ("", "gzip"):
        answer = ask(server.port, RSS, headers={"Accept-Encoding": accepted})
        etag, changed = answer.headers["etag"], answer.headers["last-modified"]
        assert etag.startswith('"')
        for name, value in (
            ("If-None-Match", etag),
            ("If-None-Match", f"W/{etag}"),
            ("If-None-Match", f'"another", W/{etag}, "third"'),
            ("If-None-Match", "*"),
            ("If-Modified-Since", changed),
        ):
            again = ask(server.port, RSS, headers={"Accept-Encoding": accepted, name: value})
            assert (value, again.status, again.body) == (value, 304, b"")
            told = {"etag": etag, "vary": "Accept-Encoding", "cache-control": "max-age=300"}
            assert {n: again.headers.get(n) for n in told} == told


def test_who_has_another_gets_it(server: Server) -> None:
    changed = ask(server.port, RSS).headers["last-modified"]
    for headers in (
        {"If-None-Match": '"another"'},
        {"If-None-Match": '"another"', "If-Modified-Since": changed},  # the first one counts
        {"If-Modified-Since": "Sun, 01 Jan 2023 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        answer = ask(server.port, RSS, headers=headers)
        assert (headers, answer.status, answer.body) == (headers, 200, content("zrazkiv/rss.xml"))


def test_new_bytes_are_there_at_once_under_a_new_name(server: Server) -> None:
    name = "zrazkiv/status.json"
    etags = set()
    for n, age in enumerate((1000.0, 500.0, 100.0)):
        data = b'{"items": %d}\n' % n * 100
        put(server.public, name, data, age)
        for accepted, unpacked in (("", bytes), ("gzip", gzip.decompress)):
            answer = ask(server.port, f"/{name}", headers={"Accept-Encoding": accepted})
            assert unpacked(answer.body) == data
            etags.add(answer.headers["etag"])
    assert len(etags) == 6
    put(server.public, name, content(name))


# ------------------------------------------------------------ twins, and parts


def test_a_twin_is_sent_to_who_takes_it(server: Server) -> None:
    plain = content("zrazkiv/rss.xml")
    cases = {
        "": None, "identity": None, "gzip": "gzip", "gzip, deflate": "gzip", "deflate, gzip;q=0.5": "gzip",
        "GZIP": "gzip", "gzip;q=0": None, "gzip; q=0.000, identity": None, "deflate": None, "xgzip": None,
        "*;q=0": None,
        "br": "br", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip", "br;q=0, gzip;q=0": None,
    }  # fmt: skip
    etags = {}
    for accepted, coding in cases.items():
        answer = ask(server.port, RSS, headers={"Accept-Encoding": accepted})
        if coding == "br" and not packs(server):
            coding = "gzip" if "gzip" in accepted else None
        assert (accepted, answer.headers.get("content-encoding")) == (accepted, coding)
        unpack = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding]
        assert unpack(answer.body) == plain
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"].lower() == MEDIA_TYPES["zrazkiv/rss.xml"]
        etags[coding] = answer.headers["etag"]
    assert len(set(etags.values())) == len(etags)
    assert ask(server.port, RSS).headers["vary"] == "Accept-Encoding"


def test_who_asks_through_a_proxy_gets_the_twin(server: Server) -> None:
    answer = ask(server.port, RSS, headers={"Accept-Encoding": "gzip", "Via": "1.1 proxy.example"})
    assert answer.headers["content-encoding"] == "gzip"


def test_nothing_is_compressed_anew(server: Server) -> None:
    answer = ask(server.port, "/plain.html", headers={"Accept-Encoding": "gzip, br"})
    assert (answer.body, answer.headers.get("content-encoding")) == (content("plain.html"), None)


def test_a_page_has_its_twin_as_well(server: Server) -> None:
    answer = ask(server.port, "/zrazkiv/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == content("zrazkiv/index.html")


def test_a_part_is_sent_to_who_asks_for_one(server: Server) -> None:
    plain = content("zrazkiv/feed.json")
    size = len(plain)
    for asked, start, stop in (
        ("bytes=0-0", 0, 1), ("bytes=5-9", 5, 10), ("bytes=-7", size - 7, size), ("bytes=10-", 10, size),
        (f"bytes={size - 1}-{size + 100}", size - 1, size),
    ):  # fmt: skip
        answer = ask(server.port, "/zrazkiv/feed.json", headers={"Range": asked})
        assert (asked, answer.status, answer.body) == (asked, 206, plain[start:stop])
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
    beyond = ask(server.port, "/zrazkiv/feed.json", headers={"Range": f"bytes={size}-"})
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{size}")


def test_no_part_of_one_file_is_sent_for_another(server: Server) -> None:
    etag = ask(server.port, RSS).headers["etag"]
    for if_range, status in ((etag, 206), ('"another"', 200), (f"W/{etag}", 200)):
        answer = ask(server.port, RSS, headers={"Range": "bytes=0-9", "If-Range": if_range})
        assert (if_range, answer.status) == (if_range, status)


# ------------------------------------------------------------ what is not there


def test_what_is_not_published_is_not_there(server: Server) -> None:
    for target in HIDDEN:
        answer = ask(server.port, target)
        assert (target, answer.status) == (target, 404)
        assert DRAFT not in answer.body
        assert b"rss.xml" not in answer.body  # nor is it listed
        assert answer.body  # a word for people
        assert answer.headers["content-type"].startswith("text/")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        of_a_file = {"last-modified", "etag", "cache-control", "link", "access-control-allow-origin"}
        assert not of_a_file & answer.headers.keys()
        assert answer.headers.get("server", "nginx") == "nginx"  # and no number


def test_where_there_is_nothing_the_published_page_says_so_at_any_depth(server: Server) -> None:
    for target in ("/nothing", "/zrazkiv/archive/1999-01/", "/zrazkiv/item/nothing.html", f"/{NOTHING}"):
        for method, body in (("GET", content(NOTHING)), ("HEAD", b"")):
            answer = ask(server.port, target, method, {"If-None-Match": "*", "Range": "bytes=0-9"})
            assert (target, answer.status, answer.body) == (target, 404, body)
            assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert not {"cache-control", "link", "access-control-allow-origin"} & answer.headers.keys()


def test_nothing_outside_the_folder_can_be_reached(server: Server) -> None:
    hostname = Path("/etc/hostname")
    for target in OUTSIDE + NAMELESS:
        answer = ask(server.port, target.replace("FOLDER", str(server.public.parent)))
        assert SECRET not in answer.body, target
        assert not hostname.exists() or hostname.read_bytes() != answer.body, target
        broken = [500] if server.name == CADDY.name else []  # so it says that no file may have such a name
        assert answer.status in [200, 400, 404, 414, 431, *broken], target
        if answer.status == 200:  # a way that leads nowhere else but back into the folder
            assert answer.body in [content(name) for name in MEDIA_TYPES], target


def test_no_link_leads_out_of_the_folder(server: Server) -> None:
    follows = server.name == CADDY.name  # it cannot be told otherwise; docs/serving.md warns of it
    for target in ("/zrazkiv/out.txt", "/zrazkiv/beyond/config.txt", "/zrazkiv/beyond/public/zrazkiv/rss.xml"):
        answer = ask(server.port, target)
        assert (target, answer.status) == (target, 200 if follows else 404)
        assert follows or SECRET not in answer.body


# ------------------------------------------------------------ what browsers and hubs are told


def test_browsers_are_told_what_they_may_do_with_it(server: Server) -> None:
    for name in MEDIA_TYPES:
        headers = ask(server.port, f"/{name}").headers
        assert headers["cache-control"] == "max-age=300"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-dns-prefetch-control"] == "off"
        if name in PAGES:
            assert "access-control-allow-origin" not in headers
        elif not name.endswith(".txt"):
            assert (name, headers["access-control-allow-origin"]) == (name, "*")
    assert "x-powered-by" not in headers
    assert headers.get("server", "nginx") == "nginx"  # and no number


def test_a_feed_says_where_it_is_to_be_found(server: Server) -> None:
    says = server.name != SERVE.name  # which does not know under which address it is reached; feeds say it themselves
    hub = ', <https://hub.example.org/>; rel="hub"' if server.name == BROTLI_NGINX.name else ""
    for name in MEDIA_TYPES:
        pushed = "" if "/text/" in name else hub  # readers of that edition ask no other host
        link = f'<https://feeds.example.org/{name}>; rel="self"{pushed}' if says and is_feed(name) else None
        assert (name, ask(server.port, f"/{name}").headers.get("link")) == (name, link)
    assert "link" not in ask(server.port, "/nothing/rss.xml").headers


@pytest.mark.parametrize("kind", [PLAIN_NGINX, CADDY], ids=lambda kind: kind.name)
def test_the_hub_in_the_comment_is_right_where_it_is_wanted(kind: Kind, tmp_path: Path) -> None:
    if kind.missing:
        pytest.skip(kind.missing)
    fill(tmp_path / "public")
    with started(kind, tmp_path, with_hub=True) as server:
        assert ask(server.port, RSS).headers["link"] == (
            '<https://feeds.example.org/zrazkiv/rss.xml>; rel="self", <https://hub.example.org/>; rel="hub"'
        )
        assert ask(server.port, "/zrazkiv/text/rss.xml").headers["link"] == (
            '<https://feeds.example.org/zrazkiv/text/rss.xml>; rel="self"'
        )
        assert "link" not in ask(server.port, "/").headers


@pytest.mark.parametrize("kind", [PLAIN_NGINX, CADDY], ids=lambda kind: kind.name)
def test_no_address_of_a_reader_is_kept(kind: Kind, tmp_path: Path) -> None:
    if kind.missing:
        pytest.skip(kind.missing)
    fill(tmp_path / "public")
    with started(kind, tmp_path) as server:
        (tmp_path / "public" / "zrazkiv" / "rss.xml").chmod(0)
        for target in (RSS, "/", "/nothing", "/.hidden/rss.xml", "/%00", *OUTSIDE):
            ask(server.port, target, headers={"User-Agent": "a reader"})
    kept = [tmp_path / name for name in ("log", "access.log") if (tmp_path / name).exists()]
    signs = ("a reader", "client", "remote_ip")
    lines = [
        line
        for path in kept
        for line in path.read_text(errors="replace").splitlines()
        if any(sign in line for sign in signs)
    ]
    assert lines == []
    assert not [path for path in kept if path.name == "access.log" and path.stat().st_size]


def test_the_page_about_serving_names_the_files_that_are_tried_here() -> None:
    page = (DOCS / "serving.md").read_text(encoding="utf-8")
    for name in ("nginx.conf", "Caddyfile"):
        assert f"({name})" in page
