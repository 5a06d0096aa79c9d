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

export function me() {
  wish();
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
