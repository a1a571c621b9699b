"""All words of the pages, in one place. A language is a row; one that is not here is English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime

from feedpub.publishing.page import pictureless_strings

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
    "site": "Сайт ради",
    "subscribe": "Підписатися",
    "subscribe_to": "Підпишіться на новини ради",
    "subscribe_why": "Новини ради приходитимуть у вашу програму для читання стрічок невдовзі після публікації: без"
    " реклами, без реєстрації, без стеження.",
    "step_app": "Встановіть програму для читання стрічок. Ці безкоштовні й не потребують облікового запису: Feeder або"
    " Read You для Android, NetNewsWire для iPhone і Mac, Thunderbird для комп’ютера.",
    "step_copy": "Скопіюйте адресу стрічки.",
    "step_add": "Додайте її в програмі. Зазвичай для цього є кнопка «+» або «Додати стрічку».",
    "copy": "Копіювати",
    "copied": "Скопійовано",
    "copy_of": "Копіювати адресу: {title}",
    "open_in": "Або відкрийте одразу",
    "in_app": "У програмі на цьому пристрої",
    "formats": "Формати стрічки",
    "without_pictures": "Без зображень",
    "without_pictures_why": "Для повільного інтернету й для тих, кому небезпечно залишати сліди на сайті ради. Окрема"
    " сторінка з повними текстами та власними стрічками: самі вони нічого не завантажують з інших сайтів.",
    "page_without_pictures": "Сторінка без зображень",
    "page_with_pictures": "Сторінка із зображеннями",
    "by_topic": "Стрічки за темами",
    "by_topic_why": "Підпишіться лише на те, що вас цікавить.",
    "same_item": "Одна новина може бути в кількох стрічках. Якщо підписатися на кілька, Newsboat і Thunderbird покажуть"
    " її один раз, а інші програми — у кожній стрічці.",
    "archive": "Архів",
    "archive_of": "Архів новин",
    "whole_archive": "Весь архів за місяцями",
    "month_is": "Усе, що рада оприлюднила за цей місяць, спершу найновіше. Заголовки ведуть на сайт ради.",
    "earlier": "Раніше",
    "later": "Пізніше",
    "more_in_feed": "Ще {items} — у повній стрічці місяця",
    "programs": "Для розробників",
    "programs_why": "Список усіх стрічок, архів за RFC 5005 і всі новини рядками JSON, окремо за кожен місяць.",
    "list_of_feeds": "Список стрічок (OPML)",
    "list_of_dumps": "Зміст архіву (JSON)",
    "terms": "Умови використання",
    "made_by": "Стрічки створює feedpub",
    "councils": "Стрічки новин місцевих рад",
    "councils_why": "Читайте новини своєї громади на телефоні чи комп’ютері: підпишіться на її стрічку.",
    "to_page": "Новини й підписка",
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
    "site": "Сайт совета",
    "subscribe": "Подписаться",
    "subscribe_to": "Подпишитесь на новости совета",
    "subscribe_why": "Новости совета будут приходить в вашу программу для чтения лент вскоре после публикации: без"
    " рекламы, без регистрации, без слежки.",
    "step_app": "Установите программу для чтения лент. Эти бесплатны и не требуют учётной записи: Feeder или Read You"
    " для Android, NetNewsWire для iPhone и Mac, Thunderbird для компьютера.",
    "step_copy": "Скопируйте адрес ленты.",
    "step_add": "Добавьте его в программе. Обычно для этого есть кнопка «+» или «Добавить ленту».",
    "copy": "Копировать",
    "copied": "Скопировано",
    "copy_of": "Копировать адрес: {title}",
    "open_in": "Или откройте сразу",
    "in_app": "В программе на этом устройстве",
    "formats": "Форматы ленты",
    "without_pictures": "Без изображений",
    "without_pictures_why": "Для медленного интернета и для тех, кому опасно оставлять следы на сайте совета. Отдельная"
    " страница с полными текстами и собственными лентами: сами они ничего не загружают с других сайтов.",
    "page_without_pictures": "Страница без изображений",
    "page_with_pictures": "Страница с изображениями",
    "by_topic": "Ленты по темам",
    "by_topic_why": "Подпишитесь только на то, что вам интересно.",
    "same_item": "Одна новость может быть в нескольких лентах. Если подписаться на несколько, Newsboat и Thunderbird"
    " покажут её один раз, а другие программы — в каждой ленте.",
    "archive": "Архив",
    "archive_of": "Архив новостей",
    "whole_archive": "Весь архив по месяцам",
    "month_is": "Всё, что совет опубликовал за этот месяц, сначала самое новое. Заголовки ведут на сайт совета.",
    "earlier": "Раньше",
    "later": "Позже",
    "more_in_feed": "Ещё {items} — в полной ленте месяца",
    "programs": "Для разработчиков",
    "programs_why": "Список всех лент, архив по RFC 5005 и все новости строками JSON, отдельно за каждый месяц.",
    "list_of_feeds": "Список лент (OPML)",
    "list_of_dumps": "Содержание архива (JSON)",
    "terms": "Условия использования",
    "made_by": "Ленты создаёт feedpub",
    "councils": "Ленты новостей местных советов",
    "councils_why": "Читайте новости своей громады на телефоне или компьютере: подпишитесь на её ленту.",
    "to_page": "Новости и подписка",
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
    "site": "The council’s site",
    "subscribe": "Subscribe",
    "subscribe_to": "Subscribe to your council’s news",
    "subscribe_why": "The council’s news comes to your feed reader soon after it is published: no ads, no account, no"
    " tracking.",
    "step_app": "Install a feed reader. These are free and need no account: Feeder or Read You for Android, NetNewsWire"
    " for iPhone and Mac, Thunderbird for computers.",
    "step_copy": "Copy the address of the feed.",
    "step_add": "Add it in the app. Look for a “+” or “Add feed” button.",
    "copy": "Copy",
    "copied": "Copied",
    "copy_of": "Copy the address: {title}",
    "open_in": "Or open it right away",
    "in_app": "In an app on this device",
    "formats": "Feed formats",
    "without_pictures": "Without pictures",
    "without_pictures_why": "For slow connections, and for people who must not leave traces on the council’s site. A"
    " page of its own with whole texts and feeds of its own: by themselves, they load nothing from other sites.",
    "page_without_pictures": "Page without pictures",
    "page_with_pictures": "Page with pictures",
    "by_topic": "Feeds by topic",
    "by_topic_why": "Subscribe only to what interests you.",
    "same_item": "A news item can be in several feeds. If you subscribe to more than one, Newsboat and Thunderbird show"
    " it once, and other apps show it in every feed.",
    "archive": "Archive",
    "archive_of": "News archive",
    "whole_archive": "The whole archive by month",
    "month_is": "Everything the council published in this month, newest first. Titles lead to the council’s site.",
    "earlier": "Earlier",
    "later": "Later",
    "more_in_feed": "{items} more in the full feed of this month",
    "programs": "For developers",
    "programs_why": "A list of all feeds, the archive as defined in RFC 5005, and all items as lines of JSON, month by"
    " month.",
    "list_of_feeds": "List of feeds (OPML)",
    "list_of_dumps": "Archive index (JSON)",
    "terms": "Terms of use",
    "made_by": "Feeds made by feedpub",
    "councils": "Council news feeds",
    "councils_why": "Read your council’s news on a phone or computer: subscribe to its feed.",
    "to_page": "News and subscription",
    "items": {"one": "item", "other": "items"},
}
LANGUAGES: Mapping[str, Strings] = {
    "uk": {**UK, **pictureless_strings.UK},
    "ru": {**RU, **pictureless_strings.RU},
    "en": {**EN, **pictureless_strings.EN},
}
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
        return format_date(day, "d MMMM y", self.locale)

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
