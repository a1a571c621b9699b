"""The words of the monthly page for the council's press officer: what went well, what could be better, why, and how."""

from __future__ import annotations

from collections.abc import Mapping

UK: Mapping[str, str | Mapping[str, str]] = {
    "report_title": "Ваші новини за {month} року",
    "report_lead": "Дякуємо за вашу роботу! Тут видно, як новини ради цього місяця дійшли до читачів і як зробити їх"
    " ще зручнішими. Сторінку зроблено лише для пресслужби, її ніде не опубліковано.",
    "report_quiet": "Цього місяця нових публікацій на сайті ради ми не бачили. Так буває. Люди, які підписалися на"
    " новини, лишаються з вами: щойно ви щось опублікуєте, вони це отримають.",
    "report_well": "Що вдалося",
    "report_news": {
        "one": "Читачі отримали {n} новину.",
        "few": "Читачі отримали {n} новини.",
        "many": "Читачі отримали {n} новин.",
    },
    "report_pace": "Зазвичай новина потрапляє до стрічки {time} після публікації.",
    "report_slowest": "Найпізніше, {time} після публікації, з’явилася ця новина:",
    "report_slowest_why": "Так буває, якщо сайт якийсь час не відповідав або якщо в новині стоїть час, раніший за той,"
    " коли вона з’явилася на сайті.",
    "report_under_an_hour": "менш ніж за годину",
    "report_hours": {"one": "через {n} годину", "few": "через {n} години", "many": "через {n} годин"},
    "report_whole_days": {"one": "через {n} день", "few": "через {n} дні", "many": "через {n} днів"},
    "report_untitled_none": "Кожна новина має заголовок.",
    "report_undated_none": "Кожна новина має дату, тож у стрічці все стоїть по порядку.",
    "report_mute_none": "Кожне зображення має опис: про нього дізнаються й ті, хто слухає новини.",
    "report_dead_none": "Посилань на видалені сторінки вашого сайту ми не помітили.",
    "report_heavy_none": "Зображення легкі: серед тих, чий розмір ми знаємо, жодне не перевищує 1 МБ.",
    "report_days": "Коли виходили новини",
    "report_day": "День тижня",
    "report_number": "Новин",
    "report_better": "Що може бути ще краще",
    "report_better_lead": "Це поради, а не зауваження. Виправте новину на своєму сайті, і згодом виправлення дійде до"
    " читачів. Надсилати нікому нічого не треба.",
    "report_fine": "Цього місяця нам нічого порадити: усе гаразд. Дякуємо!",
    "report_why": "Чому це важливо.",
    "report_how": "Як це зробити.",
    "report_untitled": {
        "one": "{n} новина без заголовка",
        "few": "{n} новини без заголовка",
        "many": "{n} новин без заголовка",
    },
    "report_untitled_why": "У стрічці люди спершу бачать заголовок. Новину без нього легко проминути.",
    "report_untitled_how": "Відкрийте новину для редагування, впишіть заголовок і збережіть її.",
    "report_undated": {"one": "{n} новина без дати", "few": "{n} новини без дати", "many": "{n} новин без дати"},
    "report_undated_why": "Читач не знає, чи новина сьогоднішня, чи торішня. Стрічка показує її тим днем, коли ми її"
    " побачили.",
    "report_undated_how": "Покажіть на сторінці новини дату публікації, так само, як на інших. Якщо там стоїть лише"
    " дата майбутньої події, додайте поруч і дату публікації.",
    "report_mute": {
        "one": "{n} зображення без опису",
        "few": "{n} зображення без опису",
        "many": "{n} зображень без опису",
    },
    "report_mute_why": "Незрячі люди слухають новини, а в декого зображення вимкнено через повільний інтернет. Без"
    " опису вони не дізнаються, що на світлині чи на афіші.",
    "report_mute_how": "Коли додаєте зображення, заповніть поле «Альтернативний текст» (alt). Досить одного речення,"
    " наприклад: «Нова зупинка на вулиці Центральній». Слова з афіші повторіть у тексті новини. Якщо зображення лише"
    " прикрашає сторінку, опис не потрібен.",
    "report_dead": {
        "one": "{n} посилання нікуди не веде",
        "few": "{n} посилання нікуди не ведуть",
        "many": "{n} посилань нікуди не ведуть",
    },
    "report_dead_why": "Читач натискає на посилання й дізнається, що сторінки немає (відповідь сервера 404 або 410).",
    "report_dead_how": "Виправте адресу або приберіть посилання. Якщо сторінку перенесено, нехай стара адреса веде на"
    " нову.",
    "report_heavy": {
        "one": "{n} зображення понад 1 МБ",
        "few": "{n} зображення понад 1 МБ",
        "many": "{n} зображень понад 1 МБ",
    },
    "report_heavy_why": "На телефоні зі слабким зв’язком таке зображення довго не з’являється і забирає оплачений"
    " інтернет.",
    "report_heavy_how": "Перш ніж додати світлину, зменште її до 1600 пікселів за довшою стороною і збережіть як JPEG."
    " На екрані різниці не видно.",
    "report_megabytes": "{n} МБ",
    "report_pictures": {"one": "{n} зображення", "few": "{n} зображення", "many": "{n} зображень"},
    "report_edits": "Виправлення",
    "report_edited": {
        "one": "Після публікації ви виправили {n} новину. Читачі отримали новий текст, а вдруге новина не з’явилася.",
        "few": "Після публікації ви виправили {n} новини. Читачі отримали новий текст, а вдруге жодна не з’явилася.",
        "many": "Після публікації ви виправили {n} новин. Читачі отримали новий текст, а вдруге жодна не з’явилася.",
    },
    "report_times": {"one": "виправлено {n} раз", "few": "виправлено {n} рази", "many": "виправлено {n} разів"},
    "report_moved": "Перенесені сторінки",
    "report_moved_pages": {
        "one": "Нову адресу отримала {n} сторінка, і стара веде на неї. Читачі нічого не загубили. Нехай стара адреса"
        " працює й надалі.",
        "few": "Нові адреси отримали {n} сторінки, і старі ведуть на них. Читачі нічого не загубили. Нехай старі"
        " адреси працюють і надалі.",
        "many": "Нові адреси отримали {n} сторінок, і старі ведуть на них. Читачі нічого не загубили. Нехай старі"
        " адреси працюють і надалі.",
    },
    "report_moved_to": "тепер тут:",
    "report_no_title": "Новина без заголовка",
    "report_more": {"one": "і ще {n} новина", "few": "і ще {n} новини", "many": "і ще {n} новин"},
    "report_more_pages": {"one": "і ще {n} сторінка", "few": "і ще {n} сторінки", "many": "і ще {n} сторінок"},
    "report_notes": "Як ми рахували",
    "report_zone": "Місяць і дні тижня — за місцевим часом ради. Новину без дати зараховано до дня, коли ми її"
    " побачили.",
    "report_sizes": {
        "one": "Ми знаємо розмір {n} зображення. Решту не вимірювали, щоб не навантажувати ваш сервер.",
        "few": "Ми знаємо розмір {n} зображень. Решту не вимірювали, щоб не навантажувати ваш сервер.",
        "many": "Ми знаємо розмір {n} зображень. Решту не вимірювали, щоб не навантажувати ваш сервер.",
    },
    "report_links_known": "Посилання ми не перевіряли одне за одним, щоб не навантажувати ваш сервер. Тут лише ті, про"
    " які ми вже знали.",
    "report_links_asked": {
        "one": "Ми перевірили {n} посилання на ваш сайт.",
        "few": "Ми по черзі, не поспішаючи, перевірили {n} посилання на ваш сайт.",
        "many": "Ми по черзі, не поспішаючи, перевірили {n} посилань на ваш сайт.",
    },
}
RU: Mapping[str, str | Mapping[str, str]] = {
    "report_title": "Ваши новости за {month} года",
    "report_lead": "Спасибо за вашу работу! Здесь видно, как новости совета в этом месяце дошли до читателей и как"
    " сделать их ещё удобнее. Страница сделана только для пресс-службы, она нигде не опубликована.",
    "report_quiet": "В этом месяце новых публикаций на сайте совета мы не видели. Так бывает. Люди, подписанные на"
    " новости, остаются с вами: как только вы что-то опубликуете, они это получат.",
    "report_well": "Что удалось",
    "report_news": {
        "one": "Читатели получили {n} новость.",
        "few": "Читатели получили {n} новости.",
        "many": "Читатели получили {n} новостей.",
    },
    "report_pace": "Обычно новость попадает в ленту {time} после публикации.",
    "report_slowest": "Позже всех, {time} после публикации, появилась эта новость:",
    "report_slowest_why": "Так бывает, если сайт какое-то время не отвечал или если в новости стоит время более"
    " раннее, чем то, когда она появилась на сайте.",
    "report_under_an_hour": "меньше чем через час",
    "report_hours": {"one": "через {n} час", "few": "через {n} часа", "many": "через {n} часов"},
    "report_whole_days": {"one": "через {n} день", "few": "через {n} дня", "many": "через {n} дней"},
    "report_untitled_none": "У каждой новости есть заголовок.",
    "report_undated_none": "У каждой новости есть дата, поэтому в ленте всё стоит по порядку.",
    "report_mute_none": "У каждого изображения есть описание: о нём узнают и те, кто слушает новости.",
    "report_dead_none": "Ссылок на удалённые страницы вашего сайта мы не заметили.",
    "report_heavy_none": "Изображения лёгкие: среди тех, чей размер мы знаем, ни одно не больше 1 МБ.",
    "report_days": "Когда выходили новости",
    "report_day": "День недели",
    "report_number": "Новостей",
    "report_better": "Что может быть ещё лучше",
    "report_better_lead": "Это советы, а не замечания. Исправьте новость на своём сайте, и со временем исправление"
    " дойдёт до читателей. Никому ничего отправлять не нужно.",
    "report_fine": "В этом месяце нам нечего посоветовать: всё в порядке. Спасибо!",
    "report_why": "Почему это важно.",
    "report_how": "Как это сделать.",
    "report_untitled": {
        "one": "{n} новость без заголовка",
        "few": "{n} новости без заголовка",
        "many": "{n} новостей без заголовка",
    },
    "report_untitled_why": "В ленте люди сначала видят заголовок. Новость без него легко пропустить.",
    "report_untitled_how": "Откройте новость для редактирования, впишите заголовок и сохраните её.",
    "report_undated": {"one": "{n} новость без даты", "few": "{n} новости без даты", "many": "{n} новостей без даты"},
    "report_undated_why": "Читатель не знает, сегодняшняя это новость или прошлогодняя. Лента показывает её тем днём,"
    " когда мы её увидели.",
    "report_undated_how": "Покажите на странице новости дату публикации, так же, как на других. Если там стоит только"
    " дата будущего события, добавьте рядом и дату публикации.",
    "report_mute": {
        "one": "{n} изображение без описания",
        "few": "{n} изображения без описания",
        "many": "{n} изображений без описания",
    },
    "report_mute_why": "Незрячие люди слушают новости, а у кого-то изображения отключены из-за медленного интернета."
    " Без описания они не узнают, что на снимке или на афише.",
    "report_mute_how": "Когда добавляете изображение, заполните поле «Альтернативный текст» (alt). Достаточно одного"
    " предложения, например: «Новая остановка на улице Центральной». Слова с афиши повторите в тексте новости. Если"
    " изображение только украшает страницу, описание не нужно.",
    "report_dead": {
        "one": "{n} ссылка никуда не ведёт",
        "few": "{n} ссылки никуда не ведут",
        "many": "{n} ссылок никуда не ведут",
    },
    "report_dead_why": "Читатель нажимает на ссылку и узнаёт, что страницы нет (ответ сервера 404 или 410).",
    "report_dead_how": "Исправьте адрес или уберите ссылку. Если страница перенесена, пусть старый адрес ведёт на"
    " новый.",
    "report_heavy": {
        "one": "{n} изображение больше 1 МБ",
        "few": "{n} изображения больше 1 МБ",
        "many": "{n} изображений больше 1 МБ",
    },
    "report_heavy_why": "На телефоне со слабой связью такое изображение долго не появляется и расходует оплаченный"
    " интернет.",
    "report_heavy_how": "Прежде чем добавить снимок, уменьшите его до 1600 пикселей по длинной стороне и сохраните как"
    " JPEG. На экране разницы не видно.",
    "report_megabytes": "{n} МБ",
    "report_pictures": {"one": "{n} изображение", "few": "{n} изображения", "many": "{n} изображений"},
    "report_edits": "Исправления",
    "report_edited": {
        "one": "После публикации вы исправили {n} новость. Читатели получили новый текст, а второй раз новость не"
        " появилась.",
        "few": "После публикации вы исправили {n} новости. Читатели получили новый текст, а второй раз ни одна не"
        " появилась.",
        "many": "После публикации вы исправили {n} новостей. Читатели получили новый текст, а второй раз ни одна не"
        " появилась.",
    },
    "report_times": {"one": "исправлено {n} раз", "few": "исправлено {n} раза", "many": "исправлено {n} раз"},
    "report_moved": "Перенесённые страницы",
    "report_moved_pages": {
        "one": "Новый адрес получила {n} страница, и старый ведёт на неё. Читатели ничего не потеряли. Пусть старый"
        " адрес работает и дальше.",
        "few": "Новые адреса получили {n} страницы, и старые ведут на них. Читатели ничего не потеряли. Пусть старые"
        " адреса работают и дальше.",
        "many": "Новые адреса получили {n} страниц, и старые ведут на них. Читатели ничего не потеряли. Пусть старые"
        " адреса работают и дальше.",
    },
    "report_moved_to": "теперь здесь:",
    "report_no_title": "Новость без заголовка",
    "report_more": {"one": "и ещё {n} новость", "few": "и ещё {n} новости", "many": "и ещё {n} новостей"},
    "report_more_pages": {"one": "и ещё {n} страница", "few": "и ещё {n} страницы", "many": "и ещё {n} страниц"},
    "report_notes": "Как мы считали",
    "report_zone": "Месяц и дни недели — по местному времени совета. Новость без даты отнесена к дню, когда мы её"
    " увидели.",
    "report_sizes": {
        "one": "Мы знаем размер {n} изображения. Остальные не измеряли, чтобы не нагружать ваш сервер.",
        "few": "Мы знаем размер {n} изображений. Остальные не измеряли, чтобы не нагружать ваш сервер.",
        "many": "Мы знаем размер {n} изображений. Остальные не измеряли, чтобы не нагружать ваш сервер.",
    },
    "report_links_known": "Ссылки мы не проверяли одну за другой, чтобы не нагружать ваш сервер. Здесь только те, о"
    " которых мы уже знали.",
    "report_links_asked": {
        "one": "Мы проверили {n} ссылку на ваш сайт.",
        "few": "Мы по очереди, не спеша, проверили {n} ссылки на ваш сайт.",
        "many": "Мы по очереди, не спеша, проверили {n} ссылок на ваш сайт.",
    },
}
EN: Mapping[str, str | Mapping[str, str]] = {
    "report_title": "Your news in {month}",
    "report_lead": "Thank you for your work! This page shows how the council’s news reached its readers this month,"
    " and how to make it even easier to read. It was made for the press office alone and is not published anywhere.",
    "report_quiet": "We saw no new articles on the council’s site this month. That happens. The people who subscribe"
    " to your news are still there: as soon as you publish something, they will get it.",
    "report_well": "What went well",
    "report_news": {"one": "Your readers received {n} news item.", "other": "Your readers received {n} news items."},
    "report_pace": "News is usually in the feed {time} of being published.",
    "report_slowest": "This item took the longest, and was in the feed {time} of being published:",
    "report_slowest_why": "That happens if the site did not answer for a while, or if an article is dated earlier than"
    " it appeared.",
    "report_under_an_hour": "within an hour",
    "report_hours": {"one": "within {n} hour", "other": "within {n} hours"},
    "report_whole_days": {"one": "within {n} day", "other": "within {n} days"},
    "report_untitled_none": "Every item has a title.",
    "report_undated_none": "Every item has a date, so everything is in its place in the feed.",
    "report_mute_none": "Every picture has a description, so people who listen to the news know about it, too.",
    "report_dead_none": "We noticed no links to removed pages of your site.",
    "report_heavy_none": "Your pictures are light: of those whose size we know, none is larger than 1 MB.",
    "report_days": "When the news came out",
    "report_day": "Day of the week",
    "report_number": "Items",
    "report_better": "What could be even better",
    "report_better_lead": "These are tips, not complaints. Change the article on your site, and in time your readers"
    " get the change. There is nothing to send to anybody.",
    "report_fine": "We have no tips this month: all is well. Thank you!",
    "report_why": "Why it matters.",
    "report_how": "What to do.",
    "report_untitled": {"one": "{n} item without a title", "other": "{n} items without a title"},
    "report_untitled_why": "The title is what people see first in a feed. An item without one is easily overlooked.",
    "report_untitled_how": "Open the article for editing, write a title and save it.",
    "report_undated": {"one": "{n} item without a date", "other": "{n} items without a date"},
    "report_undated_why": "Readers cannot tell whether the news is from today or from last year. The feed shows it"
    " under the day on which we first saw it.",
    "report_undated_how": "Show the date of publication on the page of the article, as on the others. If the page only"
    " has the date of a coming event, add the date of publication beside it.",
    "report_mute": {"one": "{n} picture without a description", "other": "{n} pictures without a description"},
    "report_mute_why": "Blind people listen to the news, and some people switch pictures off because their connection"
    " is slow. Without a description they do not learn what a photo or a poster shows.",
    "report_mute_how": "When you add a picture, fill in the field “Alternative text” (alt). One sentence is enough,"
    " such as “The new bus stop in Central Street”. Repeat the words of a poster in the text. A picture that is only"
    " decoration needs no description.",
    "report_dead": {"one": "{n} link that leads nowhere", "other": "{n} links that lead nowhere"},
    "report_dead_why": "Readers follow the link, and learn that there is no such page (the server answers 404 or 410).",
    "report_dead_how": "Correct the address, or remove the link. If the page has moved, let its old address lead to"
    " the new one.",
    "report_heavy": {"one": "{n} picture larger than 1 MB", "other": "{n} pictures larger than 1 MB"},
    "report_heavy_why": "On a phone with a weak connection such a picture takes long to appear, and uses up data that"
    " people pay for.",
    "report_heavy_how": "Before you add a photo, scale it down to 1600 pixels on its longer side and save it as JPEG."
    " On a screen nobody sees the difference.",
    "report_megabytes": "{n} MB",
    "report_pictures": {"one": "{n} picture", "other": "{n} pictures"},
    "report_edits": "Corrections",
    "report_edited": {
        "one": "You corrected {n} item after it was published. Readers got the new text, and the item did not come"
        " twice.",
        "other": "You corrected {n} items after they were published. Readers got the new text, and none came twice.",
    },
    "report_times": {"one": "corrected {n} time", "other": "corrected {n} times"},
    "report_moved": "Pages that have moved",
    "report_moved_pages": {
        "one": "{n} page has a new address, and the old one leads there. Readers lost nothing. Please keep the old"
        " address working.",
        "other": "{n} pages have new addresses, and the old ones lead there. Readers lost nothing. Please keep the old"
        " addresses working.",
    },
    "report_moved_to": "is now here:",
    "report_no_title": "Item without a title",
    "report_more": {"one": "and {n} more item", "other": "and {n} more items"},
    "report_more_pages": {"one": "and {n} more page", "other": "and {n} more pages"},
    "report_notes": "How we counted",
    "report_zone": "The month and the days of the week follow the council’s local time. An item without a date counts"
    " for the day on which we first saw it.",
    "report_sizes": {
        "one": "We know the size of {n} picture. We did not measure the others, to spare your server.",
        "other": "We know the size of {n} pictures. We did not measure the others, to spare your server.",
    },
    "report_links_known": "We did not try one link after the other, to spare your server. Only those are here that we"
    " knew of already.",
    "report_links_asked": {
        "one": "We tried {n} link to your site.",
        "other": "We tried {n} links to your site, one after the other and without haste.",
    },
}
