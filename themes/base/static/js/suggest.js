// The search field's list: options come from the server as HTML; arrows, Enter and Escape as in any combobox.
export function suggest(form) {
  const input = form.querySelector('input[type="search"]');
  const list = form.querySelector('[role="listbox"]');
  if (!input || !list) return;
  let chosen = -1, timer, asked = '';
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-autocomplete': 'list' })) input.setAttribute(name, value);
  const options = () => [...list.querySelectorAll('[role="option"]')];
  const show = (on) => {
    list.hidden = !(on && options().length);
    input.setAttribute('aria-expanded', String(!list.hidden));
    if (list.hidden) { chosen = -1; input.removeAttribute('aria-activedescendant'); }
  };
  const choose = (number) => {
    const all = options();
    if (!all.length) return;
    chosen = (number + all.length) % all.length;
    all.forEach((option, index) => option.setAttribute('aria-selected', String(index === chosen)));
    input.setAttribute('aria-activedescendant', all[chosen].id);
    all[chosen].scrollIntoView({ block: 'nearest' });
  };
  const go = (option) => { if (option) location.href = option.dataset.href; };
  const ask = async () => {
    const query = input.value.trim();
    if (query === asked) return show(true);
    asked = query;
    if (query.length < 2) { list.replaceChildren(); return show(false); }
    const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(query)}`).catch(() => null);
    if (!answer?.ok || query !== asked) return;
    list.innerHTML = await answer.text();
    chosen = -1;
    show(document.activeElement === input);
  };
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  input.addEventListener('focus', () => { if (asked) show(true); });
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); show(true); choose(chosen < 0 && step < 0 ? -1 : chosen + step); }
    else if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); show(false); }
    else if (event.key === 'Enter' && chosen >= 0 && !list.hidden) { event.preventDefault(); go(options()[chosen]); }
  });
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => go(event.target.closest('[role="option"]')));
  form.addEventListener('focusout', (event) => { if (!form.contains(event.relatedTarget)) show(false); });
}
