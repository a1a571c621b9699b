"""All words of the pages, in one place. A language is a row; one that is not here is English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal

from feedpub.publishing.page import (
    about_strings,
    pictureless_strings,
    press_strings,
    report_strings,
    subscribing_strings,
)

Strings = Mapping[str, str | Mapping[str, str]]

UK: Strings = {
    "skip": "Перейти до новин",
    "way": "Ви тут",
    "on_page": "На цій сторінці",
    "news": "Новини",
    "newest": "Останні новини",
    "no_news": "Новин поки немає. Вони з’являться після першої перевірки сайту ради.",
    "all_councils": "Усі ради",
    "updated": "Оновлено",
    "checked": "Востаннє перевірено",
    "checked_note": "Якщо ця дата давня, найновіших новин тут може не бути.",
    "checked_long_ago": "Це було давно: найновіших новин тут, мабуть, немає. Шукайте їх на сайті ради.",
    "unreached": "Сайт ради зараз не вдається прочитати. Найновіших новин тут може не бути.",
    "unreached_since": "Сайт ради зараз не вдається прочитати. Востаннє це вдалося {date}, тож найновіших новин тут"
    " може не бути.",
    "held": "Сайт ради незвично змінився. Нові публікації з’являться тут після перевірки людиною.",
    "closed_since": "Стрічку закрито {date}: нових новин тут більше не буде. Усе, що вже опубліковано, залишається на"
    " своїх місцях.",
    "site": "Сайт ради",
    "at_site": "на сайті ради",
    "whole_at_site": "Ця новина на сайті ради",
    "share": "Поділитися",
    "picture": "Зображення на сайті ради",
    "changed": "Змінено",
    "table": "Таблиця",
    "news_of": "Новини з сайту: {title}",
    "withdrawn": "Цю новину вилучено",
    "withdrawn_why": "Вона була тут, але рада зняла її зі свого сайту, або її прибрав видавець цих сторінок.",
    "search": "Пошук у всіх новинах",
    "search_category": "Категорія",
    "search_all": "Усі категорії",
    "search_some": "Знайдено: {n}",
    "search_none": "Нічого не знайдено",
    "search_wait": "Шукаємо…",
    "search_lost": "Частину архіву не вдалося прочитати. Спробуйте пізніше або перегляньте архів за місяцями.",
    "search_more": "Показати ще",
    "copy": "Копіювати",
    "copied": "Скопійовано",
    "copy_of": "Копіювати адресу: {title}",
    "without_pictures": "Без зображень",
    "without_pictures_why": "Для повільного інтернету й для тих, кому небезпечно залишати сліди на сайті ради. Окрема"
    " сторінка з повними текстами та власними стрічками: самі вони нічого не завантажують з інших сайтів.",
    "page_without_pictures": "Сторінка без зображень",
    "page_with_pictures": "Сторінка із зображеннями",
    "same_item": "Одна новина може бути в кількох стрічках. Якщо підписатися на кілька, Newsboat і Thunderbird покажуть"
    " її один раз, а інші програми — у кожній стрічці.",
    "archive": "Архів",
    "archive_of": "Архів новин",
    "whole_archive": "Весь архів за місяцями",
    "month_is": "Усе, що рада оприлюднила за цей місяць, спершу найновіше.",
    "earlier": "Раніше",
    "later": "Пізніше",
    "programs": "Для розробників",
    "programs_why": "Список усіх стрічок, архів за RFC 5005 і всі новини рядками JSON, окремо за кожен місяць.",
    "list_of_feeds": "Список стрічок (OPML)",
    "list_of_dumps": "Зміст архіву (JSON)",
    "terms": "Умови використання",
    "made_by": "Стрічки створює feedpub",
    "not_the_council": "Це не сайт ради: тут без змін повторено її новини, з посиланням на кожну.",
    "about": "Про ці сторінки",
    "about_what": "Що це",
    "about_text": "Програма feedpub читає сторінки новин, які ради оприлюднили на своїх сайтах, і робить із них"
    " стрічки та ці сторінки. Тексти лишаються такими, як їх написала рада. Кожна новина має посилання на сайт ради,"
    " як того вимагають її умови.",
    "about_who": "Хто це видає",
    "about_publisher": "Видавець: {name}.",
    "about_reach": "Зв’язатися",
    "about_objection": "Якщо рада або хтось, про кого йдеться в новині, заперечує проти публікації, напишіть видавцю."
    " Він може вилучити новину: тоді її адреса каже лише те, що новину вилучено. Новину, яку рада зняла зі свого"
    " сайту, вилучаємо й тут.",
    "about_traces": "Що дізнаються про вас",
    "about_privacy": "На цих сторінках немає лічильників, реклами й файлів cookie. Зображення тут — зменшені"
    " копії на цьому самому сервері. Сайт ради дізнається про вас, лише якщо ви відкриєте посилання на нього. Пошук"
    " працює у вашому браузері: те, що ви шукаєте, нікуди не надсилається.",
    "about_access": "Доступність",
    "about_accessible": "Сторінки зроблено за WCAG 2.2, рівень AA: для екранних читачів, клавіатури, збільшеного"
    " тексту й власних кольорів, і вони працюють без скриптів. Тексти й описи зображень — такі, як їх подала рада."
    " Якщо щось вам заважає, напишіть видавцю.",
    "councils": "Стрічки новин місцевих рад",
    "councils_why": "Читайте новини своєї громади на телефоні чи комп’ютері: підпишіться на її стрічку.",
    "items": {"one": "новина", "few": "новини", "many": "новин"},
}
RU: Strings = {
    "skip": "Перейти к новостям",
    "way": "Вы здесь",
    "on_page": "На этой странице",
    "news": "Новости",
    "newest": "Последние новости",
    "no_news": "Новостей пока нет. Они появятся после первой проверки сайта совета.",
    "all_councils": "Все советы",
    "updated": "Обновлено",
    "checked": "Последняя проверка",
    "checked_note": "Если эта дата давняя, самых новых новостей здесь может не быть.",
    "checked_long_ago": "Это было давно: самых новых новостей здесь, вероятно, нет. Ищите их на сайте совета.",
    "unreached": "Сайт совета сейчас не удаётся прочитать. Самых новых новостей здесь может не быть.",
    "unreached_since": "Сайт совета сейчас не удаётся прочитать. В последний раз это удалось {date}, поэтому самых"
    " новых новостей здесь может не быть.",
    "held": "Сайт совета необычно изменился. Новые публикации появятся здесь после проверки человеком.",
    "closed_since": "Лента закрыта {date}: новых новостей здесь больше не будет. Всё, что уже опубликовано, остаётся на"
    " своих местах.",
    "site": "Сайт совета",
    "at_site": "на сайте совета",
    "whole_at_site": "Эта новость на сайте совета",
    "share": "Поделиться",
    "picture": "Изображение на сайте совета",
    "changed": "Изменено",
    "table": "Таблица",
    "news_of": "Новости с сайта: {title}",
    "withdrawn": "Эта новость удалена",
    "withdrawn_why": "Она была здесь, но совет снял её со своего сайта, или её убрал издатель этих страниц.",
    "search": "Поиск по всем новостям",
    "search_category": "Категория",
    "search_all": "Все категории",
    "search_some": "Найдено: {n}",
    "search_none": "Ничего не найдено",
    "search_wait": "Ищем…",
    "search_lost": "Часть архива не удалось прочитать. Попробуйте позже или посмотрите архив по месяцам.",
    "search_more": "Показать ещё",
    "copy": "Копировать",
    "copied": "Скопировано",
    "copy_of": "Копировать адрес: {title}",
    "without_pictures": "Без изображений",
    "without_pictures_why": "Для медленного интернета и для тех, кому опасно оставлять следы на сайте совета. Отдельная"
    " страница с полными текстами и собственными лентами: сами они ничего не загружают с других сайтов.",
    "page_without_pictures": "Страница без изображений",
    "page_with_pictures": "Страница с изображениями",
    "same_item": "Одна новость может быть в нескольких лентах. Если подписаться на несколько, Newsboat и Thunderbird"
    " покажут её один раз, а другие программы — в каждой ленте.",
    "archive": "Архив",
    "archive_of": "Архив новостей",
    "whole_archive": "Весь архив по месяцам",
    "month_is": "Всё, что совет опубликовал за этот месяц, сначала самое новое.",
    "earlier": "Раньше",
    "later": "Позже",
    "programs": "Для разработчиков",
    "programs_why": "Список всех лент, архив по RFC 5005 и все новости строками JSON, отдельно за каждый месяц.",
    "list_of_feeds": "Список лент (OPML)",
    "list_of_dumps": "Содержание архива (JSON)",
    "terms": "Условия использования",
    "made_by": "Ленты создаёт feedpub",
    "not_the_council": "Это не сайт совета: здесь без изменений повторены его новости, со ссылкой на каждую.",
    "about": "Об этих страницах",
    "about_what": "Что это",
    "about_text": "Программа feedpub читает страницы новостей, которые советы опубликовали на своих сайтах, и делает"
    " из них ленты и эти страницы. Тексты остаются такими, как их написал совет. У каждой новости есть ссылка на сайт"
    " совета, как того требуют его условия.",
    "about_who": "Кто это издаёт",
    "about_publisher": "Издатель: {name}.",
    "about_reach": "Связаться",
    "about_objection": "Если совет или тот, о ком говорится в новости, возражает против публикации, напишите издателю."
    " Он может удалить новость: тогда её адрес говорит лишь о том, что новость удалена. Новость, которую совет снял"
    " со своего сайта, удаляется и здесь.",
    "about_traces": "Что о вас узнают",
    "about_privacy": "На этих страницах нет счётчиков, рекламы и файлов cookie. Изображения здесь —"
    " уменьшенные копии на этом же сервере. Сайт совета узнает о вас, только если вы откроете ссылку на него. Поиск"
    " работает в вашем браузере: то, что вы ищете, никуда не отправляется.",
    "about_access": "Доступность",
    "about_accessible": "Страницы сделаны по WCAG 2.2, уровень AA: для экранных чтецов, клавиатуры, увеличенного"
    " текста и собственных цветов, и они работают без скриптов. Тексты и описания изображений — такие, как их дал"
    " совет. Если вам что-то мешает, напишите издателю.",
    "councils": "Ленты новостей местных советов",
    "councils_why": "Читайте новости своей громады на телефоне или компьютере: подпишитесь на её ленту.",
    "items": {"one": "новость", "few": "новости", "many": "новостей"},
}
EN: Strings = {
    "skip": "Skip to the news",
    "way": "You are here",
    "on_page": "On this page",
    "news": "News",
    "newest": "Latest news",
    "no_news": "No news yet. It will appear once the council’s site has been read for the first time.",
    "all_councils": "All councils",
    "updated": "Updated",
    "checked": "Last checked",
    "checked_note": "If that is long ago, the latest news may be missing here.",
    "checked_long_ago": "That is long ago: the latest news is probably missing here. Look for it on the council’s"
    " site.",
    "unreached": "The council’s site can’t be read at the moment. The latest news may be missing here.",
    "unreached_since": "The council’s site can’t be read at the moment. It was last read on {date}, so the latest news"
    " may be missing here.",
    "held": "The council’s site has changed in an unusual way. New articles will appear here once a person has checked"
    " them.",
    "closed_since": "This feed was closed on {date}: there will be no more news here. What was published stays where it"
    " is.",
    "site": "The council’s site",
    "at_site": "on the council’s site",
    "whole_at_site": "This item on the council’s site",
    "share": "Share",
    "picture": "Picture on the council’s site",
    "changed": "Changed",
    "table": "Table",
    "news_of": "News from the site of {title}",
    "withdrawn": "This item was withdrawn",
    "withdrawn_why": "It was here, but the council took it off its site, or the publisher of these pages removed it.",
    "search": "Search all news",
    "search_category": "Category",
    "search_all": "All categories",
    "search_some": "Found: {n}",
    "search_none": "Nothing found",
    "search_wait": "Searching…",
    "search_lost": "A part of the archive could not be read. Try later, or look through the archive by month.",
    "search_more": "Show more",
    "copy": "Copy",
    "copied": "Copied",
    "copy_of": "Copy the address: {title}",
    "without_pictures": "Without pictures",
    "without_pictures_why": "For slow connections, and for people who must not leave traces on the council’s site. A"
    " page of its own with whole texts and feeds of its own: by themselves, they load nothing from other sites.",
    "page_without_pictures": "Page without pictures",
    "page_with_pictures": "Page with pictures",
    "same_item": "A news item can be in several feeds. If you subscribe to more than one, Newsboat and Thunderbird show"
    " it once, and other apps show it in every feed.",
    "archive": "Archive",
    "archive_of": "News archive",
    "whole_archive": "The whole archive by month",
    "month_is": "Everything the council published in this month, newest first.",
    "earlier": "Earlier",
    "later": "Later",
    "programs": "For developers",
    "programs_why": "A list of all feeds, the archive as defined in RFC 5005, and all items as lines of JSON, month by"
    " month.",
    "list_of_feeds": "List of feeds (OPML)",
    "list_of_dumps": "Archive index (JSON)",
    "terms": "Terms of use",
    "made_by": "Feeds made by feedpub",
    "not_the_council": "This is not the council’s site: its news is repeated here unchanged, each item with a link to"
    " it.",
    "about": "About these pages",
    "about_what": "What this is",
    "about_text": "The program feedpub reads the news that councils publish on their sites, and makes feeds and these"
    " pages from it. The texts stay as the council wrote them. Each item has a link to the council’s site, as its"
    " terms ask.",
    "about_who": "Who publishes this",
    "about_publisher": "Publisher: {name}.",
    "about_reach": "Contact",
    "about_objection": "If the council, or somebody whom an item is about, objects to it, write to the publisher, who"
    " can withdraw it. Its address then says only that it was withdrawn. What the council takes off its site is"
    " withdrawn here, too.",
    "about_traces": "What is learnt about you",
    "about_privacy": "These pages have no counters, no advertising and no cookies. Pictures here are small copies on"
    " this very server. The council’s site learns of you only if you open a link to it. The search runs in your"
    " browser: what you look for is sent nowhere.",
    "about_access": "Accessibility",
    "about_accessible": "The pages follow WCAG 2.2, level AA: for screen readers, the keyboard, larger text and"
    " colours of your own, and they work without scripts. Texts and descriptions of pictures are as the council gave"
    " them. If anything is in your way, write to the publisher.",
    "councils": "Council news feeds",
    "councils_why": "Read your council’s news on a phone or computer: subscribe to its feed.",
    "items": {"one": "item", "other": "items"},
}
LANGUAGES: Mapping[str, Strings] = {
    "uk": {
        **UK,
        **pictureless_strings.UK,
        **subscribing_strings.UK,
        **about_strings.UK,
        **press_strings.UK,
        **report_strings.UK,
    },
    "ru": {
        **RU,
        **pictureless_strings.RU,
        **subscribing_strings.RU,
        **about_strings.RU,
        **press_strings.RU,
        **report_strings.RU,
    },
    "en": {
        **EN,
        **pictureless_strings.EN,
        **subscribing_strings.EN,
        **about_strings.EN,
        **press_strings.EN,
        **report_strings.EN,
    },
}
REMEMBERED = 1000  # dates in words: the same item is on several pages, and Babel takes its time
LOCALES = {"uk": "uk", "ru": "ru", "en": "en_GB"}  # for Babel; British dates have the day first, as the council's have


class Words:
    """The words of one language: by name, ``words.copy``, and with Babel those made of numbers and dates."""

    def __init__(self, language: str) -> None:
        primary = language.partition("-")[0].lower()
        self.language = primary if primary in LANGUAGES else "en"
        self.locale = LOCALES[self.language]

    def __getattr__(self, name: str) -> str:
        word = LANGUAGES[self.language][name]
        if not isinstance(word, str):
            raise AttributeError(name)
        return word

    def day(self, day: date) -> str:
        return _day(date(day.year, day.month, day.day), self.locale)

    def days(self, first: date, last: date) -> str:
        """Return some days of a month in words."""
        return f"{first.day}–{self.day(last)}"

    def day_and_time(self, moment: datetime) -> str:
        return _day_and_time(moment.replace(tzinfo=None), self.locale)

    def month(self, name: str) -> str:
        """Return a month such as 2025-11 in words."""
        return format_date(_first_day(name), "LLLL y", self.locale)

    def month_alone(self, name: str) -> str:
        """Return the same without the year."""
        return format_date(_first_day(name), "LLLL", self.locale)

    def weekday(self, n: int) -> str:
        """Return the name of a day of the week. Monday is 0."""
        return str(get_day_names("wide", "stand-alone", self.locale)[n])

    def decimal(self, number: float) -> str:
        """Return a number with one digit after the point, or the comma."""
        return format_decimal(number, "0.0", self.locale)

    def items(self, n: int) -> str:
        """Return "1 item", "2 items"."""
        return f"{n} {self._form('items', n)}"

    def count(self, name: str, n: int) -> str:
        """Return the sentence of this name with a number in it."""
        return self._form(name, n).format(n=n)

    def _form(self, name: str, n: int) -> str:
        """Return the words in the plural form that the number asks for (CLDR)."""
        forms = LANGUAGES[self.language][name]
        assert isinstance(forms, Mapping)
        return forms[Locale.parse(self.locale).plural_form(n)]


@lru_cache(maxsize=REMEMBERED)
def _day(day: date, locale: str) -> str:
    return format_date(day, "d MMMM y", locale)


@lru_cache(maxsize=REMEMBERED)
def _day_and_time(local: datetime, locale: str) -> str:
    """``local`` has no zone: two instants that are equal may be read on two clocks."""
    return format_datetime(local, "d MMMM y, HH:mm", locale=locale)


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
