{% include "pictures.js" %}

for (const warning of document.querySelectorAll('[data-from]')) {
  warning.hidden = Date.now() < Date.parse(warning.dataset.from);
}
const copy = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
    button.focus();
  }
  const said = document.querySelector('.said');
  said.textContent = button.dataset.said;
  said.classList.add('shown');
  setTimeout(() => { said.textContent = ''; said.classList.remove('shown'); }, 2500);
};
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', () => copy(button.dataset.copy, button));
}
for (const step of document.querySelectorAll('[data-step]')) step.hidden = false;
const isPhone = Boolean(navigator.share) && matchMedia('(pointer: coarse)').matches;
for (const part of document.querySelectorAll('[data-sharing]')) part.hidden = !isPhone;
for (const link of document.querySelectorAll('[data-app]')) {
  link.href = link.dataset.app;
  link.hidden = isPhone;
}
for (const button of document.querySelectorAll('button[data-feed]')) {
  button.addEventListener('click', async () => {
    const url = button.dataset.feed;
    try {
      await navigator.share({ url });
    } catch (error) {
      if (error.name !== 'AbortError') await copy(url, button);
    }
  });
}
