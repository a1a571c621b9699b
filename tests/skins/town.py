"""The invented town's data that every skin frames its pages with: menus, banners, contacts, dates in words."""

from __future__ import annotations

from datetime import date, datetime
from html import escape

from tests.drupal.articles import Article

SITE = "Зразківська міська рада"
ADDRESS = "00000, м. Зразків, вул. Ратушна, 1"
PHONES = ("+38 000 000 00 01", "+38 000 000 00 02")
EMAIL = "rada@example.org"
FACEBOOK = "https://www.facebook.com/zrazkiv.example"
YOUTUBE = "https://www.youtube.com/@zrazkiv.example"
TELEGRAM = "https://t.me/zrazkiv_example"
TRIDENT = "gerb.png"

MENU = (
    ("pro-gromadu", "Про громаду"),
    ("kerivnytstvo", "Керівництво"),
    ("deputaty", "Депутатський корпус"),
    ("vykonkom", "Виконавчий комітет"),
    ("struktura", "Структурні підрозділи"),
    ("rishennia", "Рішення сесій"),
    ("biudzhet", "Бюджет громади"),
    ("publichna-informatsiia", "Публічна інформація"),
    ("tsnap", "ЦНАП"),
    ("zvernennia", "Звернення громадян"),
    ("vpo", "Переселенцям"),
    ("vakansii", "Вакансії"),
    ("kontakty", "Контакти"),
)
_OFFICES = (
    "відділу освіти, молоді та спорту", "відділу культури і туризму", "відділу соціального захисту населення",
    "служби у справах дітей", "відділу земельних відносин та екології", "фінансового управління",
    "відділу житлово-комунального господарства", "відділу цивільного захисту", "архівного відділу",
    "відділу містобудування та архітектури", "загального відділу", "юридичного відділу",
)  # fmt: skip
_PAPERS = (
    "Положення про роботу", "Графік прийому громадян начальником", "Звіт за перше півріччя 2025 року",
    "Перелік адміністративних послуг", "Плани роботи та паспорти бюджетних програм",
)  # fmt: skip
LONG_MENU = tuple(
    (f"menu/{1000 + 7 * place}", name)
    for place, name in enumerate(f"{paper} {office}" for office in _OFFICES for paper in _PAPERS)
)
USEFUL = (  # banners: address, name, picture
    ("https://portal.example.org/", "Урядовий портал", "banners/portal.png"),
    ("https://oblast.example.org/", "Обласна державна адміністрація", "banners/oblast.png"),
    ("https://poslugy.example.org/", "Державні послуги онлайн", "banners/poslugy.png"),
    ("https://dim.example.org/", "Допомога переселенцям", "banners/dim.png"),
    ("https://zakupivli.example.org/", "Публічні закупівлі", "banners/zakupivli.png"),
)
NOTICES = (  # announcements that are documents: file, title, day
    ("konkurs-posada.pdf", "Оголошення про конкурс на заміщення вакантної посади головного спеціаліста", "12.11.2025"),
    ("hromadski-sluhannia.pdf", "Повідомлення про проведення громадських слухань щодо детального плану", "10.11.2025"),
    ("orenda-mayna.pdf", "Інформація про передачу в оренду комунального майна", "07.11.2025"),
)
VIDEOS = (  # address, title, day
    ("https://www.youtube.com/watch?v=zRaZkIvD3m1", "Сорок друга сесія міської ради: повний запис", "11.11.2025"),
    ("https://www.youtube.com/watch?v=zRaZkIvD3m2", "Звернення міського голови до мешканців громади", "05.11.2025"),
)
EVENTS = (  # what is to come: address, title, day
    ("anons/31", "Засідання виконавчого комітету міської ради", "20.11.2025"),
    ("anons/32", "Прийом громадян фахівцями пенсійного фонду", "25.11.2025"),
    ("anons/33", "Благодійний концерт духового оркестру в Палаці культури", "29.11.2025"),
)
MONTHS = (
    "січня", "лютого", "березня", "квітня", "травня", "червня",
    "липня", "серпня", "вересня", "жовтня", "листопада", "грудня",
)  # fmt: skip
NAMES_OF_MONTHS = (
    "Січень", "Лютий", "Березень", "Квітень", "Травень", "Червень",
    "Липень", "Серпень", "Вересень", "Жовтень", "Листопад", "Грудень",
)  # fmt: skip
WEEKDAYS = ("понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя")
SHORT_WEEKDAYS = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Нд")


def terms(host: str) -> str:
    """The terms of republishing, as the footer has them."""
    return (
        f"Авторські права на матеріали цього вебсайту має {SITE}. Передруковувати їх, повністю чи частково, можна лише "
        "із зазначенням першоджерела. Інтернет-видання мають розмістити активне, пряме, відкрите для пошукових систем "
        f"гіперпосилання на {host} не нижче другого абзацу."
    )


def in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dotted(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def teaser(article: Article, length: int) -> str:
    """The beginning of the text, safe for HTML; empty where the article has none."""
    return escape(shortened(" ".join(article.text), length))


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rpartition(" ")[0] + "…"


def basic_text(name: str) -> str:
    """What a page without a date says."""
    return (
        f"<p>{escape(name)}: відомості надає загальний відділ міської ради.</p>\n"
        f"<p>Адреса: {ADDRESS}. Телефон: {PHONES[0]}, електронна пошта: "
        f'<a href="mailto:{EMAIL}">{EMAIL}</a>.</p>\n'
        "<p>Прийом відвідувачів – з понеділка по четвер із 08:00 до 17:00, у п’ятницю до 15:45.</p>"
    )
