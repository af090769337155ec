import { page } from './common.js';

// Pictures that are still waited for are looked at again.
const PAUSE = 3000;
const cards = document.querySelector('.cards');

function replace(fresh) {
  const before = new Map([...cards.children].map(card => [card.dataset.id, card]));
  const focused = document.activeElement.closest('.cards li')?.dataset.id;
  cards.replaceChildren(...[...fresh.children].map(card => {
    const old = before.get(card.dataset.id);
    return old?.isEqualNode(card) ? old : card;
  }));
  if (focused) {
    cards.querySelector(`[data-id="${focused}"] a`)?.focus();
  }
}

async function look() {
  try {
    const fresh = (await page(location.href)).querySelector('.cards');
    if (fresh) {
      replace(fresh);
    }
  } catch (error) {
    // The server may be starting anew.
    console.warn(error.message);
  }
  waitForBusy();
}

function waitForBusy() {
  if (cards.querySelector('.busy')) {
    setTimeout(look, PAUSE);
  }
}

if (cards) {
  waitForBusy();
}
