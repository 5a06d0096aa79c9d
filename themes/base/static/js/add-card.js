// The account's card form: hands a card to Stripe, which keeps it for the customer who agreed to that one page before.

const form = document.querySelector('form[data-add-card]');
const mount = document.getElementById('card-element');
const problem = document.getElementById('card-error');
const button = form.querySelector('button');

function show(message) {
  problem.textContent = message;
  problem.hidden = false;
}

if (window.Stripe) {
  const stripe = window.Stripe(mount.dataset.publishableKey, { locale: mount.dataset.locale || 'auto' });
  const elements = stripe.elements({ clientSecret: mount.dataset.clientSecret, appearance: { theme: 'stripe' } });
  const card = elements.create('payment', { layout: 'tabs' });
  card.on('ready', () => { mount.dataset.ready = 'true'; });
  mount.replaceChildren();
  card.mount(mount);

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    problem.hidden = true;
    try {
      const { error } = await stripe.confirmSetup({ elements, confirmParams: { return_url: form.dataset.returnUrl } });
      show(error?.message || mount.dataset.unavailable);
    } catch {
      show(mount.dataset.unavailable);
    } finally {
      button.disabled = false;
    }
  });
} else {
  show(mount.dataset.unavailable);
}
