"""The words that only the edition without pictures has. ``strings`` has all others, and joins these to them."""

from __future__ import annotations

UK = {
    "bare_why": "Тут немає зображень. Ця сторінка та її стрічки самі нічого не завантажують ні з сайту ради, ні з інших"
    " сайтів.",
    "bare_beware": "Посилання в новинах ведуть на сайт ради. Якщо вам небезпечно залишати там сліди, не відкривайте їх"
    " або відкривайте лише через VPN чи Tor.",
    "on_site": "На сайті ради",
    "whole_in_archive": "Це лише початок. Увесь текст — в архіві",
    "whole_on_site": "Це лише початок, бо текст дуже великий. Увесь він на сайті ради.",
    "no_news_then": "За ці дні новин немає.",
    "bare_subscribe": "Підпишіться без зображень",
    "bare_subscribe_why": "Програма на вашому пристрої братиме новини лише звідси. Онлайн-сервіс знатиме, що ви"
    " читаєте, тож краще обійтися без нього.",
    "bare_step_app": "Не вмикайте в ній завантаження повних текстів: вона бере їх із сайту ради, а тут вони й так"
    " повні.",
    "page_with_pictures_loads": "(завантажує зображення із сайту ради)",
}
RU = {
    "bare_why": "Здесь нет изображений. Эта страница и её ленты сами ничего не загружают ни с сайта совета, ни с других"
    " сайтов.",
    "bare_beware": "Ссылки в новостях ведут на сайт совета. Если вам опасно оставлять там следы, не открывайте их или"
    " открывайте только через VPN либо Tor.",
    "on_site": "На сайте совета",
    "whole_in_archive": "Это только начало. Весь текст — в архиве",
    "whole_on_site": "Это только начало, потому что текст очень большой. Весь он на сайте совета.",
    "no_news_then": "За эти дни новостей нет.",
    "bare_subscribe": "Подпишитесь без изображений",
    "bare_subscribe_why": "Программа на вашем устройстве будет брать новости только отсюда. Онлайн-сервис будет знать,"
    " что вы читаете, поэтому лучше обойтись без него.",
    "bare_step_app": "Не включайте в ней загрузку полных текстов: она берёт их с сайта совета, а здесь они и так"
    " полные.",
    "page_with_pictures_loads": "(загружает изображения с сайта совета)",
}
EN = {
    "bare_why": "There are no pictures here. By themselves, this page and its feeds load nothing from the council’s"
    " site or from any other.",
    "bare_beware": "Links in the news lead to the council’s site. If it is dangerous for you to leave traces there, do"
    " not open them, or open them only through a VPN or Tor.",
    "on_site": "On the council’s site",
    "whole_in_archive": "This is only the beginning. The whole text is in the archive",
    "whole_on_site": "This is only the beginning, for the text is very large. All of it is on the council’s site.",
    "no_news_then": "There is no news of these days.",
    "bare_subscribe": "Subscribe without pictures",
    "bare_subscribe_why": "An app on your device will take the news from here alone. An online service will know what"
    " you read, so better do without one.",
    "bare_step_app": "Leave its loading of full texts off: it takes them from the council’s site, and here they are"
    " whole anyway.",
    "page_with_pictures_loads": "(loads pictures from the council’s site)",
}
