// The rails under a product, fetched when they come near; what was looked at stays in this browser alone.
import { hearts } from './me.js';

const KEY = 'seen-products';
const KEPT = 12;

const read = () => {
  try { return JSON.parse(localStorage.getItem(KEY) || '[]').filter(Number.isInteger); } catch { return []; }
};
const write = (ids) => {
  try { localStorage.setItem(KEY, JSON.stringify(ids)); } catch { /* a browser that keeps nothing shows nothing */ }
};

export function more(place) {
  const id = Number(document.querySelector('[data-product]')?.dataset.product);
  const seen = read().filter((each) => each !== id);
  const show = async () => {
    const answer = await fetch(`${place.dataset.more}${seen.length ? `&seen=${seen.slice(0, 8)}` : ''}`);
    if (!answer.ok) return;
    place.innerHTML = await answer.text();
    hearts(place);
  };
  place.addEventListener('click', (event) => {
    const button = event.target.closest('[data-forget-seen]');
    if (button) { write([]); button.closest('section').remove(); }
  });
  new IntersectionObserver(([entry], watch) => {
    if (entry.isIntersecting) { watch.disconnect(); show().catch(() => {}); }
  }, { rootMargin: '600px' }).observe(place);
  if (id) write([id, ...seen].slice(0, KEPT));
}
