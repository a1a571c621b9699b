"""The words of the pages about the pages: the accessibility statement, and what is shown where there is nothing.

The statement has the parts of the European model (Decision 2018/1523). What it says was found is true of the day that
it names: whoever changes the pages so that it is not, changes it.
"""

from __future__ import annotations

REVIEWED = "2026-11-29"  # the day on which the pages were last tested as a whole

UK = {
    "skip_text": "Перейти до тексту",
    "nothing": "Такої сторінки немає",
    "nothing_why": "Можливо, в адресі помилка, або сторінку прибрано. Новини, які рада зняла зі свого сайту, зникають і"
    " тут.",
    "access": "Заява про доступність",
    "access_link": "Що перевірено і що не працює: заява про доступність",
    "access_scope": "Ця заява стосується сторінок за адресою {front}. Її видавець хоче, щоб їх міг прочитати кожен.",
    "access_status": "Стан відповідності",
    "access_partly": "Сторінки частково відповідають ДСТУ EN 301 549:2022 (EN 301 549 V3.2.1, розділ 9) і WCAG 2.2,"
    " рівень AA. Винятки названо нижче.",
    "access_gaps": "Що недоступне",
    "access_ours": "На самих сторінках:",
    "access_gap_lang": "Уривки іншою мовою в текстах новин не позначено, тож екранний читач може вимовляти їх"
    " неправильно (WCAG 3.1.2).",
    "access_gap_script": "Пошук, фільтр за категорією й кнопки «Копіювати» та «Поділитися» працюють лише зі скриптами."
    " Без них є архів за місяцями, а адреси можна виділити.",
    "access_gap_tables": "Широкі таблиці прокручуються вбік у власній рамці.",
    "access_theirs": "У тому, що написала рада. Ми передаємо її слова без змін, тому виправити цього не можемо:",
    "access_gap_alt": "Частина зображень не має опису, або текст є лише на зображенні (1.1.1, 1.4.5).",
    "access_gap_structure": "Деякі заголовки лише виділено жирним, а таблиці не мають заголовків (1.3.1).",
    "access_gap_links": "З тексту деяких посилань не видно, куди вони ведуть (2.4.4).",
    "access_gap_files": "Документи й відео, на які є посилання, лежать на інших сайтах. Їх не перевіряли.",
    "access_gap_readers": "Стрічки показують інші програми. Їх не перевіряли.",
    "access_how": "Як підготовлено",
    "access_method": "Розробники feedpub перевірили сторінки самі; незалежної оцінки не було. Дата перевірки: {date}.",
    "access_tested": "Перевірено в Chromium, за допомогою axe-core і Nu Html Checker: світлі, темні й примусові"
    " кольори, друк, робота без скриптів; вікна завширшки від 320 до 1280 пікселів (320 — це й масштаб 400 % у вікні"
    " на 1280); удвічі більший текст; розмір того, на що натискають: щонайменше 24 на 24 пікселі, крім посилань у"
    " реченнях.",
    "access_untested": "Не перевірено: із людьми з інвалідністю, з екранними читачами (NVDA, VoiceOver, TalkBack), в"
    " інших браузерах.",
    "access_feedback": "Зворотний зв’язок",
    "access_tell": "Якщо щось вам заважає або новина потрібна в іншому вигляді, напишіть видавцю: {contact}.",
    "access_tell_nobody": "Видавець не вказав, як із ним зв’язатися.",
    "access_complaint": "Оскарження",
    "access_law": "Це не сайт ради. За доступність свого сайту відповідає рада. Порядок оскарження для сайтів органів"
    " влади стосується цих сторінок лише тоді, коли їхній видавець — орган влади.",
}
RU = {
    "skip_text": "Перейти к тексту",
    "nothing": "Такой страницы нет",
    "nothing_why": "Возможно, в адресе ошибка, или страницу убрали. Новости, которые совет снял со своего сайта,"
    " исчезают и здесь.",
    "access": "Заявление о доступности",
    "access_link": "Что проверено и что не работает: заявление о доступности",
    "access_scope": "Это заявление относится к страницам по адресу {front}. Их издатель хочет, чтобы их мог прочитать"
    " каждый.",
    "access_status": "Степень соответствия",
    "access_partly": "Страницы частично соответствуют EN 301 549 V3.2.1 (раздел 9) и WCAG 2.2, уровень AA. Исключения"
    " названы ниже.",
    "access_gaps": "Что недоступно",
    "access_ours": "На самих страницах:",
    "access_gap_lang": "Отрывки на другом языке в текстах новостей не отмечены, поэтому экранный чтец может"
    " произносить их неправильно (WCAG 3.1.2).",
    "access_gap_script": "Поиск, фильтр по категории и кнопки «Копировать» и «Поделиться» работают только со скриптами."
    " Без них есть архив по месяцам, а адреса можно выделить.",
    "access_gap_tables": "Широкие таблицы прокручиваются вбок в собственной рамке.",
    "access_theirs": "В том, что написал совет. Мы передаём его слова без изменений, поэтому исправить этого не можем:",
    "access_gap_alt": "У части изображений нет описания, или текст есть только на изображении (1.1.1, 1.4.5).",
    "access_gap_structure": "Некоторые заголовки лишь выделены жирным, а у таблиц нет заголовков (1.3.1).",
    "access_gap_links": "Из текста некоторых ссылок не видно, куда они ведут (2.4.4).",
    "access_gap_files": "Документы и видео, на которые есть ссылки, лежат на других сайтах. Их не проверяли.",
    "access_gap_readers": "Ленты показывают другие программы. Их не проверяли.",
    "access_how": "Как подготовлено",
    "access_method": "Разработчики feedpub проверили страницы сами; независимой оценки не было. Дата проверки: {date}.",
    "access_tested": "Проверено в Chromium, с помощью axe-core и Nu Html Checker: светлые, тёмные и принудительные"
    " цвета, печать, работа без скриптов; окна шириной от 320 до 1280 пикселей (320 — это и масштаб 400 % в окне на"
    " 1280); вдвое больший текст; размер того, на что нажимают: не менее 24 на 24 пикселя, кроме ссылок в"
    " предложениях.",
    "access_untested": "Не проверено: с людьми с инвалидностью, с экранными чтецами (NVDA, VoiceOver, TalkBack), в"
    " других браузерах.",
    "access_feedback": "Обратная связь",
    "access_tell": "Если вам что-то мешает или новость нужна в другом виде, напишите издателю: {contact}.",
    "access_tell_nobody": "Издатель не указал, как с ним связаться.",
    "access_complaint": "Обжалование",
    "access_law": "Это не сайт совета. За доступность своего сайта отвечает совет. Порядок обжалования для сайтов"
    " органов власти относится к этим страницам только тогда, когда их издатель — орган власти.",
}
EN = {
    "skip_text": "Skip to the text",
    "nothing": "There is no such page",
    "nothing_why": "The address may be mistyped, or the page was removed. News that the council takes off its site goes"
    " from here as well.",
    "access": "Accessibility statement",
    "access_link": "What was tested and what does not work: accessibility statement",
    "access_scope": "This statement applies to the pages at {front}. Their publisher wants everybody to be able to read"
    " them.",
    "access_status": "Compliance status",
    "access_partly": "The pages are partially compliant with EN 301 549 V3.2.1, chapter 9 (in Ukraine: ДСТУ EN 301"
    " 549:2022), and with WCAG 2.2, level AA. The exceptions are listed below.",
    "access_gaps": "Non-accessible content",
    "access_ours": "On the pages themselves:",
    "access_gap_lang": "Passages in another language are not marked in the texts of news, so a screen reader may"
    " pronounce them wrongly (WCAG 3.1.2).",
    "access_gap_script": "The search, the filter by category and the buttons “Copy” and “Share” need scripts. Without"
    " them there is the archive by month, and addresses can be selected.",
    "access_gap_tables": "Wide tables scroll sideways in a box of their own.",
    "access_theirs": "In what the council wrote. Its words are passed on unchanged, so these cannot be mended here:",
    "access_gap_alt": "Some pictures have no description, or have words in them that are nowhere else (1.1.1, 1.4.5).",
    "access_gap_structure": "Some headings are only bold text, and tables have no headers (1.3.1).",
    "access_gap_links": "The words of some links do not say where they lead (2.4.4).",
    "access_gap_files": "Documents and videos that are linked are on other sites. They were not tested.",
    "access_gap_readers": "Feeds are shown by other programs. These were not tested.",
    "access_how": "Preparation of this statement",
    "access_method": "It is a self-assessment by the makers of feedpub; nobody independent has looked. Date of the"
    " review: {date}.",
    "access_tested": "Tested in Chromium, with axe-core and the Nu Html Checker: light, dark and forced colours, print,"
    " without scripts; windows from 320 to 1280 pixels (320 is also a zoom of 400 % in a window of 1280); text twice as"
    " large; the size of what is pressed: at least 24 by 24 pixels, but for links in sentences.",
    "access_untested": "Not tested: with people with disabilities, with screen readers (NVDA, VoiceOver, TalkBack), in"
    " other browsers.",
    "access_feedback": "Feedback and contact",
    "access_tell": "If anything is in your way, or you need an item in another form, write to the publisher:"
    " {contact}.",
    "access_tell_nobody": "The publisher has not said how to be reached.",
    "access_complaint": "Enforcement procedure",
    "access_law": "This is not the council’s site. The council answers for the accessibility of its own. The"
    " enforcement procedure for sites of public bodies applies to these pages only if their publisher is a public"
    " body.",
}
