/* A stand-in for Stripe.js: for tests and demonstrations only. No money moves, and live keys are refused.
 *
 * The card fields live in a frame served by the stand-in; their contents never reach the shop's page. The two talk over
 * a MessageChannel whose port is handed to the frame's own origin and to nobody else.
 * The parts of this script are served as one, inside one function.
 */

// …/v3/, …/v3/stripe.js and …/clover/stripe.js all belong to the address before them, with any path prefix.
var base = document.currentScript.src.replace(/[?#].*$/, '').replace(/[a-z0-9]+\/(stripe\.js)?$/, '');
var frameOrigin = new URL(base).origin;

function IntegrationError(message) {
  var error = new Error(message);
  error.name = 'IntegrationError';
  return error;
}

function check(ok, message) {
  if (!ok) throw IntegrationError(message);
}

function idOf(clientSecret) {
  var match = /^((?:pi|seti)_[A-Za-z0-9]+)_secret_[A-Za-z0-9]+$/.exec(clientSecret);
  check(match, 'Invalid value for clientSecret: it should be a string of the form ${id}_secret_${secret}.');
  return match[1];
}

function encode(value, name, into) {
  if (value === undefined || value === null) return into;
  if (typeof value === 'object') {
    Object.keys(value).forEach(function (key) {
      encode(value[key], name ? name + '[' + key + ']' : key, into);
    });
  } else {
    into.append(name, String(value));
  }
  return into;
}

function connectionError() {
  return {
    type: 'api_connection_error',
    message: 'We could not reach the payment service. Check your connection and try again.',
  };
}

function checkGroup(options) {
  if (options.clientSecret !== undefined) {
    idOf(options.clientSecret);
    return;
  }
  check(options.mode === 'payment', "the stand-in serves elements with a clientSecret or with mode: 'payment' only.");
  check(
    Number.isInteger(options.amount) && options.amount > 0,
    'Invalid value for elements(): amount should be a positive integer in the smallest currency unit.'
  );
  check(
    typeof options.currency === 'string' && /^[a-z]{3}$/.test(options.currency),
    'Invalid value for elements(): currency should be a lowercase three-letter ISO code.'
  );
}
