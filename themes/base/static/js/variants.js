// Another variant without a page load: its own page is fetched and its parts take the place of this page's. A link
// that is opened in a new tab, a fetch that fails and a browser without scripts all come to the same page.
const PARTS = ['[data-product]', '[data-live="bar"]', '[data-live="zoom"]'];

export function variants(enhance) {
  const product = () => document.querySelector('[data-product]');
  if (!product() || !history.pushState) return;
  let shown = location.pathname;
  let asked;

  const swap = (next, focus) => {
    const open = [...product().querySelectorAll('.accordion details')].map((d) => d.open);
    const stays = pictures(document) === pictures(next) && product().querySelector('.gallery');
    for (const part of PARTS) {
      const [old, fresh] = [document.querySelector(part), next.querySelector(part)];
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
    if (stays) product().querySelector('.gallery').replaceWith(stays);
    product().querySelectorAll('.accordion details').forEach((d, i) => { if (i in open) d.open = open[i]; });
    document.title = next.title;
    enhance(product(), !stays);
    if (focus) product().querySelectorAll('.picker')[focus.picker]?.querySelectorAll('.option')[focus.option]?.focus();
  };

  const show = async (address, { push, focus } = {}) => {
    asked?.abort();
    const mine = asked = new AbortController();
    product().setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(address, { signal: mine.signal, headers: { Accept: 'text/html' } });
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!answer.ok || !next.querySelector('[data-product]')) throw new Error('not a product');
      if (push) history.pushState({ variant: true }, '', address);
      shown = location.pathname;
      swap(next, focus);
    } catch (error) {
      if (error.name !== 'AbortError') location.assign(address);
    }
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-product] .option');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.getAttribute('aria-current')) return;
    const picker = link.closest('.picker');
    show(link.href, {
      push: true,
      focus: { picker: [...product().querySelectorAll('.picker')].indexOf(picker), option: [...picker.querySelectorAll('.option')].indexOf(link) },
    });
  });
  addEventListener('popstate', () => { if (location.pathname !== shown) show(location.href); });
}

const pictures = (root) => [...root.querySelectorAll('[data-product] .gallery__track a')].map((a) => a.getAttribute('href')).join();
