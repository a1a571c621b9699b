{% include "pictures.js" %}

for (const warning of document.querySelectorAll('[data-from]')) {
  warning.hidden = Date.now() < Date.parse(warning.dataset.from);
}
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const field = document.createElement('textarea');
      field.value = button.dataset.copy;
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
  });
}
