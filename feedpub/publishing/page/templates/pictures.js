const missing = picture => {
  const box = picture.closest('.pictured');
  if (box) {
    box.classList.remove('pictured');
    return (picture.closest('.photo') || picture).remove();
  }
  const words = document.createElement('span');
  words.className = 'missing';
  words.textContent = picture.alt;
  picture.replaceWith(...(picture.alt ? [words] : []));
};
document.addEventListener('error', event => { if (event.target.localName === 'img') missing(event.target); }, true);
for (const picture of document.images) if (picture.complete && !picture.naturalWidth && picture.loading !== 'lazy') missing(picture);
