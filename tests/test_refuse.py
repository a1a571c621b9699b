"""Pages that are no news, by what they say; and what a council may well write itself."""

from __future__ import annotations

import pytest

from feedpub.collecting import scrape
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.layout import Layout

BASE = "https://rada.example/x"
FRAME = "".join(f'<a href="/{n}">Розділ {n}</a>' for n in range(20)) + "<p>" + "Слово. " * 400 + "</p>"


def page(title: str, body: str) -> Page:
    return Page(BASE, BASE, f"<html><head><title>{title}</title></head><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("title", "body", "what"),
    [
        ("Сторінку не знайдено | Рада", FRAME, "a page that is not there"),
        ("Рада", "<h1>404</h1>" + FRAME, "a page that is not there"),
        ("Рада", "<h2>На жаль, такої сторінки не існує</h2>" + FRAME, "a page that is not there"),
        ("404 Not Found", "", "a page that is not there"),
        ("Рада", "<h1>Помилка 404: сторінку не знайдено</h1>" + FRAME, "a page that is not there"),
        ("Рада", "<h1>Сторінку, яку ви шукаєте, не знайдено</h1>" + FRAME, "a page that is not there"),
        ("Доступ заборонено | Рада", FRAME, "a page that is closed"),
        ("502 Bad Gateway", "<h1>502 Bad Gateway</h1>", "an error of the server"),
        ("Вхід | Рада", FRAME + '<input type="password">', "a login"),
        ("Just a moment...", "<p>Checking your browser</p>", "the challenge of a guard, such as Cloudflare's"),
        ("Attention Required! | Cloudflare", "<h1>Sorry</h1>", "the challenge of a guard, such as Cloudflare's"),
        ("Рада", "<h1>Технічні роботи</h1><p>Зачекайте.</p>", "a notice of maintenance"),
        ("rada.example", "<p>This domain is for sale</p>", "a parked domain"),
        ("Account Suspended", "<p>x</p>", "a notice that the hosting is suspended"),
        ("Welcome to nginx!", "<h1>Welcome to nginx!</h1>", "a server's default page"),
        ("Index of /news", "<h1>Index of /news</h1>", "a directory"),
    ],
)
def test_a_page_that_is_no_news_is_called_what_it_is(title: str, body: str, what: str) -> None:
    with pytest.raises(ScrapeError) as caught:
        scrape.require_news(page(title, body or "<p>x</p>"))
    assert caught.value.reason == f"is no news: it is {what}"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Технічні роботи на водогоні | Рада", "<h1>Технічні роботи на водогоні</h1>" + FRAME),
        ("404 учні вступили до ліцею", "<h1>404 учні вступили до ліцею</h1>" + FRAME),
        ("Новини", "<h3>404 сторінки архіву оцифрували</h3><h3>Сторінку громади у Facebook видалено</h3>" + FRAME),
        ("Новини", "<h3>500 гривень на сервер для ліцею</h3><h3>Матеріали справи не знайдено</h3>" + FRAME),
        ("Рада", '<h2>Вхід користувача</h2><input type="password">' + FRAME),  # a block beside every page
        ("Доступ до укриттів", "<h1>Доступ до укриттів</h1>" + FRAME),
        ("Закрито 500 ям", "<h1>Закрито 500 ям</h1><p>Коротко.</p>"),
    ],
)
def test_what_a_council_writes_of_such_things_is_news(title: str, body: str) -> None:
    scrape.require_news(page(title, body))


# ------------------------------------------------------------ an article that has no text to read

ARTICLE = Layout(title=("h1",), body=(".text",))


def why(html: str, layout: Layout = ARTICLE) -> str:
    with pytest.raises(ScrapeError) as caught:
        scrape.read_article(Page(BASE, BASE, f"<html>{html}</html>"), layout)
    return caught.value.reason


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>Рада</title><frameset><frame src=/menu><frame src=/text></frameset>",
         "is made of frames, and has no text of its own"),
        ("<h1>Звіт</h1><form><input name=login><input type=Password></form>" + FRAME,
         "asks for a password: its text is behind a login"),
        ("<h1>Захищено: Звіт</h1><div class=text><form>Введіть пароль: <input type=password></form></div>" + FRAME,
         "asks for a password: its text is behind a login"),
        ("<title>Рада</title><div id=app></div><script src=/app.js></script>",
         "has 4 characters of text and is made by a script; feedpub runs none"),
        ("<h1>Рада</h1><div class=text>Для перегляду сторінки увімкніть JavaScript.</div>" + FRAME,
         "has 44 characters of text and is made by a script; feedpub runs none"),
        ("<h1>Рада</h1><div class=text>You need to enable JavaScript to run this app.</div>",
         "has 46 characters of text and is made by a script; feedpub runs none"),
        ("<h1>Карта</h1><iframe src=/map></iframe>",
         "has no text of its own, and shows another page in a frame (iframe)"),
    ],
)  # fmt: skip
def test_an_article_that_has_no_text_to_read_is_called_what_it_is(html: str, reason: str) -> None:
    assert why(html) == reason


@pytest.mark.parametrize(
    "html",
    [
        f'<h1>Новина</h1><form><input type="password"></form><div class="text">Коротко.</div>{FRAME}',
        f'<h1>Новина</h1><div class="text">Коротко.<form><input type="password">Увійти</form></div>{FRAME}',
        '<h1>Курси</h1><div class="text"><p>Вивчаємо JavaScript у бібліотеці щосуботи.</p></div>',
        "<h1>Курси</h1><div class=text><p>Реєстрація: <input type=password></p><p>" + "Слово. " * 90 + "</p></div>",
    ],
)
def test_an_article_beside_such_a_form_or_about_such_things_is_news(html: str) -> None:
    assert scrape.read_article(Page(BASE, BASE, f"<html>{html}</html>"), ARTICLE).body
