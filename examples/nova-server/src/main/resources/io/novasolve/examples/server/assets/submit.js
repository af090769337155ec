import './common.js';

const form = document.getElementById('submit');
if (form) {
  const input = form.querySelector('input[type=file]');
  const drop = form.querySelector('.drop');
  const chosen = document.getElementById('chosen');
  const bar = document.getElementById('sent');
  const url = form.querySelector('input[name=url]');

  const show = () => {
    const file = input.files[0];
    chosen.textContent = file ? `${file.name}, ${(file.size / 1e6).toFixed(1)} MB` : '';
  };
  input.addEventListener('change', () => { url.value = ''; show(); });
  url.addEventListener('input', () => { input.value = ''; show(); });
  for (const type of ['dragenter', 'dragover']) {
    drop.addEventListener(type, event => { event.preventDefault(); drop.classList.add('over'); });
  }
  for (const type of ['dragleave', 'drop']) {
    drop.addEventListener(type, () => drop.classList.remove('over'));
  }
  const take = data => {
    if (data.files.length > 0) {
      input.files = data.files;
      url.value = '';
      show();
      return true;
    }
    const text = data.getData('text').trim();
    if (/^https?:\/\/\S+$/.test(text)) {
      input.value = '';
      url.value = text;
      show();
      return true;
    }
    return false;
  };
  drop.addEventListener('drop', event => { event.preventDefault(); take(event.dataTransfer); });
  document.addEventListener('paste', event => {
    if (!event.target.matches('input:not([type=file]), textarea') && take(event.clipboardData)) {
      event.preventDefault();
    }
  });

  form.addEventListener('submit', event => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'text/html');
    bar.hidden = false;
    request.upload.addEventListener('progress', e => { bar.value = 100 * e.loaded / e.total; });
    request.addEventListener('load', () => {
      const to = new URL(request.responseURL);
      if (request.status < 400 && to.pathname !== '/upload') {
        // The mark tells the page of the submission to go on to the result, even if that is there before the page is.
        to.hash = 'new';
        location.assign(to);
      } else {
        const page = new DOMParser().parseFromString(request.responseText, 'text/html');
        chosen.textContent = page.querySelector('main p')?.textContent ?? 'It could not be sent.';
        bar.hidden = true;
      }
    });
    request.addEventListener('error', () => { chosen.textContent = 'The server cannot be reached.'; bar.hidden = true; });
    request.send(new FormData(form));
  });
}
