import { page } from './common.js';

const PAUSE = 2000;
const box = document.getElementById('progress');

function say(id, text) {
  const line = document.getElementById(id);
  // What has not changed is not read aloud again.
  if (line.textContent !== text) {
    line.textContent = text;
  }
}

function step({ state, text }) {
  const item = document.createElement('li');
  item.className = state;
  const dot = document.createElement('span');
  dot.className = 'dot';
  dot.setAttribute('aria-hidden', 'true');
  const words = document.createElement('span');
  words.textContent = text;
  item.append(dot, words);
  return item;
}

function tell(news) {
  box.querySelector('.steps').replaceChildren(...news.steps.map(step));
  say('now', news.now);
  say('stage', news.stage);
  if (news.over) {
    location.replace(news.next);
  }
}

/** As the page itself says it. */
function newsOf(fresh) {
  const there = fresh.getElementById('progress');
  return {
    steps: [...there.querySelectorAll('.steps li')].map(li => ({ state: li.className, text: li.textContent.trim() })),
    now: fresh.getElementById('now').textContent,
    stage: fresh.getElementById('stage').textContent,
    over: there.dataset.over === 'true',
    next: there.dataset.result,
  };
}

/** For a server, or something between, that lets nobody follow. */
async function ask() {
  try {
    const news = newsOf(await page(location.href));
    tell(news);
    if (news.over) {
      return;
    }
  } catch (error) {
    console.warn(error.message);
  }
  setTimeout(ask, PAUSE);
}

if (box && box.dataset.over !== 'true') {
  const events = new EventSource(`/status/${box.dataset.submission}/events`);
  events.addEventListener('progress', event => {
    const news = JSON.parse(event.data);
    if (news.over) {
      events.close();
    }
    tell(news);
  });
  events.addEventListener('error', () => {
    // Of its own it tries again only while the server is out of reach.
    if (events.readyState === EventSource.CLOSED) {
      ask();
    }
  });
} else if (box && location.hash === '#new') {
  location.replace(box.dataset.result);
}
