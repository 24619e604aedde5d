// The page: shows the view that the address names behind its #, and asks the service again and again while it is seen.

import { Failed, Refused, ask, token } from './api.js';
import { h } from './dom.js';
import * as format from './format.js';
import * as build from './build.js';
import * as builds from './builds.js';
import * as connect from './connect.js';
import * as overview from './overview.js';
import * as packages from './packages.js';
import * as storage from './storage.js';

const POLL_SECONDS = 5;
const MAX_POLL_SECONDS = 60;
const VIEWS = { '': overview, builds, build, packages, storage, connect };

const main = document.getElementById('main');
const byId = (id) => document.getElementById(id);
let wait = POLL_SECONDS;
let timer;
let turn = 0;
let shown = '';

// #/build/17?x=y: the view "build" of "17".
function route() {
  const [path, parameters] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, id] = path.split('/');
  const known = Object.hasOwn(VIEWS, name) ? name : '';
  return { name: known, view: VIEWS[known], id, parameters: new URLSearchParams(parameters) };
}

async function update(moved) {
  const mine = ++turn;
  clearTimeout(timer);
  const { name, view, id, parameters } = route();
  mark(name === 'build' ? 'builds' : name);
  try {
    const [data, status] = await Promise.all([view.load(parameters, id), ask('status.json')]);
    if (mine !== turn) {
      return; // the user has gone elsewhere meanwhile
    }
    aboutReplica(status);
    render(view, data, moved);
    wait = POLL_SECONDS;
    say('live', 'live good');
  } catch (error) {
    if (mine !== turn) {
      return;
    }
    if (error instanceof Refused) {
      wait = MAX_POLL_SECONDS;
      askForToken(error);
      say('needs a token', 'live');
    } else if (error instanceof Failed && error.status >= 400 && error.status < 500) {
      wait = MAX_POLL_SECONDS;
      render({ title: 'Not here', show: () => [h('h1', {}, 'Not here'), h('p', {}, error.message), h('p', {}, h('a', { href: '#/' }, 'Overview'))] }, error.message, moved);
      say('live', 'live good');
    } else {
      wait = Math.min(wait * 2, MAX_POLL_SECONDS);
      say(`no answer, again in ${Math.round(wait)} s`, 'live bad');
    }
  } finally {
    if (mine === turn) {
      document.body.dataset.updates = Number(document.body.dataset.updates ?? 0) + 1;
      schedule();
    }
  }
}

// Only what has changed is drawn again, and never under a hand that types or a question that is open.
function render(view, data, moved) {
  const key = view.title + JSON.stringify(data, (name, value) => (name === 'time' && typeof value === 'string' ? value.slice(0, 10) : value));
  if (key === shown && !moved) {
    return;
  }
  if (!moved && (document.querySelector('dialog[open]') || main.contains(document.activeElement) && document.activeElement.matches('input'))) {
    return;
  }
  const focus = moved ? null : selectorOf(document.activeElement);
  const open = moved ? [] : [...main.querySelectorAll('details')].map((each) => each.open);
  shown = key;
  main.replaceChildren(...view.show(data));
  document.title = view.title === 'Overview' ? 'go-cache-server' : `${view.title} – go-cache-server`;
  [...main.querySelectorAll('details')].forEach((each, at) => { each.open = open[at] ?? false; });
  if (moved === 'by hand') {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  } else if (focus) {
    main.querySelector(focus)?.focus({ preventScroll: true });
  }
}

function selectorOf(element) {
  if (!main.contains(element)) {
    return null;
  }
  return element.id ? `#${CSS.escape(element.id)}` : element.matches('a[href]') ? `a[href="${CSS.escape(element.getAttribute('href'))}"]` : null;
}

function mark(name) {
  for (const link of byId('views').children) {
    const here = link.getAttribute('href') === `#/${name}`;
    if (here) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
}

function aboutReplica(status) {
  const up = (Date.parse(status.time) - Date.parse(status.started)) / 1000;
  const text = `go-cache-server ${status.version} on ${status.replica}, up ${format.duration(up)}`;
  byId('replica').textContent = text;
  byId('sign-out').hidden = !token.given();
}

function say(text, className) {
  const target = byId('connection');
  if (target.textContent !== text) {
    target.textContent = text;
  }
  target.className = className;
}

function askForToken(refusal) {
  if (byId('token')) {
    byId('refusal').textContent = refused(refusal);
    return;
  }
  shown = '';
  const field = h('input', { type: 'password', id: 'token', autocomplete: 'off', spellcheck: false, required: true, 'aria-describedby': 'token-kept' });
  const form = h('form', { id: 'sign-in' },
    h('label', { htmlFor: 'token' }, 'Token'), field, h('button', { type: 'submit', className: 'main' }, 'Show the page'),
    h('p', { id: 'refusal', className: 'trouble', role: 'alert' }, refused(refusal)),
    h('p', { id: 'token-kept', className: 'soft' }, 'It is kept for this tab only, and sent to this service only.'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    token.set(field.value.trim());
    field.value = '';
    update();
  });
  main.replaceChildren(h('h1', {}, 'This cache wants a token'),
    h('p', { className: 'lead small' }, 'The page names projects, branches and jobs, so it shows itself to those who may observe the cache.'),
    form,
    h('h2', {}, 'Where to get one'),
    h('ul', { className: 'prose' },
      h('li', {}, 'Installed with the Helm chart: ', h('code', {}, 'helm get notes'), ' prints the command that reads it. It is ', h('code', {}, 'observe'), ' in the release’s secret.'),
      h('li', {}, 'Otherwise: the secret of a token with ', h('code', {}, 'access: observe'), ' in the service’s settings, ', h('code', {}, 'cache-server.auth.tokens'), '.'),
      h('li', {}, 'One with ', h('code', {}, 'access: admin'), ' sees the same, and can look entries up and remove them.')));
  field.focus();
}

function refused(refusal) {
  return !token.given() ? '' : refusal.status === 401 ? 'The service does not know this token.' : 'This token may not see the page: it needs access observe or admin.';
}

function schedule() {
  if (!document.hidden) {
    timer = setTimeout(update, wait * 1000);
  }
}

byId('sign-out').addEventListener('click', () => {
  token.forget();
  location.reload();
});
window.addEventListener('hashchange', () => update('by hand'));
document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : update()));
update('first');
