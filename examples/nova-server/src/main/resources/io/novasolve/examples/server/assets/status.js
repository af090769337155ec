import './common.js';

const box = document.getElementById('progress');
if (box && box.dataset.over !== 'true') {
  const events = new EventSource(`/status/${box.dataset.submission}/events`);
  events.addEventListener('progress', event => {
    const news = JSON.parse(event.data);
    const list = box.querySelector('.steps');
    list.replaceChildren(...news.steps.map(step => {
      const item = document.createElement('li');
      item.className = step.state;
      const dot = document.createElement('span');
      dot.className = 'dot';
      dot.setAttribute('aria-hidden', 'true');
      const text = document.createElement('span');
      text.textContent = step.text;
      item.append(dot, text);
      return item;
    }));
    const now = document.getElementById('now');
    if (now.textContent !== news.now) {
      now.textContent = news.now;
    }
    if (news.over) {
      events.close();
      location.replace(news.next);
    }
  });
} else if (box && location.hash === '#new') {
  location.replace(box.dataset.result);
}
