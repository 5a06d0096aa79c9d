/* elements.create('payment'): the frame, and the talk with it. */

function PaymentElement(group, options) {
  var handlers = {};
  var waiting = {};
  var nextNumber = 1;
  var frame = null;
  var port = null;
  var isReady = false;
  var isGone = false;
  var self = {};

  function emit(name, event) {
    (handlers[name] || []).slice().forEach(function (call) {
      call(event);
    });
  }

  function send(message) {
    if (port && isReady) port.postMessage(message);
  }

  function settings() {
    return {
      type: 'settings',
      appearance: group.options.appearance || {},
      locale: group.options.locale || 'auto',
      session: group.options.customerSessionClientSecret,
      key: group.key,
      options: JSON.parse(JSON.stringify(options)),
    };
  }

  function receive(event) {
    var message = event.data || {};
    if (message.type === 'ready') {
      isReady = true;
      send(settings());
      emit('ready', { elementType: 'payment' });
    } else if (message.type === 'height') {
      frame.style.height = Math.min(4000, Math.max(0, Number(message.height) || 0)) + 'px';
    } else if (message.type === 'change') {
      emit('change', {
        elementType: 'payment',
        empty: message.empty,
        complete: message.complete,
        collapsed: false,
        value: { type: 'card' },
      });
    } else if (message.type === 'focus' || message.type === 'blur' || message.type === 'escape') {
      emit(message.type, { elementType: 'payment' });
    } else if (message.type === 'answer' && waiting[message.number]) {
      waiting[message.number](message.result);
      delete waiting[message.number];
    }
  }

  function connect() {
    if (port) port.close();
    isReady = false;
    var channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = receive;
    frame.contentWindow.postMessage({ type: 'stripe-stand-in' }, frameOrigin, [channel.port2]);
  }

  self.mount = function (where) {
    check(!isGone, 'This Element has already been destroyed. Please create a new one.');
    var parent = typeof where === 'string' ? document.querySelector(where) : where;
    check(parent && parent.nodeType === 1, 'The selector you specified (' + where + ') applies to no DOM elements.');
    self.unmount();
    frame = document.createElement('iframe');
    frame.title = 'Secure payment input frame';
    frame.name = 'stripe-stand-in-payment';
    frame.setAttribute('allow', 'payment *');
    frame.setAttribute('referrerpolicy', 'origin');
    frame.style.border = '0';
    frame.style.display = 'block';
    frame.style.width = '100%';
    frame.style.height = '320px';
    frame.style.colorScheme = 'normal';
    var mounted = frame;
    frame.addEventListener('load', function () {
      if (frame === mounted) connect();
    });
    window.setTimeout(function () {
      if (frame !== mounted || isReady) return;
      emit('loaderror', {
        elementType: 'payment',
        error: { type: 'api_connection_error', message: 'The payment form did not load.' },
      });
    }, 10000);
    frame.src = base + 'elements/payment';
    parent.replaceChildren(frame);
    return self;
  };

  self.unmount = function () {
    if (port) port.close();
    if (frame) frame.remove();
    frame = port = null;
    isReady = false;
  };

  self.destroy = function () {
    self.unmount();
    isGone = true;
    group.forget(self);
  };

  self.on = function (name, call) {
    (handlers[name] = handlers[name] || []).push(call);
    return self;
  };

  self.once = function (name, call) {
    function first(event) {
      self.off(name, first);
      call(event);
    }
    return self.on(name, first);
  };

  self.off = function (name, call) {
    handlers[name] = (handlers[name] || []).filter(function (held) {
      return call && held !== call;
    });
    return self;
  };

  self.addEventListener = self.on;
  self.removeEventListener = self.off;

  self.update = function (changes) {
    Object.assign(options, changes || {});
    send(settings());
    return self;
  };

  ['focus', 'blur', 'clear', 'collapse'].forEach(function (name) {
    self[name] = function () {
      send({ type: name });
      return self;
    };
  });

  self._settings = function () {
    send(settings());
  };

  self._defaults = function () {
    return (options.defaultValues || {}).billingDetails || {};
  };

  // Ask the frame and wait for its answer; the answers carry no card data.
  self._ask = function (message) {
    if (!port || !isReady) {
      return Promise.reject(
        IntegrationError(
          'We could not retrieve data from the specified Element. Please make sure the Element is still mounted and ready.'
        )
      );
    }
    return new Promise(function (resolve) {
      message.number = nextNumber++;
      waiting[message.number] = resolve;
      port.postMessage(message);
    });
  };

  return self;
}
