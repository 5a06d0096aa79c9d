// The labels of an address follow its country, in checkout and account: the server says what each country calls them.

function labelAddress(select, { isChanged }) {
  const formats = JSON.parse(select.dataset.addressFormats);
  const format = formats[select.value] || formats[''];
  const address = select.closest('[data-address]');
  const field = (name) => address.querySelector(`[data-field="${name}"]`);
  const label = (name, text) => { field(name).querySelector('[data-label]').textContent = text; };
  label('postcode', format.postcode);
  label('line4', format.city);
  label('line1', format.line1);
  const state = field('state');
  const input = state.querySelector('input');
  if (isChanged && !format.state) input.value = '';
  state.hidden = !format.state && !input.value;
  if (format.state) label('state', format.state);
  state.querySelector('[data-optional]')?.toggleAttribute('hidden', format.is_state_required);
}

for (const select of document.querySelectorAll('[data-address-formats]')) labelAddress(select, { isChanged: false });

// Before whoever sends the form on a change: what is hidden is not sent.
document.addEventListener('change', (event) => {
  if (event.target.matches('[data-address-formats]')) labelAddress(event.target, { isChanged: true });
}, { capture: true });
