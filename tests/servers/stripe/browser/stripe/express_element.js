/* elements.create('expressCheckout'): one pretended wallet. Its sheet is drawn in the shop's page, which Stripe's never is. */

var WALLET_ADDRESSES = {
  US: { line1: '14 Linden Street', line2: '', city: 'New York', state: 'NY', postal_code: '10001', country: 'US' },
  DE: { line1: 'Lindenstraße 14', line2: '', city: 'Berlin', state: '', postal_code: '10969', country: 'DE' },
  GB: { line1: '10 Downing Street', line2: '', city: 'London', state: '', postal_code: 'SW1A 1AA', country: 'GB' },
};

function ExpressCheckoutElement(group) {
  var handlers = {};
  var sheet = null;
  var open = null; // what the shop said of the sheet
  var button = null;
  var self = {};

  function emit(name, event) {
    (handlers[name] || []).forEach(function (call) { call(event); });
  }

  // Stripe closes the sheet of a shop that does not answer in time.
  function askShop(name, event) {
    return new Promise(function (resolve) {
      event.resolve = function (answer) { resolve(answer || {}); };
      event.reject = function () { resolve(null); };
      emit(name, event);
    });
  }

  function part(tag, text) {
    var made = document.createElement(tag);
    if (text) made.textContent = text;
    return made;
  }

  function choose(label, name, choices, chosen, change) {
    var field = part('label', label + ' ');
    var select = part('select');
    select.name = name;
    choices.forEach(function (choice) {
      var option = part('option', choice.text);
      option.value = choice.value;
      option.selected = choice.value === chosen;
      select.append(option);
    });
    select.addEventListener('change', function () { change(select.value); });
    field.append(select);
    field.style.display = 'block';
    return field;
  }

  function take(answer, message) {
    if (!answer) {
      open.refused = message;
      return draw();
    }
    open.refused = '';
    if (answer.lineItems) open.lineItems = answer.lineItems;
    if (answer.shippingRates) {
      open.shippingRates = answer.shippingRates;
      open.rate = answer.shippingRates[0];
    }
    var sum = open.lineItems.concat(open.rate || []).reduce(function (all, line) { return all + line.amount; }, 0);
    check(sum <= group.options.amount, 'The sum of lineItems and shippingRates is more than the amount of elements().');
    return draw();
  }

  function changeAddress(country) {
    open.address = WALLET_ADDRESSES[country];
    var partly = { city: open.address.city, state: open.address.state, postal_code: open.address.postal_code, country: country };
    return askShop('shippingaddresschange', { name: 'Anna Lind', address: partly }).then(function (answer) {
      return take(answer, 'This address cannot be delivered to.');
    });
  }

  function changeRate(id) {
    var rate = open.shippingRates.filter(function (one) { return one.id === id; })[0];
    return askShop('shippingratechange', { shippingRate: rate }).then(function (answer) {
      return take(answer, 'This delivery cannot be chosen.');
    });
  }

  function pay() {
    emit('confirm', {
      expressPaymentType: 'google_pay',
      billingDetails: { name: 'Anna Lind', email: 'anna@example.test', phone: '+12125550123', address: open.address },
      shippingAddress: { name: 'Anna Lind', address: open.address },
      shippingRate: open.rate,
      paymentFailed: function (why) {
        open.refused = why.message || 'The payment failed.';
        draw();
      },
    });
  }

  function draw() {
    var rows = open.lineItems.concat(open.rate ? [{ name: open.rate.displayName, amount: open.rate.amount }] : []);
    var list = part('ul');
    rows.forEach(function (line) { list.append(part('li', line.name + ': ' + line.amount)); });
    var total = part('p', 'Total: ' + group.options.amount + ' ' + group.options.currency);
    total.dataset.walletTotal = group.options.amount;
    var button = part('button', 'Pay with the test wallet');
    button.disabled = Boolean(open.refused) || !open.address;
    button.addEventListener('click', pay);
    var close = part('button', 'Close');
    close.addEventListener('click', function () {
      sheet.close();
      emit('cancel', {});
    });
    var countries = open.allowedShippingCountries.filter(function (code) { return WALLET_ADDRESSES[code]; });
    sheet.replaceChildren(
      part('h2', 'Test wallet: a stand-in, no money moves'),
      choose('Address', 'country', countries.map(function (code) {
        return { value: code, text: WALLET_ADDRESSES[code].city };
      }), open.address && open.address.country, changeAddress),
      choose('Delivery', 'rate', open.shippingRates.map(function (rate) {
        return { value: rate.id, text: rate.displayName };
      }), open.rate && open.rate.id, changeRate),
      list, total, part('p', open.refused || ''), button, close
    );
  }

  function show() {
    askShop('click', { elementType: 'expressCheckout', expressPaymentType: 'google_pay' }).then(function (asked) {
      if (!asked) return undefined;
      open = Object.assign({ lineItems: [], shippingRates: [], refused: '' }, asked);
      open.rate = open.shippingRates[0];
      sheet = part('dialog');
      sheet.setAttribute('aria-label', 'Test wallet');
      document.body.append(sheet);
      draw();
      sheet.showModal();
      return changeAddress(open.allowedShippingCountries.filter(function (code) { return WALLET_ADDRESSES[code]; })[0]);
    });
  }

  self.mount = function (where) {
    button = part('button', 'Test wallet (stand-in)');
    button.type = 'button';
    button.style.cssText = 'width:100%;min-height:48px;background:#111;color:#fff;border:0;border-radius:6px;font:inherit';
    button.addEventListener('click', show);
    (typeof where === 'string' ? document.querySelector(where) : where).replaceChildren(button);
    window.setTimeout(function () {
      emit('ready', { elementType: 'expressCheckout', availablePaymentMethods: { googlePay: true } });
    });
    return self;
  };

  self.unmount = function () {
    if (button) button.remove();
  };

  self.destroy = function () {
    self.unmount();
    group.forget(self);
  };

  self.on = function (name, call) {
    (handlers[name] = handlers[name] || []).push(call);
    return self;
  };

  self._settings = function () {
    if (sheet && sheet.open) draw();
  };

  self._defaults = function () {
    return {};
  };

  // The wallet holds a card that always works; nothing is typed.
  self._ask = function (message) {
    return Promise.resolve(message.type === 'createPaymentMethod' ? { paymentMethod: 'pm_card_visa' } : {});
  };

  return self;
}
