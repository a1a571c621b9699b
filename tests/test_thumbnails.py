"""Pages show small copies of pictures, kept on our own host: each is asked for once, after the news are out."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from PIL import Image

from feedpub.kinds import THUMBNAIL, item_file, thumbnail_file
from feedpub.publishing import pictures, shrinking
from feedpub.publishing.check import check
from feedpub.store import Store
from tests.chromium import Browser, Picture
from tests.council import CONFIG, Council, Ran
from tests.drupal.server import Request
from tests.drupal.site import Answer
from tests.made import article
from tests.postgres import place_at
from tests.states import tamper
from tests.test_shrinking import encoded, exif, poster
from tests.town import Town

FILES = "/sites/default/files/"
ONE = f"{FILES}one.png"
PNG = (("Content-Type", "image/png"),)
NEWS = re.compile(r"^(?!press/).*\.html$")  # pages with news; the press office's has the QR code in itself


@pytest.fixture(autouse=True)
def _with_pictures(council: Council) -> None:
    """Other tests do without."""
    configured(council, 100)


def asked_for(council: Council) -> list[str]:
    """The pictures that were asked for since the last time somebody asked, in order."""
    return [r.path for r in council.requests() if r.method == "GET" and is_picture(r)]


def is_picture(request: Request) -> bool:
    return re.search(r"\.(png|jpg)(\?|$)", request.path) is not None


def copies(council: Council) -> set[str]:
    return {name for name in council.published() if name.startswith("picture/")}


def shown_on(council: Council, name: str = "index.html") -> dict[str, str]:
    """The pictures of a page: where each leads, and the name of its copy."""
    page: Any = html.document_fromstring(council.published()[name].decode())
    images = page.iter("img")
    return {e.getparent().get("href", ""): e.get("src").removeprefix("../") for e in images}


def page_of(council: Council, title: str) -> str:
    return next(item_file(item["id"]) for item in council.items() if item["title"] == title)


def configured(council: Council, thumbnails: int) -> None:
    council.configure(CONFIG.replace("thumbnails = 0", f"thumbnails = {thumbnails}"))


def newest(council: Council, body: str) -> str:
    """Give the newest article this text alone; return its title."""
    last = council.site.articles[-1]
    council.site.articles[-1] = replace(last, body=body, images=())
    return last.title


def waits(council: Council) -> dict[str, str]:
    """Why pictures have no copy, by their addresses."""
    with closing(Store(place_at(council.state))) as store:
        return store.of("zrazkiv").thumbnails.errors()


def later(council: Council, days: float, monkeypatch: pytest.MonkeyPatch) -> Ran:
    from feedpub.cli import session

    now = session.clock() + timedelta(days=days)
    with monkeypatch.context() as patch:
        patch.setattr(session, "clock", lambda: now)
        return council.feedpub("run")


# ------------------------------------------------------------ what a reader gets


def test_pages_show_copies_on_our_host_and_the_original_is_one_click_away(council: Council) -> None:
    assert council.feedpub("run").code == 0
    shown = shown_on(council)
    assert len(shown) > 2
    assert set(shown.values()) <= copies(council)
    assert all(original.startswith(council.served.url) for original in shown)
    for name, data in council.published().items():
        if NEWS.search(name):
            found = re.findall(rb'(?:src|srcset|poster)="([^"]*)"', data)
            assert all(re.fullmatch(rb"(?:\.\./)?picture/[a-z2-7]{26}\.jpg", src) for src in found), name


@pytest.mark.long
def test_a_copy_is_a_jpeg_without_metadata_named_by_its_content(council: Council) -> None:
    council.feedpub("run")
    for name in copies(council):
        data = council.published()[name]
        assert name == thumbnail_file(data)
        assert check(data, THUMBNAIL) == []
    assert not [name for name in council.published() if name.endswith((".jpg.gz", ".jpg.br"))]


def test_feeds_keep_the_addresses_of_the_originals(council: Council) -> None:
    configured(council, 0)
    council.feedpub("run")
    before = council.feeds()
    configured(council, 100)
    council.feedpub("run")
    assert council.feeds() == before
    assert copies(council)


@pytest.mark.long
def test_the_edition_without_pictures_has_none(council: Council) -> None:
    council.feedpub("run")
    text = council.published()["text/index.html"].decode()
    assert "<img" not in text
    assert "picture/" not in text


@pytest.mark.long
def test_a_link_to_an_item_is_shown_with_our_copy(council: Council) -> None:
    """The app that makes a preview may be the sender's own: it asks no host but ours."""
    title = newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="Афіша"></p>')
    council.feedpub("run")
    text = council.published()[page_of(council, title)].decode()
    [image] = re.findall(r'property="og:image" content="([^"]*)"', text)
    assert image.startswith("https://feeds.example.org/zrazkiv/picture/")
    assert image.removeprefix("https://feeds.example.org/zrazkiv/") in copies(council)


@pytest.mark.long
def test_a_picture_without_a_copy_is_a_link_with_its_words(council: Council) -> None:
    body = (
        '<p>Так.</p><p><img src="https://other.example/a.jpg" alt="Афіша &lt;img src=x&gt; &quot;Сад&quot;"></p>'
        '<p><a href="https://other.example/b"><img src="https://other.example/b.jpg" alt=""></a></p>'
    )
    title = newest(council, body)
    assert council.feedpub("run").code == 0
    page: Any = html.document_fromstring(council.published()[page_of(council, title)].decode())
    [text] = page.find_class("e-content")
    assert list(text.iter("img")) == []
    missing = [(e.tag, e.get("href"), e.text_content()) for e in page.find_class("missing")]
    assert missing == [
        ("a", "https://other.example/a.jpg", 'Зображення на сайті ради: Афіша <img src=x> "Сад"'),
        ("span", None, "Зображення на сайті ради"),
    ]


@pytest.mark.long
def test_a_picture_in_a_link_stays_in_it_and_one_without_words_gets_a_name(council: Council) -> None:
    title = newest(council, f'<p>Так.</p><p><a href="/x"><img src="{ONE}" alt="А"></a><img src="{FILES}b.png"></p>')
    council.feedpub("run")
    page: Any = html.document_fromstring(council.published()[page_of(council, title)].decode())
    [text] = page.find_class("e-content")
    links = [(e.getparent().get("href"), e.getparent().get("aria-label")) for e in text.iter("img")]
    url = council.served.url
    assert links == [(f"{url}/x", None), (f"{url}{FILES}b.png", "Зображення на сайті ради")]
    assert [len(list(e.iterancestors("a"))) for e in text.iter("img")] == [1, 1]


@pytest.mark.long
def test_a_page_knows_the_size_of_each_picture_before_it_comes(council: Council) -> None:
    council.site.overrides[ONE] = Answer(200, PNG, encoded(poster(600, 1600), "PNG"))
    title = newest(council, f'<p><img src="{ONE}" alt="А"><img src="{FILES}b.png" alt="Б" width="48" height="32"></p>')
    council.feedpub("run")
    page: Any = html.document_fromstring(council.published()[page_of(council, title)].decode())
    [text] = page.find_class("e-content")
    assert [(e.get("width"), e.get("height")) for e in text.iter("img")] == [("300", "800"), ("48", "32")]


# ------------------------------------------------------------ the council's server


def test_each_picture_is_asked_for_once_and_a_quiet_run_asks_for_none(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_OF_RUN", 3)
    council.feedpub("run")
    first = asked_for(council)
    council.feedpub("run")
    second = asked_for(council)
    assert (len(first), len(second)) == (3, 1)
    assert len({*first, *second}) == 4
    files = council.files()
    council.feedpub("run")
    assert [(r.path, r.status) for r in council.requests()] == [("/", 304)]
    assert council.files() == files


def test_news_are_published_before_their_pictures_are_asked_for(council: Council) -> None:
    def answer() -> Answer:
        assert council.path("rss.xml").exists()
        assert council.path(page_of(council, title)).exists()
        return Answer(200, PNG, encoded(poster(), "PNG"))

    council.site.overrides[ONE] = answer
    title = newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>')
    assert council.feedpub("run").code == 0
    assert f"{council.served.url}{ONE}" in shown_on(council, page_of(council, title))


@pytest.mark.long
def test_robots_txt_counts_for_pictures_and_the_owner_is_told_once(council: Council) -> None:
    robots = b"User-agent: *\nDisallow: /sites/\n"
    council.site.overrides["/robots.txt"] = Answer(200, (("Content-Type", "text/plain"),), robots)
    ran = council.feedpub("run")
    said = "feedpub: zrazkiv: the site's robots.txt forbids its pictures. Pages link them and show none\n"
    assert (ran.code, ran.err) == (0, said)
    assert [path for path in asked_for(council) if FILES in path] == []
    newest(council, f'<p><img src="{ONE}" alt="А"></p>')
    assert council.feedpub("run").err == ""


@pytest.mark.long
def test_only_hosts_that_the_source_may_ask_are_asked_and_the_owner_is_told_once(council: Council) -> None:
    newest(council, '<p>Так.</p><p><img src="https://cdn.example/a.jpg" alt="А"></p>')
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (
        0,
        "feedpub: zrazkiv: pictures of its items are on hosts that are not the council's by the configuration:"
        " cdn.example. Pages link them and show none. If one is the council's, name it in hosts\n",
    )
    last = council.site.articles[-1]
    council.site.articles.append(
        replace(
            last, number=900, alias="content/nove", title="Ще одна новина", body='<img src="https://b.example/b.jpg">'
        )
    )
    assert council.feedpub("run").err == ""
    assert council.feedpub("run").err == ""
    assert set(waits(council).values()) == {
        "is on cdn.example, which is not the council's",
        "is on b.example, which is not the council's",
    }
    council.configure(CONFIG.replace("[[source]]", '[[source]]\nhosts = ["cdn.example"]'))
    council.feedpub("run")  # nobody answers there, but it was asked
    assert "is on cdn.example, which is not the council's" not in waits(council).values()


@pytest.mark.long
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(404, PNG, b""), "the server answers 404 Not Found"),
        (Answer(403, PNG, b""), "the server answers 403 Forbidden"),
        (Answer(500, PNG, b""), "the server answers 500 Internal Server Error"),
        (Answer(200, (("Content-Type", "text/html"),), b"<h1>404</h1>"), "is text/html, not a picture"),
        (Answer(200, (("Content-Length", "9000000"), *PNG), b""), "is larger than 8 MB"),
        (Answer(200, PNG, b"x" * 8_000_001), "is larger than 8 MB"),
        (Answer(200, (("Content-Length", "5000"), *PNG), b"x"), "was cut short on its way"),
        (Answer(302, (("Location", "https://evil.example/a.png"),), b""), "leads to another site"),
        (Answer(302, (("Location", "http://169.254.169.254/a.png"),), b""), "leads to another site"),
        (Answer(200, PNG, b"<svg/>"), "is no picture in JPEG, PNG, WebP or GIF"),
        (Answer(200, PNG, encoded(poster(), "PNG")[:300]), "is a damaged picture"),
        (Answer(200, PNG, encoded(Image.new("1", (30_000, 30_000)), "PNG")), "is a damaged picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_picture_that_cannot_be_had_holds_nothing_back(council: Council, answer: Answer, why: str) -> None:
    council.site.overrides[ONE] = answer
    title = newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"><img src="{FILES}b.png" alt="Б"></p>')
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, "")
    assert why in waits(council)[f"{council.served.url}{ONE}"]
    page = council.published()[page_of(council, title)].decode()
    assert f'<a class="missing" href="{council.served.url}{ONE}">Зображення на сайті ради: А</a>' in page
    assert f"{council.served.url}{FILES}b.png" in shown_on(council, page_of(council, title))


@pytest.mark.long
def test_what_did_not_come_is_asked_for_twice_more_days_later(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(council, 1)
    council.site.overrides[ONE] = Answer(500, PNG, b"")
    newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>')
    asked = []
    for days in (0, 0, 0.5, 1.1, 1.2, 3, 4.5, 10, 40):
        later(council, days, monkeypatch)
        asked.append(asked_for(council).count(ONE))
    assert asked == [1, 0, 0, 1, 0, 0, 1, 0, 0]


@pytest.mark.long
def test_what_came_and_is_no_picture_is_not_asked_for_again(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.site.overrides[ONE] = Answer(200, PNG, b"<svg/>")
    newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>')
    council.feedpub("run")
    asked_for(council)
    later(council, 2, monkeypatch)
    assert ONE not in asked_for(council)


@pytest.mark.long
def test_a_site_that_gives_no_pictures_is_asked_for_a_few_a_day(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "FAILING", 2)
    original = council.site._file

    def refuse(path: str) -> Any:
        return Answer(403) if FILES in path else original(path)

    monkeypatch.setattr(council.site, "_file", refuse)
    assert council.feedpub("run").code == 0
    assert len(asked_for(council)) == pictures.FAILING
    council.feedpub("run")
    assert asked_for(council) == []
    later(council, 1.1, monkeypatch)
    assert len(asked_for(council)) == pictures.FAILING


@pytest.mark.long
def test_only_the_newest_items_pictures_are_kept(council: Council) -> None:
    configured(council, 3)
    council.feedpub("backfill")
    assert 0 < len(copies(council)) <= 3 * pictures.MOST_OF_ITEM
    with_pictures = [name for name in council.published() if "/item/" in f"/{name}" and name.endswith(".html")]
    assert 0 < len([name for name in with_pictures if shown_on(council, name)]) <= 3


@pytest.mark.long
def test_of_an_item_with_very_many_pictures_some_are_shown_and_all_are_linked(council: Council) -> None:
    configured(council, 1)
    many = "".join(f'<p><img src="{FILES}n{n}.png" alt="{n}"></p>' for n in range(40))
    title = newest(council, f"<p>Так.</p>{many}")
    council.feedpub("run")
    assert len(copies(council)) == pictures.MOST_OF_ITEM
    page = council.published()[page_of(council, title)].decode()
    links = {f"{council.served.url}{FILES}n{n}.png" for n in range(40)}
    assert links <= set(re.findall(r'href="([^"]*)"', page))


@pytest.mark.long
@pytest.mark.parametrize("reason", ["configured so", "no Pillow"])
def test_without_copies_nothing_is_asked_and_pages_link_the_pictures(
    council: Council, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    if reason == "no Pillow":
        monkeypatch.setattr(shrinking, "is_available", lambda: False)
    else:
        configured(council, 0)
    assert council.feedpub("run").code == 0
    assert asked_for(council) == []
    assert copies(council) == set()
    assert b"<img" not in b"".join(data for name, data in council.published().items() if NEWS.search(name))


# ------------------------------------------------------------ what stays, and what goes


@pytest.mark.long
def test_a_copy_goes_with_the_last_item_that_shows_it(council: Council) -> None:
    body = f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>'
    titles = [newest(council, f'{body}<p><img src="{FILES}two.png" alt="Б"></p>')]
    council.site.articles[-2] = replace(council.site.articles[-2], body=body, images=())
    titles.append(council.site.articles[-2].title)
    council.feedpub("run")
    shown = shown_on(council, page_of(council, titles[0]))
    one, two = (shown[council.served.url + path] for path in (ONE, f"{FILES}two.png"))
    assert asked_for(council).count(ONE) == 1
    ids = [next(i["id"] for i in council.items() if i["title"] == title) for title in titles]
    assert council.feedpub("withdraw", ids[0], "--reason", "x").code == 0
    assert (one in copies(council), two in copies(council)) == (True, False)
    assert council.feedpub("withdraw", ids[1], "--reason", "x").code == 0
    assert one not in copies(council)
    with closing(Store(place_at(council.state))) as store:
        assert not set(ids) & store.of("zrazkiv").thumbnails.wanted().keys()


@pytest.mark.long
def test_a_picture_that_a_later_item_shows_again_is_not_asked_for_again(council: Council) -> None:
    body = f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>'
    newest(council, body)
    council.feedpub("run")
    asked_for(council)
    last = council.site.articles[-1]
    later_one = replace(last, number=900, alias="content/nove", title="Ще одна новина", body=f"{body}<p>Інше.</p>")
    council.site.articles.append(later_one)
    council.feedpub("run")
    assert asked_for(council) == []
    assert f"{council.served.url}{ONE}" in shown_on(council, page_of(council, "Ще одна новина"))


@pytest.mark.long
def test_while_a_page_that_shows_it_cannot_be_written_a_copy_stays(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedpub.content import Problem

    newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>')
    council.feedpub("run")
    copy = shown_on(council)[f"{council.served.url}{ONE}"]
    with monkeypatch.context() as patch:
        patch.setattr(
            "feedpub.publishing.check.page.page_problems", lambda *_: iter([Problem("the page", "is as bad as can be")])
        )
        assert council.feedpub("withdraw", council.items()[0]["id"], "--reason", "x").code == 1
        assert copy in shown_on(council).values()
        assert copy in copies(council)
    council.feedpub("run")
    assert copy not in copies(council)


@pytest.mark.long
def test_a_copy_that_cannot_be_removed_is_named_when_its_item_is_withdrawn(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>')
    council.feedpub("run")
    monkeypatch.setattr(pictures, "clear", lambda *_: None)
    ran = council.feedpub("withdraw", council.items()[0]["id"], "--reason", "x")
    assert ran.code == 1
    assert re.search(r"/picture/[a-z2-7]{26}\.jpg: still contains the item; delete this file\n", ran.err)


@pytest.mark.long
def test_status_says_which_pictures_have_no_copy_and_why(council: Council) -> None:
    configured(council, 1)
    council.site.overrides[ONE] = Answer(404, PNG, b"")
    newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"><img src="{FILES}b.png" alt="Б"></p>')
    council.feedpub("run")
    said = council.feedpub("status").out
    assert "  pictures       1 small copies, 1 to be asked for, 1 without a copy\n" in said
    assert f"    {council.served.url}{ONE}: the server answers 404 Not Found\n" in said


@pytest.mark.long
def test_a_copy_that_somebody_took_away_is_asked_for_again(council: Council) -> None:
    configured(council, 2)
    council.feedpub("run")
    before = council.published()
    asked_for(council)
    [victim, *_] = sorted(copies(council))
    council.path(victim).unlink()
    council.feedpub("run")
    assert len(asked_for(council)) == 1
    assert council.published() == before
    assert council.feedpub("check").code == 0


@pytest.mark.long
def test_a_file_that_is_not_ours_goes_and_one_of_another_kind_stays(council: Council) -> None:
    configured(council, 2)
    council.feedpub("run")
    stray, other = council.path(thumbnail_file(b"x")), council.path("picture/readme.txt")
    stray.write_bytes(b"x")
    other.write_bytes(b"x")
    council.feedpub("run")
    assert (stray.exists(), other.exists()) == (False, True)


@pytest.mark.long
def test_check_names_a_copy_that_is_missing_or_not_what_its_name_says(council: Council) -> None:
    council.feedpub("run")
    [first, second, *_] = sorted(copies(council))
    assert council.feedpub("check").code == 0
    council.path(first).unlink()
    council.path(second).write_bytes(encoded(poster(), "JPEG", exif=exif(1)))
    said = council.feedpub("check").out
    assert f"leads to ../{first}, and nothing is there" in said
    assert f"{second}: the picture: is not what its name says" in said
    assert f"{second}: the picture: holds more than a picture" in said


@pytest.mark.long
def test_an_edited_item_keeps_its_copies_and_loses_those_it_shows_no_more(council: Council) -> None:
    configured(council, 1)
    title = newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"><img src="{FILES}two.png" alt="Б"></p>')
    council.feedpub("run")
    asked_for(council)
    newest(council, f'<p>Так, і ще.</p><p><img src="{ONE}" alt="А"></p>')
    tamper(council.state, "UPDATE visit SET due = '2000-01-01T00:00:00Z'")
    council.feedpub("run")
    assert asked_for(council) == []
    assert set(shown_on(council, page_of(council, title))) == {f"{council.served.url}{ONE}"}
    assert len(copies(council)) == 1


@pytest.mark.long
def test_a_site_that_moves_keeps_its_copies(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.thumbnails = 5
    town.run()
    before = {n for n in town.published() if "/picture/" in n}
    town.asked.clear()
    town.moves("https://zrazkiv-rada.example", formerly=("zrazkiv.example",))
    town.run(days=0.1)
    assert before
    assert {n for n in town.published() if "/picture/" in n} == before
    assert [line for line in town.asked if line.startswith("GET") and ".png" in line] == []


@pytest.mark.parametrize("point", ["before the state knows", "before the pages are written"])
def test_a_run_that_is_killed_among_its_pictures_leaves_pages_that_lead_to_what_is_there(
    council: Council, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    configured(council, 3)
    with monkeypatch.context() as patch:

        def die(*_: Any) -> Any:
            raise KeyboardInterrupt

        if point == "before the state knows":
            patch.setattr("feedpub.store.thumbnails.Thumbnails.put_copy", die)
        else:
            patch.setattr("feedpub.publishing.pictures.ask", lambda *a, real=pictures.ask: (real(*a), die())[0])
        council.feedpub("run")
    for name in council.published():
        if NEWS.search(name):
            assert set(shown_on(council, name).values()) <= copies(council)
    council.feedpub("run")
    assert shown_on(council)
    assert council.feedpub("check").code == 0


@pytest.mark.long
def test_a_full_disk_is_said_and_the_next_run_goes_on(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(council, 2)
    from feedpub.errors import PublishError
    from feedpub.publishing.folder import Folder

    real = Folder.__call__

    def full(folder: Folder, name: str, data: bytes, media_type: str) -> bool:
        if "/picture/" in name:
            raise PublishError(f"{name}: cannot be written: No space left on device")
        return real(folder, name, data, media_type)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "__call__", full)
        ran = council.feedpub("run")
    assert ran.code == 1
    assert "No space left on device" in ran.err
    assert council.path("rss.xml").exists()
    assert council.feedpub("run").code == 0
    assert shown_on(council)


def test_a_copy_that_fails_its_check_is_not_published_and_no_page_leads_to_it(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>')
    bad = shrinking.Small(encoded(poster(80, 60), "JPEG", comment=b"x"), 80, 60)
    monkeypatch.setattr(shrinking, "small_copy", lambda _: bad)
    assert council.feedpub("run").code == 0
    assert (copies(council), shown_on(council)) == (set(), {})
    assert "holds more than a picture, in a part of kind FE" in waits(council).values()


@pytest.mark.long
def test_a_state_that_was_lost_takes_no_copy_away_from_a_page_that_shows_it(council: Council) -> None:
    configured(council, 5)
    council.feedpub("run")
    before = council.published()
    council.lose_state()
    council.feedpub("run")
    for name in council.published():
        if NEWS.search(name):
            assert set(shown_on(council, name).values()) <= copies(council)
    council.feedpub("run")
    assert {n: council.published().get(n) for n in before if n.startswith("picture/")} == {
        n: d for n, d in before.items() if n.startswith("picture/")
    }


@pytest.mark.long
def test_while_an_item_waits_to_be_read_again_its_old_page_keeps_its_pictures(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p>')
    council.feedpub("run")
    page = page_of(council, title)
    [copy] = shown_on(council, page).values()
    council.break_page(council.site.articles[-1].href)
    council.lose_state()
    for days in (0, 1, 3, 7, 14):
        later(council, days, monkeypatch)
    with closing(Store(place_at(council.state))) as store:
        assert store.of("zrazkiv").visits.unread()
        assert store.of("zrazkiv").collections.published()
    assert list(shown_on(council, page).values()) == [copy]
    assert copy in copies(council)


# ------------------------------------------------------------ what an item shows


def test_a_file_that_an_item_shows_twice_in_two_sizes_is_wanted_once() -> None:
    beside = "https://rada.example/sites/default/files/styles/large/public/a.jpg?itok=x"
    made = replace(
        article(1, '<p><img src="/sites/default/files/a.jpg" alt=""></p><p><img src="/b.jpg" alt=""></p>'),
    )
    made = replace(made, pictures=(replace(made.pictures[0], url=beside), *made.pictures[1:]))
    assert pictures.shown(made) == [beside, "https://rada.example/b.jpg"]


# ------------------------------------------------------------ in a real browser

BOXES = """[...document.images].map(i => {
  const b = i.getBoundingClientRect();
  return [Math.round(b.width), Math.round(b.height)];
})"""
DRAWN = """[...document.images].map(i => {
  const [b, ratio] = [i.getBoundingClientRect(), i.naturalWidth / i.naturalHeight];
  const whole = ['contain', 'scale-down'].includes(getComputedStyle(i).objectFit);
  return [ratio, whole ? ratio : b.width / b.height, Math.min(b.width, b.height * ratio)];
})"""


@pytest.fixture
def two_pictures(council: Council) -> tuple[Council, list[str]]:
    """A council whose newest item has a portrait poster and a wide photograph; the pages that show it."""
    council.site.overrides[ONE] = Answer(200, PNG, encoded(poster(900, 1600), "PNG"))
    council.site.overrides[f"{FILES}wide.png"] = Answer(200, PNG, encoded(poster(2400, 700), "PNG"))
    title = newest(council, f'<p>Так.</p><p><img src="{ONE}" alt="А"></p><p><img src="{FILES}wide.png" alt="Б"></p>')
    assert council.feedpub("run").code == 0
    return council, ["index.html", page_of(council, title)]


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("look", ["light", "dark", "print"])
def test_pictures_are_shown_whole_on_every_screen_and_nothing_scrolls_sideways(
    two_pictures: tuple[Council, list[str]], browser: Browser, width: int, look: str
) -> None:
    council, names = two_pictures
    files = {name: data for name, data in council.published().items() if name.startswith("picture/")}
    browser.look(width=width, dark=look == "dark", media="print" if look == "print" else "screen")
    for name in names:
        browser.show(council.published()[name].decode(), policy=None, beside=files)
        browser.settle(0.2)
        drawn = browser.run(DRAWN)
        assert len(drawn) >= 2
        for natural, shown, drawn_width in drawn:
            assert abs(natural / shown - 1) < 0.02  # neither cropped nor stretched
            assert drawn_width > 100
        assert browser.run("document.scrollingElement.scrollWidth <= innerWidth")
        assert browser.fired == []
        assert {url.removeprefix("https://reader.example/") for url in browser.pictures} <= files.keys()


def test_nothing_moves_when_pictures_come(two_pictures: tuple[Council, list[str]], browser: Browser) -> None:
    council, names = two_pictures
    files = {name: data for name, data in council.published().items() if name.startswith("picture/")}
    browser.look(width=390)
    for name in names:
        text = council.published()[name].decode()
        far_down = re.sub("(<main[^>]*>)", r"\1" + "<br>" * 2000, text)  # so they are not asked for yet
        browser.show(far_down, policy=None, beside=files)
        before = browser.run(BOXES)
        assert browser.pictures == []
        browser.settle(0.2)
        assert browser.pictures
        assert browser.run(BOXES) == before


def test_a_page_loads_no_picture_of_another_host_whoever_puts_it_there(
    two_pictures: tuple[Council, list[str]], browser: Browser
) -> None:
    council, names = two_pictures
    for name in names:
        text = council.published()[name].decode()
        browser.show(text.replace("</main>", '<img src="https://evil.example/a.png"></main>'), policy=None)
        browser.settle(0.2)
        assert "https://evil.example/a.png" not in browser.pictures


def test_a_copy_that_does_not_come_leaves_the_front_page_in_order(
    two_pictures: tuple[Council, list[str]], browser: Browser
) -> None:
    council, names = two_pictures
    browser.look(width=1280)
    browser.show(council.published()[names[0]].decode(), policy=None, picture=Picture(b"", "text/plain"))
    browser.settle(0.3)
    assert browser.run("document.querySelectorAll('img, .photo, .pictured').length") == 0
