{% include "page.js" %}

const find = document.querySelector('.find');
if (find) {
  const { archive, items, zone, at, some, none, wait, lost } = find.dataset;
  const field = find.querySelector('input');
  const chosen = find.querySelector('select');
  const list = find.querySelector('ol');
  const more = find.querySelector('button');
  const said = find.querySelector('p[role=status]');
  const newest = document.getElementById('newest');
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long', timeZone: zone });
  const months = [];
  let names, failed = 0, shown = 30, timer;

  const get = async name => {
    const answer = await fetch(archive + name);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };
  const prepared = month => ({ ...month, endings: month.endings.map(ends => new Set(ends.split('|'))) });
  const load = async () => {
    names = [];
    try {
      names = (await get('index.json')).months.map(month => month.month).reverse();
    } catch {
      names = undefined;
      said.textContent = lost;
      return;
    }
    let next = 0;
    const some = async () => {
      while (next < names.length) {
        const n = next++;
        try {
          months[n] = prepared(await get(`${names[n]}/search.json`));
        } catch {
          months[n] = { items: [], categories: [], endings: [], words: [] };
          failed++;
        }
        show();
      }
    };
    await Promise.all(Array.from({ length: 6 }, some));
  };

  const words = text => {
    const spelt = text.normalize('NFC').replace(/\u0301/g, '').replace(/[`´\u02b0-\u02ff\u2018-\u201b\u2032]/g, "'");
    return (spelt.toLowerCase().match(/[\p{L}\p{N}_]+(?:'[\p{L}\p{N}_]+)*/gu) || []).filter(w => w.length > 1 || /\d/.test(w));
  };
  const isForm = (word, stem, ends) => word.startsWith(stem) && ends.has(word.slice(stem.length));
  const begins = (word, stem, ends) =>
    stem.startsWith(word) || (word.startsWith(stem) && [...ends].some(end => (stem + end).startsWith(word)));
  const having = (month, word, isLast) => {
    const numbers = new Set();
    for (const [stem, place, those] of month.words) {
      const ends = month.endings[place];
      if (isForm(word, stem, ends) || (isLast && begins(word, stem, ends))) those.forEach(n => numbers.add(n));
    }
    return numbers;
  };
  const matching = (month, wanted, category) => {
    const number = month.categories.findIndex(c => c.toLowerCase() === category);
    const sets = wanted.map((word, n) => having(month, word, n === wanted.length - 1));
    return month.items.filter((item, n) => (!category || item[4].includes(number)) && sets.every(set => set.has(n)));
  };

  const row = ([file, when, title, url]) => {
    const line = document.createElement('li');
    const time = document.createElement('time');
    const here = document.createElement('a');
    const there = document.createElement('a');
    time.dateTime = when;
    time.textContent = day.format(new Date(when));
    here.href = `${items}${file}.html`;
    here.textContent = title;
    there.href = url;
    there.className = 'there';
    there.textContent = at;
    line.append(time, ' ', here, ' ', there);
    return line;
  };
  const show = () => {
    const wanted = words(field.value);
    const category = chosen ? chosen.value.toLowerCase() : '';
    const isAsked = wanted.length > 0 || category !== '';
    if (newest) newest.hidden = isAsked;
    if (!isAsked) {
      list.replaceChildren();
      more.hidden = true;
      said.textContent = '';
      return;
    }
    if (!names) return load();
    const found = months.flatMap(month => matching(month, wanted, category));
    const isWhole = Object.keys(months).length === names.length && names.length > 0;
    list.replaceChildren(...found.slice(0, shown).map(row));
    more.hidden = found.length <= shown;
    const count = found.length ? some.replace('{n}', found.length) : none;
    said.textContent = [isWhole ? count : wait, failed ? lost : ''].join(' ').trim();
  };
  const soon = () => {
    clearTimeout(timer);
    shown = 30;
    timer = setTimeout(show, 200);
  };
  find.hidden = false;
  field.addEventListener('input', soon);
  if (chosen) chosen.addEventListener('change', soon);
  more.addEventListener('click', () => {
    const last = list.children.length;
    shown += 30;
    show();
    if (list.children[last]) list.children[last].querySelector('a').focus();
  });
  if (field.value) soon();
}
