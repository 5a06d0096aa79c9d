/* stripe.elements(): what is to be paid, and the one element which asks for the card. */

function Elements(options, key) {
  checkGroup(options);
  var element = null;
  var group = {
    options: options,
    key: key,
    forget: function (gone) {
      if (element === gone) element = null;
    },
  };
  var self = {};

  self.create = function (type, settings) {
    check(
      type === 'payment' || type === 'expressCheckout',
      "the stand-in does not serve elements.create('" + type + "'), only 'payment' and 'expressCheckout'."
    );
    check(!element, 'Can only create one Element of type ' + type + ' through elements.');
    element = type === 'payment' ? PaymentElement(group, Object.assign({}, settings)) : ExpressCheckoutElement(group);
    element._type = type;
    return element;
  };

  self.getElement = function (type) {
    return element && element._type === type ? element : null;
  };

  self.update = function (changes) {
    var merged = Object.assign({}, group.options, changes);
    checkGroup(merged);
    group.options = merged;
    if (element) element._settings();
  };

  self.fetchUpdates = function () {
    return Promise.resolve({});
  };

  self.submit = function () {
    if (!element) return Promise.reject(IntegrationError('elements.submit() needs a mounted payment Element.'));
    return element._ask({ type: 'submit' }).then(function (result) {
      self._isSubmitted = !result.error;
      return result.error ? { error: result.error } : { selectedPaymentMethod: 'card' };
    });
  };

  self._isSubmitted = false;
  self._isElements = true;
  self._group = group;
  self._element = function () {
    return element;
  };
  return self;
}
