// Nothing of anybody else's is loaded before its purpose was agreed to; the choice is a cookie and a row in the log.
export function consent() {
  const list = document.getElementById('consent-services');
  if (!list) return;
  const services = JSON.parse(list.textContent);
  const banner = document.getElementById('consent');
  const cookie = document.cookie.split('; ').find((each) => each.startsWith('consent='));
  const load = (purposes) => services.filter((each) => purposes.includes(each.purpose)).forEach((each) => {
    const script = Object.assign(document.createElement('script'), { src: each.script, async: true });
    if (each.key) Object.assign(script.dataset, { domain: each.key, websiteId: each.key });
    document.head.append(script);
  });
  if (cookie) load(cookie.split('=')[1].split('.').slice(1));
  else if (banner) banner.hidden = false;
  banner?.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    fetch(form.action, { method: 'POST', body }).then((answer) => {
      if (!answer.ok) throw new Error('not saved');
      banner.remove();
      const said = body.get('consent');
      load(said === 'accept' ? ['statistics', 'marketing'] : said === 'some' ? body.getAll('purpose') : []);
    }).catch(() => location.assign(form.action));
  });
}
