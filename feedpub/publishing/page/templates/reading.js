{% include "pictures.js" %}

const button = document.querySelector('button[data-share]');
if (button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const { share: url, said } = button.dataset;
    const told = document.querySelector('.said');
    try {
      if (navigator.share) return await navigator.share({ title: document.title, url });
      await navigator.clipboard.writeText(url);
      told.textContent = said;
    } catch (error) {
      if (error.name !== 'AbortError') told.textContent = url;
    }
    told.classList.toggle('shown', told.textContent !== '');
    setTimeout(() => { told.textContent = ''; told.classList.remove('shown'); }, 6000);
  });
}
