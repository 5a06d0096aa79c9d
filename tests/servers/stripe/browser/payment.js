/* The card form inside the frame. It answers the page that embeds it, over a private port, and never tells it a number. */
(function () {
  'use strict';

  var fields = {
    number: document.getElementById('number'),
    expiry: document.getElementById('expiry'),
    code: document.getElementById('code'),
  };
  var port = null;
  var session = '';
  var last = '';

  function digits(text) {
    return text.replace(/\D/g, '');
  }

  function passesLuhn(number) {
    var sum = 0;
    for (var i = 0; i < number.length; i += 1) {
      var digit = Number(number[number.length - 1 - i]) * (i % 2 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 === 0;
  }

  function isAmex(number) {
    return /^3[47]/.test(number);
  }

  function readExpiry() {
    var match = /^\s*(\d{1,2})\s*\/?\s*(\d{2}|\d{4})\s*$/.exec(fields.expiry.value);
    if (!match) return null;
    var year = Number(match[2]);
    return { month: Number(match[1]), year: year < 100 ? 2000 + year : year };
  }

  function problem(code, message) {
    return { type: 'validation_error', code: code, message: message };
  }

  var checks = {
    number: function () {
      var number = digits(fields.number.value);
      if (number.length < (isAmex(number) ? 15 : 14)) {
        return problem('incomplete_number', 'Your card number is incomplete.');
      }
      return passesLuhn(number) ? null : problem('invalid_number', 'Your card number is invalid.');
    },
    expiry: function () {
      var expiry = readExpiry();
      if (!expiry || expiry.month < 1 || expiry.month > 12) {
        return problem('incomplete_expiry', "Your card's expiration date is incomplete.");
      }
      var now = new Date();
      if (expiry.year * 12 + expiry.month < now.getFullYear() * 12 + now.getMonth() + 1) {
        return problem('invalid_expiry_year_past', "Your card's expiration year is in the past.");
      }
      return null;
    },
    code: function () {
      var wanted = isAmex(digits(fields.number.value)) ? 4 : 3;
      return digits(fields.code.value).length === wanted
        ? null
        : problem('incomplete_cvc', "Your card's security code is incomplete.");
    },
  };

  function show(name, error) {
    var line = document.getElementById(name + '-error');
    line.textContent = error ? error.message : '';
    line.hidden = !error;
    if (error) {
      fields[name].setAttribute('aria-invalid', 'true');
    } else {
      fields[name].removeAttribute('aria-invalid');
    }
  }

  function savedCard() {
    return document.getElementById('saved').value;
  }

  // The cards of a customer session, and a line for a new one; nothing when there are none.
  function offerSaved(secret, key) {
    fetch('../v1/elements/saved?client_secret=' + encodeURIComponent(secret), {
      headers: { Authorization: 'Bearer ' + key }, credentials: 'omit',
    })
      .then(function (response) { return response.json(); })
      .then(function (answer) {
        var list = document.getElementById('saved');
        (answer.data || []).forEach(function (card) {
          list.add(new Option((card.card ? card.card.brand : card.type) + ' •••• ' + (card.card ? card.card.last4 : ''), card.id));
        });
        list.add(new Option('New card', ''));
        document.getElementById('saved-field').hidden = list.options.length < 2;
        tellSaved();
      })
      .catch(function () {});
  }

  function tellSaved() {
    document.getElementById('card').hidden = Boolean(savedCard());
    tellHeight();
    tellChange();
  }

  function validate() {
    if (savedCard()) return null;
    var first = null;
    Object.keys(fields).forEach(function (name) {
      var error = checks[name]();
      show(name, error);
      if (error && !first) {
        first = error;
        fields[name].focus();
      }
    });
    return first;
  }

  function tell(message) {
    if (port) port.postMessage(message);
  }

  function tellChange() {
    var names = Object.keys(fields);
    var state = {
      type: 'change',
      empty: names.every(function (name) { return !fields[name].value; }),
      complete: Boolean(savedCard()) || names.every(function (name) { return !checks[name](); }),
    };
    if (JSON.stringify(state) !== last) {
      last = JSON.stringify(state);
      tell(state);
    }
  }

  function tellHeight() {
    tell({ type: 'height', height: Math.ceil(document.querySelector('.panel').getBoundingClientRect().height) });
  }

  function group(number) {
    return (isAmex(number) ? /^(\d{0,4})(\d{0,6})(\d{0,5})/ : /^(\d{0,4})(\d{0,4})(\d{0,4})(\d{0,7})/)
      .exec(number).slice(1).filter(Boolean).join(' ');
  }

  function format(name, isDeleting) {
    var field = fields[name];
    if (field.selectionStart !== field.value.length) return;
    if (name === 'number') field.value = group(digits(field.value));
    if (name === 'code') field.value = digits(field.value);
    if (name === 'expiry' && !isDeleting) {
      var typed = digits(field.value);
      if (typed.length === 1 && typed > '1') typed = '0' + typed;
      if (typed.length >= 2 && field.value.length < 8) field.value = typed.slice(0, 2) + ' / ' + typed.slice(2, 6);
    }
  }

  function applySettings(message) {
    var appearance = message.appearance || {};
    var root = document.documentElement;
    var names = {
      colorPrimary: '--primary', colorBackground: '--background', colorText: '--text', colorDanger: '--danger',
      colorTextPlaceholder: '--muted', borderRadius: '--radius', fontFamily: '--font', fontSizeBase: '--size',
    };
    if (appearance.theme) {
      root.dataset.theme = appearance.theme === 'night' ? 'dark' : 'light';
    } else {
      delete root.dataset.theme;
    }
    Object.keys(names).forEach(function (name) {
      var value = (appearance.variables || {})[name];
      if (typeof value === 'string') root.style.setProperty(names[name], value);
    });
    var isReadOnly = Boolean((message.options || {}).readOnly);
    Object.keys(fields).forEach(function (name) { fields[name].readOnly = isReadOnly; });
    tellHeight();
  }

  function createPaymentMethod(message) {
    if (savedCard()) return Promise.resolve({ paymentMethod: savedCard() });
    var error = validate();
    if (error) return Promise.resolve({ error: error });
    var expiry = readExpiry();
    var body = new URLSearchParams({
      type: 'card',
      'card[number]': digits(fields.number.value),
      'card[exp_month]': expiry.month,
      'card[exp_year]': expiry.year,
      'card[cvc]': digits(fields.code.value),
    });
    Object.keys(message.billingDetails).forEach(function (name) {
      var value = message.billingDetails[name];
      if (name === 'address') {
        Object.keys(value || {}).forEach(function (part) {
          if (value[part]) body.append('billing_details[address][' + part + ']', value[part]);
        });
      } else if (value) {
        body.append('billing_details[' + name + ']', value);
      }
    });
    return fetch('../v1/payment_methods', {
      method: 'POST', body: body, headers: { Authorization: 'Bearer ' + message.key }, credentials: 'omit',
    })
      .then(function (response) { return response.json(); })
      .then(function (answer) { return answer.error ? { error: answer.error } : { paymentMethod: answer.id }; })
      .catch(function () {
        return { error: { type: 'api_connection_error', message: 'We could not reach the payment service. Try again.' } };
      });
  }

  function receive(event) {
    var message = event.data || {};
    if (message.type === 'settings') {
      applySettings(message);
      if (message.session && !session) {
        session = message.session;
        offerSaved(session, message.key);
      }
    } else if (message.type === 'focus') {
      fields.number.focus();
    } else if (message.type === 'blur') {
      if (document.activeElement) document.activeElement.blur();
    } else if (message.type === 'clear') {
      Object.keys(fields).forEach(function (name) {
        fields[name].value = '';
        show(name, null);
      });
      tellChange();
    } else if (message.type === 'submit') {
      var error = validate();
      tell({ type: 'answer', number: message.number, result: error ? { error: error } : {} });
    } else if (message.type === 'createPaymentMethod') {
      createPaymentMethod(message).then(function (result) {
        tell({ type: 'answer', number: message.number, result: result });
      });
    }
  }

  // Only the page which embeds this frame may open the port, and only once.
  window.addEventListener('message', function (event) {
    if (port || event.source !== window.parent || window.parent === window) return;
    if (!event.data || event.data.type !== 'stripe-stand-in' || !event.ports[0]) return;
    port = event.ports[0];
    port.onmessage = receive;
    tell({ type: 'ready' });
    tellHeight();
    tellChange();
  });

  Object.keys(fields).forEach(function (name) {
    fields[name].addEventListener('input', function (event) {
      format(name, /^delete/.test(event.inputType || ''));
      if (fields[name].hasAttribute('aria-invalid')) show(name, checks[name]());
      tellChange();
    });
    fields[name].addEventListener('change', function () {
      if (fields[name].value) show(name, checks[name]());
      tellChange();
    });
    fields[name].addEventListener('focus', function () { tell({ type: 'focus' }); });
    fields[name].addEventListener('blur', function () { tell({ type: 'blur' }); });
  });

  document.querySelectorAll('[data-number]').forEach(function (button) {
    button.addEventListener('click', function () {
      fields.number.value = group(button.dataset.number);
      fields.expiry.value = '12 / ' + String(new Date().getFullYear() + 3).slice(2);
      fields.code.value = '123';
      Object.keys(fields).forEach(function (name) { show(name, null); });
      tellChange();
    });
  });

  document.getElementById('saved').addEventListener('change', tellSaved);
  document.getElementById('card').addEventListener('submit', function (event) { event.preventDefault(); });
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') tell({ type: 'escape' });
  });
  new ResizeObserver(tellHeight).observe(document.querySelector('.panel'));
})();
