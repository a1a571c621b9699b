"""The words for the council's press officer. docs/press.md says the same, word for word; a test compares the two."""

from __future__ import annotations

UK = {
    "press": "Для пресслужби ради",
    "press_lead": "feedpub читає сторінки новин вашого сайту й перетворює їх на стрічки. Люди підписуються на стрічку з"
    " телефона чи комп’ютера або читають новини на цих сторінках.",
    "press_text": "Ваш текст не змінюється.",
    "press_text_more": "feedpub не править жодного слова. Абзаци, посилання, світлини й файли лишаються, зникають"
    " тільки меню, скрипти й оформлення.",
    "press_link": "У кожній новині є ваше посилання.",
    "press_link_more": "Це активне пряме гіперпосилання в другому абзаці, відкрите для пошукових систем. Якщо текст"
    " починається не з абзацу, посилання стоїть першим. Воно є в кожній стрічці й на кожній сторінці з текстом новини."
    " Умови передруку зазначено і в самій стрічці. Формулювання можна узгодити.",
    "press_edits": "Виправлення доходять до читачів.",
    "press_edits_more": "Коли ви правите статтю, читачі отримують новий текст, але новина не з’являється вдруге. Якщо"
    " протягом тридцяти днів ви ще раз розмістите те саме оголошення, його не покажуть повторно. Якщо ж у ньому"
    " змінилася дата, вулиця чи прізвище, це вже інша новина. Так само «сьогодні немає води» іншого дня — нова новина.",
    "press_deleted": "Видалені статті зникають.",
    "press_deleted_more": "На це йде два дні, бо сайт міг просто тимчасово не працювати.",
    "press_server": "Сервер не перевантажується.",
    "press_server_more": "feedpub дотримується robots.txt і Crawl-delay, надсилає по одному запиту за раз, називає себе"
    " й адресу для зв’язку. Якщо нічого не змінилося, він нічого не завантажує. Якщо сайт не відповідає, перевантажений"
    " або відмовляє, запити надходять дедалі рідше, зрештою раз на добу.",
    "press_helps": "Що допомагає.",
    "press_helps_more": "Кожна стаття має власну сторінку, дати записано однаково, зі сторінки новин є перехід до"
    " попередніх, а видалена сторінка відповідає 404.",
    "press_objection": "Якщо ви заперечуєте",
    "press_objection_to": "Видавець цих сторінок: {publisher}. Напишіть: {contact}.",
    "press_objection_nobody": "Видавець цих сторінок: {publisher}.",
    "press_one": "Щоб вилучити одну новину, надішліть її адресу.",
    "press_one_more": "Видавець вилучає її командою feedpub withdraw. Слова новини стираються, стрічка Atom повідомляє"
    " програмам про вилучення, а на її сторінці тут лишається тільки речення, що новину вилучено. Копії в тих, хто її"
    " вже отримав, можуть зберегтися.",
    "press_all": "Щоб зупинити все, напишіть видавцю або закрийте новини в robots.txt.",
    "press_all_more": "Для цього є рядки «User-agent: feedpub» і «Disallow: /». Тоді feedpub нічого нового не читає, а"
    " вже оприлюднене прибирає видавець.",
    "press_button": "Кнопка для вашого сайту",
    "press_button_why": "Вставте цей код на свою сторінку. Малюнок міститься в самому коді: скриптів немає, з інших"
    " сайтів нічого не завантажується.",
    "press_button_text": "Якщо ваш сайт не приймає малюнків у коді, візьміть посилання словами:",
    "press_button_label": "Підписатися на новини ради",
    "press_code": "Код кнопки",
    "press_code_text": "Код посилання",
    "press_qr": "QR-код для сайту й оголошень",
    "press_qr_why": "Він веде на сторінку, де можна прочитати новини й підписатися. Збережіть малюнок у себе.",
    "press_qr_alt": "QR-код: {address}",
    "press_save_button": "Зберегти кнопку (SVG)",
    "press_save_qr": "Зберегти QR-код (SVG)",
}
RU = {
    "press": "Для пресс-службы совета",
    "press_lead": "feedpub читает страницы новостей вашего сайта и превращает их в ленты. Люди подписываются на ленту с"
    " телефона или компьютера либо читают новости на этих страницах.",
    "press_text": "Ваш текст не меняется.",
    "press_text_more": "feedpub не правит ни одного слова. Абзацы, ссылки, снимки и файлы остаются, исчезают только"
    " меню, скрипты и оформление.",
    "press_link": "В каждой новости есть ваша ссылка.",
    "press_link_more": "Это активная прямая гиперссылка во втором абзаце, открытая для поисковых систем. Если текст"
    " начинается не с абзаца, ссылка стоит первой. Она есть в каждой ленте и на каждой странице с текстом новости."
    " Условия перепечатки указаны и в самой ленте. Формулировку можно согласовать.",
    "press_edits": "Исправления доходят до читателей.",
    "press_edits_more": "Когда вы правите статью, читатели получают новый текст, но новость не появляется второй раз."
    " Если в течение тридцати дней вы ещё раз разместите то же объявление, его не покажут повторно. Если же в нём"
    " изменилась дата, улица или фамилия, это уже другая новость. Так же «сегодня нет воды» в другой день — новая"
    " новость.",
    "press_deleted": "Удалённые статьи исчезают.",
    "press_deleted_more": "На это уходит два дня, ведь сайт мог просто временно не работать.",
    "press_server": "Сервер не перегружается.",
    "press_server_more": "feedpub соблюдает robots.txt и Crawl-delay, отправляет по одному запросу за раз, называет"
    " себя и адрес для связи. Если ничего не изменилось, он ничего не загружает. Если сайт не отвечает, перегружен или"
    " отказывает, запросы приходят всё реже, в конце концов раз в сутки.",
    "press_helps": "Что помогает.",
    "press_helps_more": "У каждой статьи своя страница, даты записаны одинаково, со страницы новостей есть переход к"
    " предыдущим, а удалённая страница отвечает 404.",
    "press_objection": "Если вы возражаете",
    "press_objection_to": "Издатель этих страниц: {publisher}. Напишите: {contact}.",
    "press_objection_nobody": "Издатель этих страниц: {publisher}.",
    "press_one": "Чтобы удалить одну новость, пришлите её адрес.",
    "press_one_more": "Издатель удаляет её командой feedpub withdraw. Слова новости стираются, лента Atom сообщает"
    " программам об удалении, а на её странице здесь остаётся только предложение, что новость удалена. Копии у тех, кто"
    " её уже получил, могут сохраниться.",
    "press_all": "Чтобы остановить всё, напишите издателю или закройте новости в robots.txt.",
    "press_all_more": "Для этого есть строки «User-agent: feedpub» и «Disallow: /». Тогда feedpub ничего нового не"
    " читает, а уже опубликованное убирает издатель.",
    "press_button": "Кнопка для вашего сайта",
    "press_button_why": "Вставьте этот код на свою страницу. Рисунок находится в самом коде: скриптов нет, с других"
    " сайтов ничего не загружается.",
    "press_button_text": "Если ваш сайт не принимает рисунков в коде, возьмите ссылку словами:",
    "press_button_label": "Подписаться на новости совета",
    "press_code": "Код кнопки",
    "press_code_text": "Код ссылки",
    "press_qr": "QR-код для сайта и объявлений",
    "press_qr_why": "Он ведёт на страницу, где можно прочитать новости и подписаться. Сохраните рисунок у себя.",
    "press_qr_alt": "QR-код: {address}",
    "press_save_button": "Сохранить кнопку (SVG)",
    "press_save_qr": "Сохранить QR-код (SVG)",
}
EN = {
    "press": "For the council’s press officer",
    "press_lead": "feedpub reads the news pages of your site and passes them on as feeds. People subscribe to a feed"
    " on a phone or a computer, or read the news on these pages.",
    "press_text": "Your text stays as it is.",
    "press_text_more": "feedpub changes no word. It keeps paragraphs, links, pictures and files, and takes off menus,"
    " scripts and styles.",
    "press_link": "Your link is in every item.",
    "press_link_more": "It is an active, direct hyperlink in the second paragraph, and search engines may follow it. If"
    " the text begins with something other than a paragraph, the link comes first. It is in every feed, and on every"
    " page with the text of an item. The feed also states your terms. The wording can be agreed on.",
    "press_edits": "Edits arrive.",
    "press_edits_more": "When you correct an article, readers get the correction, and the item is not marked as a new"
    " one. If you post the same announcement again within thirty days, nobody is bothered twice. If you change a date,"
    " a street or a name in it, it counts as news. So does «сьогодні немає води» on another day.",
    "press_deleted": "Deleted articles disappear.",
    "press_deleted_more": "This takes two days, since a site may also be down for a while.",
    "press_server": "Your server is treated politely.",
    "press_server_more": "feedpub obeys robots.txt and its Crawl-delay. It sends one request at a time, with its name"
    " and an address where you can write. If nothing has changed, it downloads nothing. If your site is down,"
    " overloaded or refuses, feedpub comes less and less often, at last once a day.",
    "press_helps": "What helps feedpub.",
    "press_helps_more": "Every article has a page of its own, with its date in the same format. A link to the previous"
    " page of news is there. Pages that are gone answer 404.",
    "press_objection": "If you object",
    "press_objection_to": "The publisher of these pages: {publisher}. Write to {contact}.",
    "press_objection_nobody": "The publisher of these pages: {publisher}.",
    "press_one": "To have one item withdrawn, send its address.",
    "press_one_more": "The publisher withdraws it with the command feedpub withdraw. Its words are erased, the Atom"
    " feed tells programs that it was withdrawn, and its page here says no more than that. Those who have it already"
    " may keep a copy.",
    "press_all": "To stop everything, write to the publisher, or close your news in robots.txt.",
    "press_all_more": "The lines for that are “User-agent: feedpub” and “Disallow: /”. feedpub then reads nothing"
    " new, and the publisher removes what is published.",
    "press_button": "A button for your own site",
    "press_button_why": "Paste this code into a page of yours. The picture is in the code itself: there is no script,"
    " and nothing is loaded from another site.",
    "press_button_text": "If your site takes no pictures in code, use a link in words:",
    "press_button_label": "Subscribe to the council’s news",
    "press_code": "Code of the button",
    "press_code_text": "Code of the link",
    "press_qr": "A QR code for your site and your notices",
    "press_qr_why": "It leads to the page where people read the news and subscribe. Save the picture on your own site.",
    "press_qr_alt": "QR code: {address}",
    "press_save_button": "Save the button (SVG)",
    "press_save_qr": "Save the QR code (SVG)",
}
