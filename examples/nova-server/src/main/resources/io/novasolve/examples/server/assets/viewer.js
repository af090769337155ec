import './common.js';

for (const button of document.querySelectorAll('.copy')) {
  button.addEventListener('click', async () => {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not allowed';
    }
    // The name of a button is not read again as it changes.
    document.getElementById('copied').textContent = button.textContent;
    setTimeout(() => { button.textContent = before; }, 1500);
  });
}

const stage = document.querySelector('.stage');
if (stage) {
  const canvas = stage.querySelector('.canvas');
  let scale = 1;
  let x = 0;
  let y = 0;
  const apply = () => {
    scale = Math.min(16, Math.max(1, scale));
    x = Math.min(0, Math.max(stage.clientWidth * (1 - scale), x));
    y = Math.min(0, Math.max(stage.clientHeight * (1 - scale), y));
    canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    stage.classList.toggle('zoomed', scale > 1);
  };
  const zoom = (factor, cx = stage.clientWidth / 2, cy = stage.clientHeight / 2) => {
    const before = scale;
    scale = Math.min(16, Math.max(1, scale * factor));
    x = cx - (cx - x) * scale / before;
    y = cy - (cy - y) * scale / before;
    apply();
  };
  stage.addEventListener('wheel', event => {
    if (event.ctrlKey || event.metaKey || scale > 1) {
      event.preventDefault();
      const box = stage.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    }
  }, { passive: false });
  stage.addEventListener('dblclick', event => {
    const box = stage.getBoundingClientRect();
    zoom(2, event.clientX - box.left, event.clientY - box.top);
  });
  let held = null;
  stage.addEventListener('pointerdown', event => {
    if (scale > 1) {
      held = { x: event.clientX - x, y: event.clientY - y };
      stage.setPointerCapture(event.pointerId);
    }
  });
  stage.addEventListener('pointermove', event => {
    if (held) {
      x = event.clientX - held.x;
      y = event.clientY - held.y;
      apply();
    }
  });
  for (const type of ['pointerup', 'pointercancel']) {
    stage.addEventListener(type, () => { held = null; });
  }
  stage.addEventListener('keydown', event => {
    const step = 60;
    const keys = {
      '+': () => zoom(1.5), '=': () => zoom(1.5), '-': () => zoom(1 / 1.5), '0': () => { scale = 1; apply(); },
      ArrowLeft: () => { x += step; apply(); }, ArrowRight: () => { x -= step; apply(); },
      ArrowUp: () => { y += step; apply(); }, ArrowDown: () => { y -= step; apply(); },
    };
    if (keys[event.key] && (scale > 1 || !event.key.startsWith('Arrow'))) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  for (const button of document.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', () => {
      if (button.dataset.zoom === 'reset') {
        scale = 1;
        apply();
      } else {
        zoom(button.dataset.zoom === 'in' ? 1.5 : 1 / 1.5);
      }
    });
  }
}
