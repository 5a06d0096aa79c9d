// The card form and everything around it. The server places the order and says what it costs; this file only
// asks for it, shows what it answers, and hands the card to Stripe. Without it the page still takes the order.

import './address.js';

const form = document.querySelector('form[data-checkout]');
const mount = document.getElementById('payment-element');
const details = form.querySelector('[data-details]');
const payButton = form.querySelector('[data-pay]');
const summary = document.querySelector('[data-error-summary]');
const paymentError = document.getElementById('payment-error');
const tooSmall = document.getElementById('too-small'); // says so where Stripe charges no amount as small as this
const FINAL_STATUSES = ['succeeded', 'processing', 'canceled'];

let stripe = null;
let elements = null;
const ways = form.querySelector('[data-ways]');
let amount = Number(mount.dataset.amount);
const saveCard = form.querySelector('[data-save-card]'); // the tick of a signed-in customer
let placed = null; // what the server answered once the order exists

// By bank transfer there is no card to ask for: the order is all there is to send.
const isTransfer = () => new FormData(form).get('way') === 'bank_transfer';

const isHosted = mount.dataset.hosted !== undefined;

const isChargeable = () => amount > 0 && (!tooSmall || tooSmall.hidden);

// ---- totals -------------------------------------------------------------------------------------------------

const setSlots = (name, text) => {
  for (const slot of document.querySelectorAll(`[data-slot="${name}"]`)) slot.textContent = text;
};
let asked = 0;
let refreshing = Promise.resolve(true);

function showSummary(answer) {
  for (const place of document.querySelectorAll('[data-sums]')) place.innerHTML = answer.sums;
  setSlots('total', answer.total);
  form.dataset.shownTotal = answer.shown_total;
  form.dataset.shownCredit = answer.shown_credit;
  amount = answer.minor_total;
  mount.parentElement.hidden = !(amount > 0) || Boolean(answer.too_small);
  if (tooSmall) {
    tooSmall.hidden = !answer.too_small;
    tooSmall.querySelector('span').textContent = answer.too_small;
  }
  if (ways) ways.hidden = !(amount > 0);
  document.querySelector('[data-nothing-to-pay]').hidden = amount > 0;
  const vatAnswer = form.querySelector('[data-vat-answer]');
  if (vatAnswer) {
    vatAnswer.textContent = answer.vat_answer;
    vatAnswer.hidden = !answer.vat_answer;
  }
  if (answer.problem) showErrors(answer);
  if (elements && isChargeable()) elements.update({ amount });
  else showCardForm();
}

// The server says what the order comes to; of several answers under way only the newest counts.
async function fetchSummary() {
  asked += 1;
  const question = asked;
  const response = await fetch(form.dataset.summaryUrl, { method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' } });
  if (!response.ok) return false;
  const answer = await response.json();
  if (question !== asked) return true;
  if (answer.redirect) {
    location.assign(answer.redirect);
    return false;
  }
  showSummary(answer);
  return !answer.problem;
}

function refreshSummary() {
  if (!form.dataset.summaryUrl || placed) return;
  refreshing = fetchSummary().catch(() => false);
}

// ---- errors -------------------------------------------------------------------------------------------------

function clearErrors() {
  summary.hidden = true;
  if (paymentError) paymentError.hidden = true;
  mount.parentElement.classList.remove('is-invalid');
  for (const line of form.querySelectorAll('.field .field__error')) line.remove();
  for (const control of form.querySelectorAll('[aria-invalid]')) {
    control.removeAttribute('aria-invalid');
    const ids = (control.getAttribute('aria-describedby') || '').split(' ').filter((id) => id && !id.endsWith('_error'));
    if (ids.length) control.setAttribute('aria-describedby', ids.join(' '));
    else control.removeAttribute('aria-describedby');
  }
}

function markField({ id, message }) {
  const control = document.getElementById(id);
  const field = control?.closest('.field');
  if (!field) return;
  const line = document.createElement('p');
  line.className = 'field__error';
  line.id = `${id}_error`;
  line.textContent = message;
  field.append(line);
  control.setAttribute('aria-invalid', 'true');
  control.setAttribute('aria-describedby', [line.id, control.getAttribute('aria-describedby')].filter(Boolean).join(' '));
}

function showErrors({ problem, errors = [] }) {
  const sentence = summary.querySelector('[data-problem]');
  sentence.textContent = problem || '';
  sentence.hidden = !problem;
  const list = summary.querySelector('ul');
  list.replaceChildren(...errors.map(({ id, label, message }) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = `#${id}`;
    link.textContent = `${label}: ${message}`;
    item.append(link);
    return item;
  }));
  errors.forEach(markField);
  summary.hidden = false;
  summary.focus();
}

// The focus goes there only after the shopper asked to pay: totals that refresh must not take it away.
function showPaymentError(message, { isAnswer = true } = {}) {
  paymentError.querySelector('span').textContent = message;
  paymentError.hidden = false;
  mount.parentElement.classList.add('is-invalid');
  if (isAnswer) document.getElementById('payment').focus();
}

// ---- Stripe -------------------------------------------------------------------------------------------------

// Stripe wants plain colours, tokens may be mixes: let the browser work them out.
function tokenColour(token) {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  mount.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  const numbers = colour.match(/[\d.]+/g);
  if (!colour.startsWith('rgb') || !numbers) return undefined;
  return `#${numbers.slice(0, 3).map((n) => Math.round(Number(n)).toString(16).padStart(2, '0')).join('')}`;
}

function appearance() {
  const style = getComputedStyle(document.documentElement);
  const variables = {
    colorPrimary: tokenColour('--c-primary'),
    colorBackground: tokenColour('--c-page'),
    colorText: tokenColour('--c-ink'),
    colorDanger: tokenColour('--c-danger'),
    colorTextPlaceholder: tokenColour('--c-ink-2'),
    borderRadius: style.getPropertyValue('--r-control').trim() || undefined,
    fontFamily: getComputedStyle(document.body).fontFamily,
  };
  for (const name of Object.keys(variables)) if (!variables[name]) delete variables[name];
  return { theme: 'stripe', variables };
}

// Stripe wants to know before it asks for the card whether it is to be kept; it is kept for orders by hand only.
const keepsCard = () => (saveCard ? saveCard.checked : mount.dataset.savesCard !== undefined);

// Returns the secret that shows the cards they keep.
async function openCardSession() {
  const url = mount.dataset.cardsUrl;
  if (!url) return undefined;
  const body = new FormData();
  body.set('csrfmiddlewaretoken', form.querySelector('[name="csrfmiddlewaretoken"]').value);
  const response = await fetch(url, {
    method: 'POST', body, headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(10_000),
  });
  return response.ok ? (await response.json()).client_secret : undefined;
}

const cardSession = openCardSession().catch(() => {});

// No room is kept for a form that will not come; the button asks for it once more.
function showNoCardForm({ isAnswer }) {
  elements = null;
  mount.hidden = true;
  showPaymentError(mount.dataset.unavailable, { isAnswer });
}

// Totals may be answered before the kept cards are: the form waits, it cannot be given them later.
async function showCardForm({ isAnswer = false } = {}) {
  const customerSessionClientSecret = await cardSession;
  if (elements || !isChargeable() || !mount.dataset.publishableKey) return;
  if (!window.Stripe) {
    showNoCardForm({ isAnswer });
    return;
  }
  mount.hidden = false;
  stripe = window.Stripe(mount.dataset.publishableKey, { locale: mount.dataset.locale || 'auto' });
  elements = stripe.elements({
    mode: 'payment',
    amount,
    currency: mount.dataset.currency,
    appearance: appearance(),
    loader: 'never', // the page keeps the form's room itself
    ...(keepsCard() ? { setupFutureUsage: 'on_session' } : {}),
    ...(customerSessionClientSecret ? { customerSessionClientSecret } : {}),
  });
  const card = elements.create('payment', { layout: 'tabs' });
  card.on('ready', () => { mount.dataset.ready = 'true'; });
  card.on('loaderror', () => showNoCardForm({ isAnswer: false }));
  mount.replaceChildren();
  card.mount(mount);
}

// ---- order and pay ------------------------------------------------------------------------------------------

function setBusy(isBusy) {
  payButton.disabled = isBusy;
  payButton.toggleAttribute('aria-busy', isBusy);
}

async function placeOrder() {
  const data = new FormData(form);
  data.set('shown_total', form.dataset.shownTotal);
  data.set('shown_credit', form.dataset.shownCredit);
  const response = await fetch(form.action, { method: 'POST', body: data, headers: { Accept: 'application/json' } });
  return response.json();
}

// From here on the order exists: its details stand, and only paying is left.
function keepOrder(payUrl) {
  if (details) details.disabled = true;
  if (saveCard) saveCard.disabled = true;
  const note = document.querySelector('[data-placed]');
  if (note) {
    note.hidden = false;
    note.querySelector('[data-pay-link]').href = payUrl;
  }
  history.replaceState(null, '', payUrl);
}

// Returns false when the page has nothing more to do for now.
async function ensureOrder() {
  if (placed) return true;
  const answer = await placeOrder();
  if (answer.redirect) {
    location.assign(answer.redirect);
    return false;
  }
  if (answer.pay_url) keepOrder(answer.pay_url);
  if (!answer.client_secret) {
    showErrors(answer);
    if (answer.reload) setTimeout(() => location.reload(), 4000);
    return false;
  }
  if (answer.amount !== amount) {
    location.assign(answer.pay_url);
    return false;
  }
  placed = answer;
  return true;
}

async function pay() {
  const { error: incomplete } = await elements.submit();
  if (incomplete) {
    showPaymentError(incomplete.message);
    return;
  }
  if (!await ensureOrder()) return;
  const { error } = await stripe.confirmPayment({
    elements,
    clientSecret: placed.client_secret,
    confirmParams: { return_url: placed.return_url },
  });
  // Only reached when nothing was charged, or when another tab was faster.
  if (FINAL_STATUSES.includes(error?.payment_intent?.status)) location.assign(placed.pay_url);
  else showPaymentError(error?.message || mount.dataset.unavailable);
}

form.addEventListener('submit', async (event) => {
  if (event.submitter?.hasAttribute('formaction')) return;
  if (!(amount > 0)) return; // nothing to pay: the browser sends the form itself
  event.preventDefault();
  if (payButton.disabled) return;
  clearErrors();
  setBusy(true);
  try {
    await refreshing; // what is charged is what the page shows
    if (isTransfer()) await ensureOrder();
    else if (!isChargeable()) showErrors({ problem: tooSmall.textContent });
    else if (isHosted) await ensureOrder(); // the answer leads to Stripe's own page
    else {
      if (!elements) await showCardForm({ isAnswer: true });
      if (elements) await pay();
    }
  } catch {
    showErrors({ problem: mount.dataset.unavailable });
  } finally {
    setBusy(false);
  }
});

// Enter in the gift card's field means the card, not the order.
form.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.target.id !== 'gift-card') return;
  event.preventDefault();
  form.querySelector('[name="credit"][value="add"]').click();
});

form.addEventListener('change', (event) => {
  if (event.target === saveCard && elements) elements.update({ setupFutureUsage: keepsCard() ? 'on_session' : null });
  if (event.target.name === 'method' || event.target.matches('[data-affects-total]')) refreshSummary();
});

showCardForm();
// A browser may restore what was chosen before: the totals must say the same.
const isRestored = (control) => (control.type === 'radio' ? control.checked !== control.defaultChecked
  : control.tagName === 'SELECT' ? !control.selectedOptions[0]?.defaultSelected && control.selectedIndex > 0
    : control.value !== control.defaultValue);
if ([...form.querySelectorAll('[name="method"], [data-affects-total]')].some(isRestored)) refreshSummary();
