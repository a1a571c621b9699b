{% include "pictures.js" %}

const button = document.querySelector('button[data-share]');
if (button && navigator.share) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const url = button.dataset.share;
    try {
      await navigator.share({ title: document.title, url });
    } catch (error) {
      if (error.name === 'AbortError') return;
      const told = document.querySelector('.said');
      told.textContent = url;
      told.classList.add('shown');
      setTimeout(() => { told.textContent = ''; told.classList.remove('shown'); }, 6000);
    }
  });
}
