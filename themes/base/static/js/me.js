// A page that is the same for everybody, kept by a CDN or by the browser: what is the visitor's own is fetched into it.
// The cookie `shopper` says that there is something; it holds nothing else.
import { showBag } from './basket.js';

const isKnown = () => document.cookie.split('; ').includes('shopper=1');

// A product's place on the wish lists of whoever is signed in; everybody else keeps the link.
export async function wish(place = document.querySelector('[data-wish]')) {
  if (!place?.dataset.wish || !isKnown()) return;
  const answer = await fetch(place.dataset.wish).catch(() => null);
  if (answer?.status === 200) place.outerHTML = await answer.text();
}

// The hearts of product cards: those of products on a list take the places of the forms that would save them.
export async function hearts(root = document) {
  const forms = [...root.querySelectorAll('form[data-heart]')];
  if (!forms.length || !isKnown()) return;
  const answer = await fetch(`${document.documentElement.dataset.saved}?of=${forms.map((form) => form.dataset.heart)}`).catch(() => null);
  if (answer?.status !== 200) return;
  for (const heart of parse(await answer.text())) {
    forms.filter((form) => form.dataset.heart === heart.dataset.heart).forEach((form) => form.replaceWith(heart.cloneNode(true)));
  }
}

// Saved without a page load. Who is not signed in, or got no answer, takes the form's own way.
async function save(form) {
  const body = new URLSearchParams(new FormData(form));
  body.set('part', form.matches('[data-heart]') ? 'heart' : 'button');
  const answer = await fetch(form.action, { method: 'POST', body }).catch(() => null);
  const [saved] = answer?.ok && !answer.redirected ? parse(await answer.text()) : [];
  if (!saved) { form.submit(); return; }
  form.replaceWith(saved);
  saved.querySelector('a').focus();
}

const parse = (text) => [...new DOMParser().parseFromString(text, 'text/html').body.children];

export function me() {
  wish();
  hearts();
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[data-heart], form[data-wish]') || !isKnown()) return;
    event.preventDefault();
    save(event.target);
  });
  const { me: address, forAll } = document.documentElement.dataset;
  if (address && forAll !== undefined && isKnown()) show(address);
  // Back to a page the browser kept as it was: the basket may have changed since.
  addEventListener('pageshow', (event) => { if (address && event.persisted && isKnown()) show(address); });
}

async function show(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const own = new DOMParser().parseFromString(await answer.text(), 'text/html');
  showBag(own);
  const messages = own.querySelector('.messages');
  if (messages) document.getElementById('main')?.prepend(document.adoptNode(messages));
}
