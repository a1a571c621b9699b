"""All words of the pages, in one place. A language is a row; one that is not here is English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime

UK: Mapping[str, str | Mapping[str, str]] = {
    "skip": "До новин",
    "way": "Де ви є",
    "on_page": "На цій сторінці",
    "news": "Новини",
    "newest": "Останні новини",
    "no_news": "Новин ще немає: вони з’являться тут після першого огляду сайту ради.",
    "all_councils": "Усі ради",
    "updated": "Останні зміни",
    "reached": "Сайт ради відповідає",
    "unreached": "Сайт ради зараз не відповідає або не читається. Тут усе, що з нього відомо",
    "unreached_since": "Сайт ради не відповідає або не читається; востаннє його прочитано {date}. Тут усе, що з нього"
    " відомо",
    "held": "Сайт ради змінився так незвично, що нове з’явиться тут лише після перевірки людиною",
    "site": "Сайт ради",
    "subscribe": "Підписатися",
    "subscribe_why": "Стрічка приносить новини ради у вашу програму для читання невдовзі після того, як рада їх"
    " оприлюднить: без реклами, без реєстрації, без стеження.",
    "step_app": "Встановіть програму для читання стрічок. Безкоштовні й не потребують облікового запису:"
    " Feeder або Read You для Android, NetNewsWire для iPhone та Mac, Thunderbird для комп’ютера.",
    "step_copy": "Скопіюйте адресу стрічки.",
    "step_add": "Додайте її в програмі: зазвичай це кнопка «+» або «Додати стрічку».",
    "address": "Адреса стрічки",
    "copy": "Копіювати",
    "copied": "Скопійовано",
    "copy_of": "Копіювати адресу: {title}",
    "open_in": "Або відкрийте одразу",
    "in_app": "У програмі на цьому пристрої",
    "other_formats": "Та сама стрічка в інших форматах",
    "without_pictures": "Без зображень",
    "without_pictures_why": "Для повільного інтернету і для тих, кому небезпечно показувати себе серверам: ця стрічка"
    " не завантажує жодного зображення, а описи зображень залишає словами. Посилання в новинах ведуть на сайт ради,"
    " тож відкривайте їх лише захищеним з’єднанням (VPN, Tor). Програма, що стоїть на вашому пристрої, знає про вас"
    " менше, ніж сервіс у мережі.",
    "page_without_pictures": "Ця сторінка без зображень",
    "page_with_pictures": "Ця сторінка із зображеннями",
    "by_topic": "Стрічки за темами",
    "by_topic_why": "Хто читає не все, підписується лише на потрібне.",
    "same_item": "Новина має ту саму мітку в усіх стрічках. Якщо підписатися на кілька, Newsboat і Thunderbird покажуть"
    " її лише в одній із них, інші програми — у кожній.",
    "archive": "Архів",
    "archive_of": "Архів новин",
    "whole_archive": "Увесь архів за місяцями",
    "month_is": "Усе, що рада оприлюднила за місяць, від найновішого. Заголовки ведуть на сайт ради.",
    "earlier": "Раніше",
    "later": "Пізніше",
    "more_in_feed": "і ще {items}, їх має повна стрічка місяця",
    "programs": "Для програм",
    "programs_why": "Усі стрічки одним списком; архів за RFC 5005 і всі новини рядками JSON, помісячно.",
    "list_of_feeds": "Список стрічок (OPML)",
    "list_of_dumps": "Зміст архіву (JSON)",
    "terms": "Умови ради",
    "made_by": "Стрічки готує feedpub",
    "councils": "Новини рад стрічками",
    "councils_why": "Тут новини громад виходять стрічками, на які можна підписатися з телефона чи комп’ютера.",
    "to_page": "Новини й підписка",
    "items": {"one": "новина", "few": "новини", "many": "новин"},
}
EN: Mapping[str, str | Mapping[str, str]] = {
    "skip": "To the news",
    "way": "Where you are",
    "on_page": "On this page",
    "news": "News",
    "newest": "Newest",
    "no_news": "There are no news yet: they will stand here after the first look at the council’s site.",
    "all_councils": "All councils",
    "updated": "Last change",
    "reached": "The council’s site answers",
    "unreached": "The council’s site does not answer or cannot be read. Here is all that is known of it",
    "unreached_since": "The council’s site does not answer or cannot be read; it was last read on {date}. Here is all"
    " that is known of it",
    "held": "The council’s site has changed so oddly that what is new will stand here only after a person has looked",
    "site": "The council’s site",
    "subscribe": "Subscribe",
    "subscribe_why": "A feed brings the council’s news into your reading app soon after the council has published them:"
    " no advertising, no account, no tracking.",
    "step_app": "Install an app that reads feeds. Free and without an account: Feeder or Read You on Android,"
    " NetNewsWire on iPhone and Mac, Thunderbird on a computer.",
    "step_copy": "Copy the feed’s address.",
    "step_add": "Add it in the app: usually a button “+” or “Add feed”.",
    "address": "Address of the feed",
    "copy": "Copy",
    "copied": "Copied",
    "copy_of": "Copy the address: {title}",
    "open_in": "Or open it at once",
    "in_app": "In an app on this device",
    "other_formats": "The same feed in other formats",
    "without_pictures": "Without pictures",
    "without_pictures_why": "For slow connections, and for those whom it may endanger to show themselves to servers:"
    " this feed loads no picture at all, and keeps their descriptions as words. Links in the news lead to the council’s"
    " site, so open them through a protected connection only (VPN, Tor). An app on your own device knows less about you"
    " than a service on the net.",
    "page_without_pictures": "This page without pictures",
    "page_with_pictures": "This page with pictures",
    "by_topic": "Feeds by topic",
    "by_topic_why": "Who does not read everything subscribes to what is needed.",
    "same_item": "An item carries the same id in all feeds. If you subscribe to several, Newsboat and Thunderbird show"
    " it in one of them only, other apps in each.",
    "archive": "Archive",
    "archive_of": "Archive of news",
    "whole_archive": "The whole archive by month",
    "month_is": "All that the council published in a month, the newest first. The titles lead to the council’s site.",
    "earlier": "Earlier",
    "later": "Later",
    "more_in_feed": "and {items} more, which the month’s full feed has",
    "programs": "For programs",
    "programs_why": "All feeds in one list; the archive as of RFC 5005, and all items as lines of JSON, by month.",
    "list_of_feeds": "List of feeds (OPML)",
    "list_of_dumps": "Contents of the archive (JSON)",
    "terms": "The council’s terms",
    "made_by": "Feeds made by feedpub",
    "councils": "Councils’ news as feeds",
    "councils_why": "Here the news of councils come as feeds, to which one can subscribe on a phone or a computer.",
    "to_page": "News and subscription",
    "items": {"one": "item", "other": "items"},
}
LANGUAGES = {"uk": UK, "en": EN}
LOCALES = {"uk": "uk", "en": "en_GB"}  # for Babel; British dates have the day first, as the council's have


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

    def day(self, date: date) -> str:
        return format_date(date, "d MMMM y", self.locale)

    def day_and_time(self, moment: datetime) -> str:
        return format_datetime(moment, "d MMMM y, HH:mm", locale=self.locale)

    def month(self, name: str) -> str:
        """Return a month such as 2025-11 in words."""
        return format_date(_first_day(name), "LLLL y", self.locale)

    def month_alone(self, name: str) -> str:
        """Return the same without the year."""
        return format_date(_first_day(name), "LLLL", self.locale)

    def items(self, n: int) -> str:
        """Return "1 item", "2 items", in the plural form that the number asks for (CLDR)."""
        forms = LANGUAGES[self.language]["items"]
        assert isinstance(forms, Mapping)
        return f"{n} {forms[Locale.parse(self.locale).plural_form(n)]}"


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
