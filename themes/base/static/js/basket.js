// The basket without page loads: putting in, changing, taking out. Every form works by itself; here its answer is only
// put where it belongs, and what it says is said once.
const bag = () => document.querySelector('a[data-mini]');
const drawer = () => document.getElementById('mini-basket');
let edits = 0; // a newer change is on its way: the answer to an older one is not shown
let chain = Promise.resolve();

export function showBag(page) {
  const [old, fresh] = [bag(), page.querySelector('a[data-mini]')];
  if (!old || !fresh) return;
  old.setAttribute('aria-label', fresh.getAttribute('aria-label')); // the same element: focus comes back to it
  old.replaceChildren(...fresh.childNodes);
}

async function ask(address, form, submitter, more = {}) {
  const body = form && new URLSearchParams(new FormData(form, submitter));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await fetch(address, body && { method: 'POST', body });
  if (!answer.ok) throw new RangeError(`answered ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

function fill(region, page) {
  const focused = region.contains(document.activeElement) && document.activeElement;
  update(region, page.querySelector('[data-basket]'));
  showBag(page);
  if (focused && !focused.isConnected) region.querySelector('[tabindex="-1"]').focus(); // its line is gone
  region.querySelector('[data-express]')?.dispatchEvent(new Event('change')); // a wallet's button is of the old sum
  const words = [...region.querySelectorAll('.messages, .field__error, [data-say]')].map((each) => each.innerText.replace(/\s+/g, ' ').trim());
  region.previousElementSibling.textContent = words.join('. ');
}

// What is the same stays on the page, with its focus and its pictures; only what changed is drawn.
function update(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return; }
  for (const { name } of [...old.attributes]) if (name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.nodeName === 'INPUT') old.value = fresh.value;
  if (old.matches('[data-express]')) return; // Stripe's own frame
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    let twin = at;
    while (twin && next.nodeType === Node.ELEMENT_NODE && kind(twin) !== kind(next)) twin = twin.nextSibling;
    if (!twin || kind(twin) !== kind(next)) { old.insertBefore(next, at); continue; }
    while (at !== twin) at = drop(at);
    at = twin.nextSibling;
    update(twin, next);
  }
  while (at) at = drop(at);
}

const kind = (node) => [node.nodeName, node.getAttribute?.('id'), node.getAttribute?.('class')].join();

function drop(node) {
  const rest = node.nextSibling;
  node.remove();
  return rest;
}

function open(page) {
  if (!drawer()) document.body.append(document.importNode(page.getElementById('mini-basket'), true));
  fill(drawer().querySelector('[data-basket]'), page);
  if (!drawer().open) drawer().showModal();
}

async function put(form, submitter) {
  form.setAttribute('aria-busy', 'true');
  try {
    open(await ask(form.action, form, submitter, { next: bag().dataset.mini }));
  } catch (error) {
    if (error instanceof RangeError) form.submit(); // refused: the page that says why
    else location.assign(bag().href); // whether it arrived is not known: the basket shows it
  } finally {
    form.removeAttribute('aria-busy');
  }
}

async function change(form, submitter, edit) {
  const region = form.closest('[data-basket]');
  try {
    const page = await ask(form.action, form, submitter);
    if (edit === edits) fill(region, page);
  } catch {
    location.assign(bag().href);
  }
}

export function basket() {
  if (!bag() || !window.HTMLDialogElement) return;
  document.addEventListener('change', ({ target }) => { if (target.closest('[data-in-place]')) edits += 1; });
  document.addEventListener('submit', (event) => {
    const { target: form, submitter } = event;
    const [puts, changes] = ['[data-to-basket]', '[data-in-place]'].map((each) => form.matches(each));
    if (!puts && !changes) return;
    event.preventDefault();
    if (puts && form.getAttribute('aria-busy')) return;
    edits += 1;
    const edit = edits;
    chain = chain.then(() => puts ? put(form, submitter) : change(form, submitter, edit));
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-mini]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector('main [data-basket]')) return;
    event.preventDefault();
    ask(link.dataset.mini).then(open).catch(() => location.assign(link.href));
  });
  addEventListener('pagehide', () => drawer()?.remove()); // back again, it would show what was
}
