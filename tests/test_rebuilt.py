"""A layout that was learnt is kept, held against every page, and learnt anew when the site is rebuilt."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedpub.errors import FetchError
from feedpub.store import Store
from tests.council import CONFIG, PAGE, Council, opened
from tests.drupal.site import Answer, Article, Site
from tests.postgres import place_at
from tests.skins import NO_NEWS
from tests.states import tamper

Dress = Callable[[str, str], str]  # path, markup -> markup


class Wardrobe(Site):
    """The demo council's site, whose markup may be changed on its way out."""

    dress: Dress | None = None

    def answer(self, method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        answer = super().answer(method, path, {} if self.dress else headers, base_url)
        if self.dress is None or not (answer.header("content-type") or "").startswith("text/html"):
            return answer
        body = self.dress(path, answer.body.decode()).encode()
        return Answer(answer.status, PAGE, body if method == "GET" else b"")


def renamed(_path: str, markup: str) -> str:
    """Another theme: every class and id has another name."""

    def rename(match: re.Match[str]) -> str:
        names = (f"x{hashlib.sha256(n.encode()).hexdigest()[:6]}" for n in match[2].split())
        return f'{match[1]}="{" ".join(names)}"'

    return re.sub(r'\b(class|id)="([^"]*)"', rename, markup)


def plain(_path: str, markup: str) -> str:
    """What nobody can read any more: words without an element."""
    words = re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", markup))
    return f"<html><head><title>Рада</title></head><body><p>{words}</p></body></html>"


@pytest.fixture
def site() -> Wardrobe:
    return Wardrobe()


@pytest.fixture
def unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str], site: Wardrobe) -> Iterator[Council]:
    """A council whose site nobody has described."""
    with opened(tmp_path, capsys, site) as council:
        council.configure(layout="")
        yield council


def published(council: Council, number: int = 300) -> None:
    newest = council.site.articles[-1]
    council.site.articles.append(
        replace(newest, number=number, alias=f"content/nove-{number}", title=f"Ще одна новина, {number}")
    )


def published_since(council: Council) -> None:
    """Twelve articles, one a day, more than the listing's first two pages have."""
    council.site.page_size = 5
    newest = council.site.articles[-1]
    for number in range(300, 312):
        later = newest.utc + timedelta(days=number - 299)
        words = " ".join(f"водогін{number}{n}" for n in range(40))
        published(council, number)
        council.site.articles[-1] = replace(
            council.site.articles[-1], body=f"<p>{words}</p>", date=f"{later:%d/%m/%Y - %H:%M}", utc=later
        )


@pytest.mark.long
def test_the_first_run_learns_and_asks_for_no_page_twice(unknown: Council) -> None:
    assert unknown.feedpub("run").code == 0
    asked = [r.path for r in unknown.requests() if r.method == "GET"]
    assert len(asked) == len(set(asked))
    assert len(unknown.items()) == 10


@pytest.mark.long
def test_later_runs_pay_nothing_for_the_layout(unknown: Council) -> None:
    unknown.feedpub("run")
    unknown.requests()
    assert unknown.feedpub("run").code == 0
    assert [r.status for r in unknown.requests()] == [304]


@pytest.mark.long
def test_learning_is_no_news_for_cron_and_told_to_whoever_asks(unknown: Council) -> None:
    ran = unknown.feedpub("run")
    assert (ran.out, ran.err) == ("", "")
    assert "layout         learnt from 8 articles, good" in unknown.feedpub("status").out


@pytest.mark.long
def test_nothing_is_learnt_from_half_a_page(unknown: Council) -> None:
    whole = unknown.site.answer("GET", "/", {}, unknown.served.url).body.decode()
    unknown.break_page("/", 200, whole[: len(whole) * 2 // 3])
    ran = unknown.feedpub("run")
    assert ran.code == 1
    assert "was cut short: it has no end, and other pages of the site have" in ran.err
    unknown.site.overrides.clear()
    assert unknown.feedpub("run").code == 0
    assert len(unknown.items()) == 10


@pytest.mark.long
def test_inspect_tells_by_which_selector_and_why(unknown: Council) -> None:
    unknown.feedpub("run")
    newest = unknown.site.articles[-1]
    shown = unknown.feedpub("inspect", unknown.served.url + newest.href).out
    assert f"article: {newest.title}\n" in shown
    assert "layout: learnt; the selector that matched, and why it is so:" in shown
    assert re.search(r"title +#page-title   # it has the listing's or the page's own title on 100% of the pages", shown)


@pytest.mark.long
def test_what_learn_prints_is_a_table_that_reads_the_site_alike(unknown: Council) -> None:
    unknown.feedpub("backfill")
    before = unknown.feeds()
    ran = unknown.feedpub("learn", f"{unknown.served.url}/")
    assert ran.code == 0
    table = tomllib.loads(ran.out)["source"][0]
    assert table["listings"] == [f"{unknown.served.url}/"]
    layout = ran.out[ran.out.index("[source.layout]") :]
    unknown.lose_state()
    unknown.configure(CONFIG + layout, layout="")
    assert unknown.feedpub("backfill").code == 0
    assert unknown.feeds() == before


@pytest.mark.long
def test_what_is_configured_wins_over_what_is_learnt(unknown: Council) -> None:
    unknown.configure(layout='[source.layout]\ntitle = "#site-slogan"\n')
    unknown.feedpub("run")
    assert {i["title"] for i in unknown.items()} == {"офіційний вебсайт"}


@pytest.mark.long
def test_a_site_that_was_rebuilt_is_read_on_and_nothing_comes_back_as_unread(unknown: Council, site: Wardrobe) -> None:
    unknown.feedpub("run")
    before = {i["id"]: i for i in unknown.items()}
    site.dress = renamed
    published(unknown)
    ran = unknown.feedpub("run")
    assert ran.code == 0
    assert re.fullmatch(
        r"feedpub: zrazkiv: http\S+: the site was rebuilt; its new layout was learnt and reads \d known items as they"
        r" were\n",
        ran.err,
    )
    after = {i["id"]: i for i in unknown.items()}
    assert [i["title"] for i in after.values() if i["id"] not in before] == ["Ще одна новина, 300"]
    assert {i: (v["date_published"], v.get("date_modified")) for i, v in before.items()} == {
        i: (after[i]["date_published"], after[i].get("date_modified")) for i in before
    }
    quiet = unknown.feedpub("run")
    assert (quiet.code, quiet.err) == (0, "")


def edited(site: Wardrobe) -> None:
    site.articles[-2] = replace(site.articles[-2], title=f"{site.articles[-2].title} (оновлено)")


def rewritten(site: Wardrobe) -> None:
    body = "<p>Пункт переїхав до школи. Він працює цілодобово, а чай там наливають самі мешканці мікрорайону.</p>"
    site.articles[-2] = replace(site.articles[-2], title=f"{site.articles[-2].title} (оновлено)", body=body)


def a_day_earlier(article: Article) -> Article:
    shown = f"{article.local - timedelta(days=1):%d/%m/%Y - %H:%M}"
    return replace(article, date=shown, utc=article.utc - timedelta(days=1))


def redated(site: Wardrobe) -> None:
    site.articles[-2] = a_day_earlier(site.articles[-2])


def posted_again(site: Wardrobe) -> None:
    newest = site.articles[-1]
    for number, original in zip(range(301, 305), site.articles[-6:-2], strict=True):
        alias = f"content/shche-raz-{number}"
        site.articles.append(replace(original, number=number, alias=alias, date=newest.date, utc=newest.utc))


@pytest.mark.long
@pytest.mark.parametrize("happen", [edited, rewritten, redated, posted_again])
def test_a_site_that_was_rebuilt_is_read_on_though_an_article_was_edited_or_posted_again(
    happen: Callable[[Wardrobe], None], unknown: Council, site: Wardrobe
) -> None:
    """An edit is not seen before, and a repost has another date than the item that it is."""
    unknown.feedpub("run")
    if happen is posted_again:
        happen(site)
        unknown.feedpub("run")
    before = {i["id"] for i in unknown.items()}
    site.dress = renamed
    if happen is not posted_again:
        happen(site)
    published(unknown)
    ran = unknown.feedpub("run")
    assert ran.code == 0, ran.err
    assert ("known as" in ran.err) is (happen is redated)  # its date stays, and this is said
    assert [i["title"] for i in unknown.items() if i["id"] not in before] == ["Ще одна новина, 300"]


def highlighted(path: str, markup: str) -> str:
    """The newest article has a box of another name in the list."""
    box = 'id="node-300" class="'
    return markup.replace(f"{box}node ", f"{box}highlight ") if path == "/" else markup


@pytest.mark.long
def test_boxes_like_those_of_the_news_that_are_not_read_are_reported_and_learnt(
    unknown: Council, site: Wardrobe
) -> None:
    unknown.feedpub("run")
    published(unknown)
    site.dress = highlighted
    ran = unknown.feedpub("run")
    boxes = r"boxes like those of the news are not read \(1, the first for http\S+300\)"
    assert re.fullmatch(rf"feedpub: zrazkiv: http\S+: {boxes}; a layout that reads them was learnt\n", ran.err)
    assert unknown.items()[0]["title"] == "Ще одна новина, 300"
    assert unknown.feedpub("run").err == ""


@pytest.mark.long
def test_the_articles_alone_may_be_rebuilt(unknown: Council, site: Wardrobe) -> None:
    unknown.feedpub("run")
    site.dress = lambda path, markup: markup if path in ("/", "/node") else renamed(path, markup)
    published(unknown)
    ran = unknown.feedpub("run")
    assert "the site was rebuilt" in ran.err
    assert unknown.items()[0]["title"] == "Ще одна новина, 300"
    assert "Пункт розрахований" in unknown.items()[0]["content_html"]
    assert unknown.feedpub("run").code == 0


@pytest.mark.long
def test_articles_alone_that_are_rebuilt_are_learnt_though_the_newest_known_one_is_gone(
    unknown: Council, site: Wardrobe
) -> None:
    unknown.feedpub("run")
    site.dress = lambda path, markup: markup if path in ("/", "/node") else renamed(path, markup)
    unknown.break_page(unknown.site.articles[-1].href, 404)
    published(unknown)
    ran = unknown.feedpub("run")
    assert "the site was rebuilt" in ran.err
    assert "404" not in ran.err
    assert unknown.items()[0]["title"] == "Ще одна новина, 300"


@pytest.mark.long
def test_articles_alone_that_are_rebuilt_during_an_outage_are_learnt_though_all_known_pages_failed(
    unknown: Council, site: Wardrobe
) -> None:
    unknown.feedpub("run")
    with closing(Store(place_at(unknown.state))) as store:
        visits, now = store.of("zrazkiv").visits, datetime.now(UTC).replace(microsecond=0)
        for article in site.articles:
            url = f"{unknown.served.url}{article.href}"
            visits.failed(url, now, FetchError(url, "its TLS fails", is_unreachable=True))
    site.dress = lambda path, markup: markup if path in ("/", "/node") else renamed(path, markup)
    published(unknown)
    assert "the site was rebuilt" in unknown.feedpub("run").err
    assert unknown.items()[0]["title"] == "Ще одна новина, 300"


@pytest.mark.long
def test_a_site_that_cannot_be_read_any_more_names_the_dead_selector_and_keeps_its_feeds(
    unknown: Council, site: Wardrobe
) -> None:
    unknown.feedpub("run")
    before = unknown.feeds()
    site.dress = plain
    ran = unknown.feedpub("run")
    assert ran.code == 1
    assert re.search(r"no news found: item = \['[^']+'\] matches nothing; nothing like it lives", ran.err)
    assert "a new layout could not be learnt: " in ran.err
    assert ran.err.count("\n") == 1
    assert unknown.feeds() == before
    site.dress = None
    assert unknown.feedpub("run").code == 0


def is_another_owner_s(site: Wardrobe) -> None:
    site.articles = [replace(a, title=f"Купуйте {a.number} годинників") for a in site.articles]


def is_redated_often(site: Wardrobe) -> None:
    site.articles[-6::2] = map(a_day_earlier, site.articles[-6::2])


def is_redated_with_other_words(site: Wardrobe) -> None:
    words = " ".join(f"ліхтар{n}" for n in range(60))
    site.articles[-2] = replace(a_day_earlier(site.articles[-2]), body=f"<p>{words}</p>")


@pytest.mark.long
@pytest.mark.parametrize("happen", [is_another_owner_s, is_redated_often, is_redated_with_other_words])
def test_a_new_layout_that_reads_known_articles_otherwise_is_not_taken(
    unknown: Council, site: Wardrobe, happen: Callable[[Wardrobe], None]
) -> None:
    unknown.feedpub("run")
    before = unknown.feeds()
    site.dress = renamed
    happen(site)
    ran = unknown.feedpub("run")
    assert ran.code == 1
    assert "what was learnt reads" in ran.err
    assert unknown.feeds() == before
    unknown.requests()
    assert unknown.feedpub("run").code == 1
    assert len(unknown.requests()) == 1  # a search in vain is made again after a day, not at every run


@pytest.mark.long
@pytest.mark.parametrize(("dated", "is_learnt"), [(-2, True), (-5, False)], ids=["its title", "title and day"])
def test_an_article_that_was_edited_before_its_site_was_rebuilt_keeps_no_news_back(
    unknown: Council, site: Wardrobe, dated: int, is_learnt: bool
) -> None:
    """Another day may be that of an edit, which a new layout must not take for the date."""
    unknown.feedpub("run")
    site.dress = renamed
    edited, other = site.articles[-2], site.articles[dated]
    site.articles[-2] = replace(edited, title=f"Увага! {edited.title}", date=other.date, utc=other.utc)
    published(unknown)
    ran = unknown.feedpub("run")
    assert ("its new layout was learnt" in ran.err) is is_learnt
    assert ("what was learnt reads" in ran.err) is not is_learnt
    assert ("Ще одна новина, 300" in [item["title"] for item in unknown.items()]) is is_learnt


@pytest.mark.long
@pytest.mark.parametrize(("replaced", "is_learnt"), [(1, True), (3, False)])
def test_one_address_that_got_another_article_before_its_site_was_rebuilt_keeps_no_news_back(
    unknown: Council, site: Wardrobe, replaced: int, is_learnt: bool
) -> None:
    """Of several known articles. A layout that reads other words and later days in many is another owner's site."""
    unknown.feedpub("run")
    site.dress = renamed
    newest = site.articles[-1]
    later = newest.utc + timedelta(days=9)
    for place in range(-1 - replaced, -1):
        words = " ".join(f"паркан{place}{n}" for n in range(40))
        site.articles[place] = replace(
            site.articles[place], title=f"Зовсім інше, про паркани {place}", body=f"<p>{words}</p>",
            date=f"{later:%d/%m/%Y - %H:%M}", utc=later, images=(), files=(),
        )  # fmt: skip
    published(unknown)
    ran = unknown.feedpub("run")
    assert ("its new layout was learnt" in ran.err) is is_learnt
    assert ("what was learnt reads" in ran.err) is not is_learnt
    assert ("Ще одна новина, 300" in [item["title"] for item in unknown.items()]) is is_learnt


@pytest.mark.long
def test_a_site_that_was_rebuilt_is_read_on_though_its_listing_names_hardly_any_known_article(
    unknown: Council, site: Wardrobe
) -> None:
    """So much came while no run was made. Further pages of known items show that it is the same site."""
    unknown.feedpub("run")
    before = {item["id"] for item in unknown.items()}
    site.dress = renamed
    published_since(unknown)
    ran = unknown.feedpub("run")
    assert "its new layout was learnt and reads 4 known items as they were" in ran.err
    after = {item["id"] for item in unknown.items()}
    assert before < after
    assert len(after) == 22


@pytest.mark.long
@pytest.mark.parametrize("edited", [0, 1, 3])
def test_a_site_that_was_rebuilt_after_a_lost_state_is_read_on_by_the_titles_of_lost_items(
    unknown: Council, site: Wardrobe, edited: int
) -> None:
    """Their pages were gone at first, as where another owner's site answers."""
    unknown.feedpub("run")
    before = {item["id"] for item in unknown.items()}
    lost = list(site.articles)
    published_since(unknown)
    unknown.lose_state()
    for article in lost:
        unknown.break_page(article.href, 404)
    assert unknown.feedpub("run").code == 1
    site.overrides.clear()
    site.articles = [
        replace(one, title=f"Увага! {one.title}") if one in lost[len(lost) - edited :] else one for one in site.articles
    ]
    site.dress = renamed
    ran = unknown.feedpub("run")
    assert ("its new layout was learnt" in ran.err) is (edited < 3)
    if edited < 3:
        assert before < {item["id"] for item in unknown.items()}


@pytest.mark.long
def test_a_site_of_which_nothing_is_known_is_not_believed(unknown: Council, site: Wardrobe) -> None:
    unknown.feedpub("run")
    before = unknown.feeds()
    site.dress = renamed
    site.articles = [
        replace(a, number=a.number + 1000, alias=f"novyny/{a.number}", title=f"Чуже, {a.number}") for a in site.articles
    ]
    ran = unknown.feedpub("run")
    assert ran.code == 1
    assert "no known item is at its address any more, so there is nothing to compare with" in ran.err
    assert unknown.feeds() == before


@pytest.mark.long
def test_a_body_that_is_gone_is_no_article_of_pictures_alone(unknown: Council, site: Wardrobe) -> None:
    unknown.feedpub("run")
    published(unknown)
    site.dress = lambda path, markup: markup.replace("field-name-body", "was-body") if "nove-300" in path else markup
    ran = unknown.feedpub("run")
    assert ran.code == 1
    assert "/content/nove-300: has a title and words that are in no body: body = ['.field-name-body']" in ran.err


@pytest.mark.long
def test_an_edit_after_a_site_was_rebuilt_is_an_edit_again(unknown: Council, site: Wardrobe) -> None:
    def look_again() -> None:
        tamper(unknown.state, "UPDATE visit SET asked = NULL, etag = NULL, last_modified = NULL WHERE listing = FALSE")

    unknown.feedpub("run")
    site.dress = renamed
    published(unknown)
    unknown.feedpub("run")
    look_again()
    unknown.feedpub("run")  # every item is read by the new layout now, and is the same
    before = {i["id"]: i["date_modified"] for i in unknown.items()}
    site.articles[-2] = replace(site.articles[-2], body=site.articles[-2].body + "<p>Виправлення.</p>")
    look_again()
    unknown.feedpub("run")
    moved = [i["title"] for i in unknown.items() if i["date_modified"] != before[i["id"]]]
    assert moved == [site.articles[-2].title]


@pytest.mark.long
def test_a_dead_selector_names_what_lives_nearest_to_it(council: Council) -> None:
    council.feedpub("run")
    layout = '\n[source.layout]\nitem = "#content .node-tizer"\nlink = "a"\ntitle = "h1"\ndate = "i"\nbody = "p"\n'
    council.configure(layout=layout + 'date_formats = "%d.%m.%Y"\n')
    assert "the nearest that lives is '#content' (a div with" in council.feedpub("run").err


@pytest.mark.long
def test_an_article_without_the_date_that_all_others_have_is_held_for_a_while(unknown: Council, site: Wardrobe) -> None:
    unknown.feedpub("run")
    published(unknown)
    site.dress = lambda path, markup: (
        re.sub(r'(?s)<span property="dc:date.*?</span>', "", markup) if "nove-300" in path or path == "/" else markup
    )
    for n, held in enumerate((True, True, False)):  # then the listing speaks for it
        ran = unknown.feedpub("run")
        assert ran.code == 1
        assert ("has no date, which the site's pages have: date = " in ran.err) is (n == 0)  # it is said once
        assert ("Ще одна новина, 300" not in {i["title"] for i in unknown.items()}) == held
    unknown.feedpub("run")
    assert "Ще одна новина, 300" in {i["title"] for i in unknown.items()}


@pytest.mark.parametrize("name", ["login", "cloudflare", "maintenance", "404", "parked"])
@pytest.mark.long
def test_a_page_that_is_no_news_never_becomes_an_item(unknown: Council, name: str) -> None:
    unknown.feedpub("run")
    published(unknown)
    page = next(v for k, v in NO_NEWS.items() if name in k.lower())
    unknown.break_page("/content/nove-300", 200, page)
    ran = unknown.feedpub("run")
    assert ran.code == 1
    assert "/content/nove-300: is no news: it is " in ran.err
    assert len(unknown.items()) == 10


@pytest.mark.long
def test_an_article_about_technical_work_is_news(unknown: Council) -> None:
    unknown.feedpub("run")
    newest = unknown.site.articles[-1]
    titles = (
        "Технічні роботи на водогоні",
        "404 учні вступили до ліцею",
        "Вхід вільний: місто запрошує в парк",
        "Доступ до укриттів",
    )
    for n, title in enumerate(titles, 301):
        unknown.site.articles.append(replace(newest, number=n, alias=f"content/n{n}", title=title))
    assert unknown.feedpub("run").code == 0
    assert set(titles) <= {i["title"] for i in unknown.items()}


@pytest.mark.long
def test_pages_of_a_lost_state_wait_for_the_listing_that_shows_how_they_are_laid_out(unknown: Council) -> None:
    """Else each fails, is said to be laid out in another way, and is not waited for in the end."""
    assert unknown.feedpub("run").code == 0
    before = {item["id"] for item in unknown.items()}
    unknown.lose_state()
    unknown.break_page("/")
    unknown.requests()
    ran = unknown.feedpub("run")
    assert "laid out" not in ran.err
    assert {r.path for r in unknown.requests()} <= {"/", "/robots.txt"}
    unknown.site.overrides.clear()
    unknown.feedpub("run")
    assert {item["id"] for item in unknown.items()} == before
