/* Stripe(key): the calls to the stand-in, and where the shopper goes after them. */

function Stripe(publishableKey, options) {
  check(
    typeof publishableKey === 'string' && publishableKey,
    'Please call Stripe() with your publishable key. You used an empty string.'
  );
  check(!/^[srp]k_live_/.test(publishableKey), 'This is a stand-in for Stripe: it takes no live keys.');
  check(!/^[sr]k_/.test(publishableKey), 'You should not use your secret key with Stripe.js. Please pass a publishable key instead.');
  check(/^pk_test_[A-Za-z0-9_]+$/.test(publishableKey), 'Invalid API Key provided to Stripe().');
  var settings = options || {};
  var self = {};

  function call(method, path, values) {
    var body = encode(values, '', new URLSearchParams());
    var request = { method: method, headers: { Authorization: 'Bearer ' + publishableKey }, mode: 'cors', credentials: 'omit' };
    var address = base + 'v1/' + path;
    if (method === 'GET') {
      address += '?' + body;
    } else {
      request.body = body;
    }
    return fetch(address, request)
      .then(function (response) {
        return response.json();
      })
      .catch(function () {
        return { error: connectionError() };
      });
  }

  function retrieve(clientSecret) {
    var path = 'payment_intents/' + idOf(clientSecret);
    return call('GET', path, { client_secret: clientSecret }).then(function (answer) {
      return answer.error ? { error: answer.error } : { paymentIntent: answer };
    });
  }

  function leaveFor(address) {
    window.location.assign(address);
    return new Promise(function () {}); // The page is going away: as with Stripe, nothing is resolved.
  }

  function returnAddress(returnUrl, intent) {
    var address = new URL(returnUrl, window.location.href);
    var states = { succeeded: 'succeeded', requires_capture: 'succeeded', processing: 'pending' };
    address.searchParams.append('payment_intent', intent.id);
    address.searchParams.append('payment_intent_client_secret', intent.client_secret);
    address.searchParams.append('redirect_status', states[intent.status] || 'failed');
    return address.href;
  }

  function conclude(answer, returnUrl, ifRequired) {
    if (answer.error) return { error: answer.error };
    var action = answer.next_action;
    if (answer.status === 'requires_action' && action && action.type === 'redirect_to_url') {
      return leaveFor(action.redirect_to_url.url);
    }
    if (!ifRequired) return leaveFor(returnAddress(returnUrl, answer));
    return { paymentIntent: answer };
  }

  function mismatch(group, intent) {
    if (group.clientSecret !== undefined) return null;
    if ((group.setupFutureUsage || null) !== intent.setup_future_usage) {
      return {
        type: 'invalid_request_error',
        message: 'The setup_future_usage of the PaymentIntent is not the setupFutureUsage given to elements().',
      };
    }
    if (group.amount === intent.amount && group.currency === intent.currency) return null;
    return {
      type: 'invalid_request_error',
      message:
        'The amount and currency of the PaymentIntent (' + intent.amount + ' ' + intent.currency +
        ') are not those given to elements() (' + group.amount + ' ' + group.currency + ').',
    };
  }

  function confirmWith(given, element, clientSecret) {
    var params = Object.assign({}, given.confirmParams);
    var ifRequired = given.redirect === 'if_required';
    // Stripe would show 3-D Secure over the page when there is no return_url; the stand-in comes back to the page.
    var returnUrl = new URL(params.return_url || window.location.href, window.location.href).href;
    var details = Object.assign({}, element._defaults(), (params.payment_method_data || {}).billing_details);
    return element
      ._ask({ type: 'createPaymentMethod', key: publishableKey, billingDetails: details })
      .then(function (made) {
        if (made.error) return { error: made.error };
        return call('POST', 'payment_intents/' + idOf(clientSecret) + '/confirm', {
          client_secret: clientSecret,
          payment_method: made.paymentMethod,
          return_url: returnUrl,
          receipt_email: params.receipt_email,
          shipping: params.shipping,
          use_stripe_sdk: true,
        }).then(function (answer) {
          return conclude(answer, returnUrl, ifRequired);
        });
      });
  }

  self.elements = function (options) {
    return Elements(Object.assign(settings.locale ? { locale: settings.locale } : {}, options), publishableKey);
  };

  self.confirmPayment = async function (given) {
    var elements = given && given.elements;
    check(elements && elements._isElements, 'stripe.confirmPayment(): elements should be an Elements object.');
    var group = elements._group.options;
    var clientSecret = given.clientSecret || group.clientSecret;
    check(clientSecret, 'stripe.confirmPayment(): clientSecret is required.');
    idOf(clientSecret);
    check(
      given.redirect === 'if_required' || (given.confirmParams && given.confirmParams.return_url),
      'stripe.confirmPayment(): confirmParams.return_url is required unless redirect is if_required.'
    );
    var element = elements._element();
    check(element, 'stripe.confirmPayment(): no payment Element was created.');
    if (group.clientSecret === undefined) {
      check(elements._isSubmitted, 'elements.submit() must be called before stripe.confirmPayment().');
    } else {
      var submitted = await elements.submit();
      if (submitted.error) return submitted;
    }
    var found = await retrieve(clientSecret);
    if (found.error) return { error: found.error };
    var problem = mismatch(group, found.paymentIntent);
    return problem ? { error: problem } : confirmWith(given, element, clientSecret);
  };

  self.confirmSetup = async function (given) {
    var elements = given && given.elements;
    check(elements && elements._isElements, 'stripe.confirmSetup(): elements should be an Elements object.');
    var clientSecret = given.clientSecret || elements._group.options.clientSecret;
    check(clientSecret, 'stripe.confirmSetup(): clientSecret is required.');
    check(
      given.confirmParams && given.confirmParams.return_url,
      'stripe.confirmSetup(): confirmParams.return_url is required unless redirect is if_required.'
    );
    var submitted = await elements.submit();
    if (submitted.error) return submitted;
    var made = await elements._element()._ask({ type: 'createPaymentMethod', key: publishableKey, billingDetails: {} });
    if (made.error) return { error: made.error };
    var answer = await call('POST', 'setup_intents/' + idOf(clientSecret) + '/confirm', {
      client_secret: clientSecret,
      payment_method: made.paymentMethod,
      return_url: given.confirmParams.return_url,
    });
    if (answer.error) return { error: answer.error };
    var address = new URL(given.confirmParams.return_url, window.location.href);
    address.searchParams.append('setup_intent', answer.id);
    address.searchParams.append('setup_intent_client_secret', answer.client_secret);
    address.searchParams.append('redirect_status', 'succeeded');
    return leaveFor(address.href);
  };

  self.retrievePaymentIntent = async function (clientSecret) {
    return retrieve(clientSecret);
  };

  self.handleNextAction = async function (given) {
    var found = await retrieve(given.clientSecret);
    if (found.error) return found;
    check(found.paymentIntent.status === 'requires_action', 'handleNextAction: the PaymentIntent is not in the requires_action state.');
    return conclude(found.paymentIntent, window.location.href, true);
  };

  [
    'confirmCardPayment', 'createConfirmationToken', 'createPaymentMethod', 'createToken',
    'initCheckout', 'initEmbeddedCheckout', 'paymentRequest', 'redirectToCheckout', 'retrieveSetupIntent',
  ].forEach(function (name) {
    self[name] = function () {
      throw IntegrationError('the stand-in does not serve stripe.' + name + '().');
    };
  });

  return self;
}

Stripe.version = 'stand-in';
window.Stripe = Stripe;
