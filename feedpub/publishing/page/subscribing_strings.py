"""The words that tell how to subscribe to a feed. ``strings`` has all others, and joins these to them."""

from __future__ import annotations

UK = {
    "subscribe": "Підписатися",
    "subscribe_to": "Підпишіться на новини ради",
    "subscribe_to_feed": "Підпишіться: {title}",
    "subscribe_why": "Новини ради приходитимуть у вашу програму для читання стрічок невдовзі після публікації: без"
    " реклами, без реєстрації, без стеження.",
    "step_app": "Встановіть програму для читання стрічок, якщо її ще немає. Ці безкоштовні й не потребують облікового"
    " запису.",
    "in_english": "меню англійською",
    "step_open": "Передайте їй стрічку.",
    "in_app": "Відкрити в програмі",
    "share_feed": "Передати в програму",
    "share_hint": "Виберіть свою програму у списку, що відкриється.",
    "step_copy": "Або скопіюйте адресу й додайте її в програмі кнопкою «+» або «Додати стрічку».",
    "online": "Або без програми",
    "by_mail": "поштою",
    "services_see": "Такий сервіс бачить, що ви читаєте, а той, що надсилає листи, знає ще й вашу електронну адресу.",
    "formats": "Формати стрічки для програм",
    "by_topic": "Новини за темами",
    "by_topic_why": "Читайте лише те, що вас цікавить, або підпишіться на це.",
    "all_news": "Усі новини",
    "none_yet": "Новин на цю тему ще немає. Можна підписатися: перша прийде, щойно рада її опублікує.",
    "permanent": "Постійна адреса",
    "more_in_month": "Ще {items} — на сторінці місяця без зображень",
}
RU = {
    "subscribe": "Подписаться",
    "subscribe_to": "Подпишитесь на новости совета",
    "subscribe_to_feed": "Подпишитесь: {title}",
    "subscribe_why": "Новости совета будут приходить в вашу программу для чтения лент вскоре после публикации: без"
    " рекламы, без регистрации, без слежки.",
    "step_app": "Установите программу для чтения лент, если её ещё нет. Эти бесплатны и не требуют учётной записи.",
    "in_english": "меню на английском",
    "step_open": "Передайте ей ленту.",
    "in_app": "Открыть в программе",
    "share_feed": "Передать в программу",
    "share_hint": "Выберите свою программу в открывшемся списке.",
    "step_copy": "Или скопируйте адрес и добавьте его в программе кнопкой «+» или «Добавить ленту».",
    "online": "Или без программы",
    "by_mail": "по почте",
    "services_see": "Такой сервис видит, что вы читаете, а тот, что присылает письма, знает ещё и ваш электронный"
    " адрес.",
    "formats": "Форматы ленты для программ",
    "by_topic": "Новости по темам",
    "by_topic_why": "Читайте только то, что вам интересно, или подпишитесь на это.",
    "all_news": "Все новости",
    "none_yet": "Новостей на эту тему ещё нет. Можно подписаться: первая придёт, как только совет её опубликует.",
    "permanent": "Постоянный адрес",
    "more_in_month": "Ещё {items} — на странице месяца без изображений",
}
EN = {
    "subscribe": "Subscribe",
    "subscribe_to": "Subscribe to your council’s news",
    "subscribe_to_feed": "Subscribe: {title}",
    "subscribe_why": "The council’s news comes to your feed reader soon after it is published: no ads, no account, no"
    " tracking.",
    "step_app": "Install a feed reader, if you have none yet. These are free and need no account.",
    "in_english": "menus in English",
    "step_open": "Give it the feed.",
    "in_app": "Open in the app",
    "share_feed": "Send to the app",
    "share_hint": "Choose your app in the list that opens.",
    "step_copy": "Or copy the address and add it in the app with “+” or “Add feed”.",
    "online": "Or without an app",
    "by_mail": "by mail",
    "services_see": "Such a service sees what you read, and one that sends mail also knows your mail address.",
    "formats": "Feed formats for programs",
    "by_topic": "News by topic",
    "by_topic_why": "Read only what interests you, or subscribe to it.",
    "all_news": "All news",
    "none_yet": "There is no news on this yet. You can subscribe: the first will come once the council publishes it.",
    "permanent": "Permanent address",
    "more_in_month": "{items} more on the month’s page without pictures",
}
