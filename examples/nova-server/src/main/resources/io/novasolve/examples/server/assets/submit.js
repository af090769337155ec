import './common.js';

/** More than these go into an archive. */
const MOST_FILES = 100;
/** Bytes of a form beside its file. */
const BESIDE = 20_000;

const form = document.getElementById('submit');
if (form) {
  const input = form.querySelector('input[type=file]');
  const drop = form.querySelector('.drop');
  const chosen = document.getElementById('chosen');
  const bar = document.getElementById('sent');
  const button = form.querySelector('.primary');
  const url = form.querySelector('input[name=url]');
  const most = Number(form.dataset.max);
  /** Pages of what is sent already, of files that were chosen together. */
  let sent = [];
  let sending = false;

  // Without scripts a form would send all of its files at once, of which the server takes one.
  input.multiple = true;

  const size = bytes => `${(bytes / 1e6).toFixed(1)} MB`;
  const isTooLarge = file => file.size + BESIDE > most;
  const say = lines => chosen.replaceChildren(...lines.map(([text, kind]) => {
    const line = document.createElement('span');
    line.className = kind;
    line.textContent = text;
    return line;
  }));
  const linesOf = files => [
    ...files.slice(0, MOST_FILES).map(file => isTooLarge(file)
      ? [`${file.name}, ${size(file.size)}: too large, this server takes at most ${size(most)} at once`, 'bad']
      : [`${file.name}, ${size(file.size)}`, '']),
    ...(files.length > MOST_FILES
      ? [[`These are ${files.length}, and at most ${MOST_FILES} can be sent together: put them into a zip or tar archive.`, 'bad']]
      : []),
  ];
  const show = (...more) => say([...linesOf([...input.files]), ...more]);
  const change = () => { sent = []; show(); };
  input.addEventListener('change', () => { url.value = ''; change(); });
  url.addEventListener('input', () => { input.value = ''; change(); });

  const take = data => {
    if (sending) {
      return;
    }
    const text = data.getData('text').trim();
    if (data.files.length > 0) {
      input.files = data.files;
      url.value = '';
      change();
    } else if (/^https?:\/\/\S+$/.test(text)) {
      input.value = '';
      url.value = text;
      change();
    }
  };
  // Anywhere on the page: a browser leaves it for a file that nobody takes.
  for (const type of ['dragenter', 'dragover']) {
    document.addEventListener(type, event => { event.preventDefault(); drop.classList.add('over'); });
  }
  document.addEventListener('dragleave', event => {
    if (!event.relatedTarget) {
      drop.classList.remove('over');
    }
  });
  document.addEventListener('drop', event => {
    event.preventDefault();
    drop.classList.remove('over');
    take(event.dataTransfer);
  });
  document.addEventListener('paste', event => {
    if (!event.target.matches('input:not([type=file]), textarea')) {
      take(event.clipboardData);
    }
  });

  /** Sends one file, or what else the form has; gives the page of the submission, or throws what went wrong. */
  const send = (file, onPart) => new Promise((done, fail) => {
    const data = new FormData(form);
    if (file) {
      data.set('file', file);
    }
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'text/html');
    request.upload.addEventListener('progress', event => onPart(event.loaded / event.total));
    request.addEventListener('load', () => {
      const to = new URL(request.responseURL);
      if (request.status < 400 && to.pathname !== '/upload') {
        done(to);
      } else {
        const page = new DOMParser().parseFromString(request.responseText, 'text/html');
        fail(new Error(page.querySelector('main p')?.textContent ?? 'It could not be sent.'));
      }
    });
    request.addEventListener('error', () => fail(new Error('The server cannot be reached, or it refused so large a picture.')));
    request.send(data);
  });

  /** To the one submission, or to the list of all. */
  const go = () => {
    if (sent.length === 1) {
      // The mark tells the page of the submission to go on to the result, even if that is there before the page is.
      sent[0].hash = 'new';
      location.assign(sent[0]);
    } else {
      location.assign(`/submissions?ids=${sent.map(to => to.pathname.split('/').pop()).join(',')}`);
    }
  };

  const keep = files => {
    const left = new DataTransfer();
    files.forEach(file => left.items.add(file));
    input.files = left.files;
  };

  form.addEventListener('submit', async event => {
    event.preventDefault();
    const files = [...input.files];
    if (sending || files.length > MOST_FILES || files.some(isTooLarge)) {
      return;
    }
    sending = true;
    button.disabled = true;
    bar.value = 0;
    bar.hidden = false;
    const all = files.length > 0 ? files : [null];
    let next = 0;
    try {
      for (; next < all.length; next++) {
        sent.push(await send(all[next], part => { bar.value = 100 * (next + part) / all.length; }));
      }
      go();
    } catch (error) {
      // The next attempt goes on with what is left.
      if (next > 0) {
        keep(all.slice(next));
      }
      show(
        ...(sent.length > 0 ? [[`${sent.length} of ${sent.length + all.length - next} are sent.`, '']] : []),
        [error.message, 'bad']);
      sending = false;
      button.disabled = false;
      bar.hidden = true;
    }
  });
  // Who comes back finds the button ready again.
  addEventListener('pageshow', event => {
    if (event.persisted) {
      location.reload();
    }
  });
}
