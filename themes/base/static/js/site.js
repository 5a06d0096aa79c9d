// Progressive enhancement only. Every link and form works without this file.
import { basket } from './basket.js';
import { consent } from './consent.js';
import { gallery } from './gallery.js';
import { me, wish } from './me.js';
import { more } from './more.js';
import { suggest } from './suggest.js';
import { variants } from './variants.js';

if (!window.ApplePaySession && !window.PaymentRequest) document.documentElement.classList.add('no-wallets');
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

document.addEventListener('click', (event) => {
  // Links that open a dialog when they can, and navigate when they cannot.
  const opener = event.target.closest('[data-dialog]');
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
  }
  // A click on the backdrop closes its dialog.
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
  if (event.target.closest('[data-print]')) window.print();
  const box = event.target.closest('[data-express-open]')?.parentElement;
  if (box) import('./express.js').then(({ express }) => express(box));
  const step = event.target.closest('[data-qty] [data-step]');
  if (step) {
    const input = step.closest('[data-qty]').querySelector('input');
    if (Number(step.dataset.step) > 0) input.stepUp(); else input.stepDown();
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }
});

// A change submits the form of a control, or of the group it stands in, that asks for it; quick steps submit once.
let submission;
document.addEventListener('change', (event) => {
  const { form } = event.target;
  if (!form || !event.target.closest('[data-autosubmit]')) return;
  clearTimeout(submission);
  submission = setTimeout(() => form.requestSubmit(), event.target.type === 'number' ? 400 : 0);
});

// The small-screen buy bar appears once the real button has left the screen.
let buyWatch;
function buyBar() {
  buyWatch?.disconnect();
  const bar = document.querySelector('[data-buybar]');
  const buy = document.querySelector('[data-buy]');
  if (!bar || !buy) return;
  buyWatch = new IntersectionObserver(([entry]) => { bar.hidden = entry.isIntersecting || entry.boundingClientRect.top > 0; });
  buyWatch.observe(buy);
  bar.querySelector('[data-buy-proxy]').addEventListener('click', () => buy.form.requestSubmit(buy));
}

// An error summary takes the focus on load.
document.getElementById('errors')?.focus();

basket();
consent();
me();
buyBar();
$$('[data-gallery]').forEach(gallery);
$$('[data-more]').forEach(more);
variants((root, isNewGallery) => { buyBar(); wish(); if (isNewGallery) $$('[data-gallery]', root).forEach(gallery); });
$$('[data-suggest]').forEach(suggest);
