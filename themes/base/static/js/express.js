// A wallet's sheet: the server prices what is said in it, and writes the order before any money moves.
export async function express(box) {
  const { sheet, order, product, key, locale, from, sorry, none } = box.dataset;
  const [button, place, words] = box.children;
  const buy = product && box.parentElement.querySelector('[data-to-basket]');
  const said = {};
  let now;
  const say = (text) => { words.textContent = text; };
  const ask = async (address, form) => {
    const body = JSON.stringify({ ...said, ...now?.agreed, form });
    return (await fetch(address, { method: 'POST', body, headers: { Accept: 'application/json' } })).json();
  };
  let turn; // one question at a time: a late answer is not to overtake a newer one
  const price = (form) => turn = Promise.resolve(turn).catch(() => {}).then(async () => {
    now = await ask(sheet, form);
    say(now.problem);
    return !now.problem;
  });
  const begin = () => price(buy && { ...Object.fromEntries(new FormData(buy)), product });

  button.disabled = true;
  try {
    if (!await begin()) return;
    await (window.Stripe || new Promise((onload, onerror) => {
      document.head.append(Object.assign(document.createElement('script'), { src: from, onload, onerror }));
    }));
    const stripe = window.Stripe(key, { locale });
    const elements = stripe.elements({ mode: 'payment', amount: now.amount, currency: now.currency });
    const wallets = elements.create('expressCheckout', { buttonHeight: 48 });
    const change = async (event) => {
      Object.assign(said, event);
      if (!await price()) return event.reject();
      elements.update({ amount: now.amount });
      event.resolve(now.sheet);
    };
    wallets.on('ready', ({ availablePaymentMethods }) => {
      button.hidden = true;
      if (!availablePaymentMethods) say(none);
    });
    wallets.on('click', (event) => event.resolve({ ...now.sheet, ...now.asks }));
    wallets.on('shippingaddresschange', change);
    wallets.on('shippingratechange', change);
    wallets.on('confirm', async (event) => {
      Object.assign(said, event);
      let made;
      try {
        await turn;
        const { error } = await elements.submit();
        made = error ? { problem: error.message } : await ask(order);
        if (made.client_secret) await stripe.confirmPayment({ elements, clientSecret: made.client_secret, confirmParams: { return_url: made.return_url } });
      } catch { made = { problem: sorry, ...made }; }
      // Nothing was paid. An order that was written waits on its page.
      if (made.pay_url || made.redirect) return location.assign(made.pay_url || made.redirect);
      say(made.problem);
      event.paymentFailed({ reason: 'fail', message: made.problem });
    });
    (buy || box).addEventListener('change', async () => { if (await begin()) elements.update({ amount: now.amount }); });
    wallets.mount(place);
  } catch { say(sorry); } finally { button.disabled = false; }
}
