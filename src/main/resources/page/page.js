// The status page: asks the service every few seconds, and less often while it does not answer.

import * as format from './format.js';
import { createCharts } from './charts.js';

const POLL_SECONDS = 5;
const MAX_POLL_SECONDS = 60;
const FINE_POINTS = 360;
const COARSE_POINTS = 1440;

const byId = (id) => document.getElementById(id);

function say(id, text, className) {
  const target = byId(id);
  if (target.textContent !== text) {
    target.textContent = text;
  }
  if (className !== undefined) {
    target.className = className;
  }
}

// Where the service wants tokens. Kept for this tab alone, and sent to this service alone.

const TOKEN = 'go-cache-server-token';

class Refused extends Error {}

async function fetchJson(path) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = { Accept: 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(path, { signal: AbortSignal.timeout(15000), headers });
  if (response.status === 401 || response.status === 403) {
    throw new Refused(token ? 'This token may not see the status.' : '');
  }
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }
  return response.json();
}

function askForToken(refusal) {
  const form = byId('sign-in');
  if (form.hidden) {
    form.hidden = false;
    byId('token').focus();
  }
  say('sign-in-refusal', refusal);
}

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, byId('token').value.trim());
  byId('token').value = '';
  update();
});

byId('sign-out').addEventListener('click', () => {
  sessionStorage.removeItem(TOKEN);
  location.reload();
});

// Now

function showProblems(status) {
  const problems = [];
  if (status.state !== 'working') {
    problems.push(`Disk ${status.state.replace('_', ' ')}: ${status.problem ?? 'see the log'}`);
  }
  if (status.s3.state === 'down') {
    problems.push(`S3 does not answer: ${status.s3.error ?? 'see the log'}`);
  }
  if (status.uploads?.paused) {
    problems.push('Uploads pause until S3 answers again. They are kept on disk.');
  }
  if (status.disk.damaged > 0) {
    problems.push(`${format.plural(status.disk.damaged, 'object')} found damaged and removed since the start: look at the disk.`);
  }
  const list = byId('problems');
  const shown = Array.from(list.children, (item) => item.textContent);
  if (problems.join('\n') !== shown.join('\n')) {
    list.replaceChildren(...problems.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  }
  list.hidden = problems.length === 0;
}

function showNow(status) {
  const { requests, traffic, disk, uploads, s3 } = status;
  const up = (Date.parse(status.time) - Date.parse(status.started)) / 1000;
  say('replica', `${status.version} on ${status.replica}, up ${format.duration(up)}`);
  say('hit-rate', format.percent(requests.hits, requests.gets));
  say('hit-rate-more', requests.gets === 0 ? 'no Gets yet' : `of ${format.plural(requests.gets, 'Get')}: ${format.count(requests.diskHits)} disk, ${format.count(requests.s3Hits)} S3, ${format.plural(requests.misses, 'miss').replace('misss', 'misses')}`);
  say('sent', format.bytes(traffic.out));
  say('sent-more', traffic.saved > 0 ? `${format.bytes(traffic.saved)} saved by compression` : '');
  say('saved', status.savedSeconds > 0 ? format.duration(status.savedSeconds) : '–');
  say('saved-more', status.savedSeconds > 0 ? 'estimated from reported builds' : 'nothing to estimate it from yet');
  say('received', format.bytes(traffic.in));
  say('received-more', `${format.plural(disk.objects, 'object')} stored`);
  say('disk', format.percent(disk.directory, disk.limit));
  byId('disk-meter').value = disk.limit === 0 ? 0 : disk.directory / disk.limit;
  say('disk-more', `${format.bytes(disk.directory)} of ${format.bytes(disk.limit)}`);
  say('evicted', format.bytes(disk.evictedBytes));
  say('evicted-more', disk.oldestIdleSeconds === null || disk.oldestIdleSeconds === undefined
    ? format.plural(disk.evictedActions, 'action') : `${format.plural(disk.evictedActions, 'action')}; oldest unused for ${format.duration(disk.oldestIdleSeconds)}`);
  const states = { none: ['not used', '', 'this replica keeps all on its disk'], unknown: ['…', '', 'asking'], up: ['works', 'good', ''], down: ['down', 'bad', 'Gets are answered from disk'] };
  const [text, className, more] = states[s3.state];
  say('s3', text, className);
  say('s3-more', more);
  say('uploads', uploads ? format.count(uploads.queued + uploads.running) : '–', uploads?.paused ? 'warn' : '');
  say('uploads-more', uploadsMore(uploads));
}

function uploadsMore(uploads) {
  if (!uploads) {
    return 'no S3';
  }
  const parts = [];
  if (uploads.paused) {
    parts.push('paused');
  }
  if (uploads.queued + uploads.running > 0) {
    parts.push(`oldest ${format.duration(uploads.oldestSeconds)}`);
  }
  if (uploads.dropped + uploads.givenUp > 0) {
    parts.push(`${format.count(uploads.dropped + uploads.givenUp)} dropped or given up`);
  }
  return parts.join(', ');
}

// Builds. What is in them is the clients' word: it is only ever set as text.

function part(text, className) {
  return Object.assign(document.createElement('span'), { textContent: text, className });
}

function cell(label, ...children) {
  const made = document.createElement('td');
  made.dataset.label = label;
  made.append(...children);
  return made;
}

function split(build, gets) {
  const bar = part('', 'split');
  bar.setAttribute('aria-hidden', 'true');
  [build.localHits, build.serviceHits, build.misses].forEach((value, at) => {
    const piece = document.createElement('span');
    piece.style.flex = `${gets === 0 ? 0 : value / gets} 0 0`;
    piece.style.background = `var(--series-${at === 0 ? 2 : at === 1 ? 1 : 3})`;
    bar.append(piece);
  });
  return bar;
}

function prefetch(build) {
  if (build.prefetched === null || build.prefetched === undefined) {
    return [part('–', '')];
  }
  const used = build.prefetchUsed ?? 0;
  return [part(`${format.count(used)} used`, ''), part(`of ${format.count(build.prefetched)} fetched ahead`, 'soft')];
}

// Long names break behind a slash.
function moduleName(module) {
  const name = part('', 'project');
  for (const piece of (module ?? 'no module').split(/(?<=\/)/)) {
    name.append(piece, document.createElement('wbr'));
  }
  return name;
}

function fetched(build) {
  const texts = [part(format.bytes(build.bytesFetched), 'nowrap')];
  if (build.bytesTransferred > 0 && build.bytesTransferred < build.bytesFetched) {
    texts.push(part(`${format.bytes(build.bytesTransferred)} as sent`, 'soft'));
  }
  return texts;
}

function row(build) {
  const gets = build.localHits + build.serviceHits + build.misses;
  const made = document.createElement('tr');
  const ended = Date.parse(build.received) / 1000;
  const project = [moduleName(build.module), part(build.command ?? 'command unknown', 'soft')];
  if (build.ending === 'gone') {
    project.push(part('the Go command was killed', 'soft'));
  }
  if (build.serviceFailures > 0) {
    project.push(part(`${format.plural(build.serviceFailures, 'request')} failed`, 'soft bad'));
  }
  const uploaded = [part(format.bytes(build.bytesUploaded), 'nowrap')];
  if (build.unsent > 0) {
    uploaded.push(part(`${format.plural(build.unsent, 'object')} not sent`, 'soft bad'));
  }
  made.append(
    cell('Ended', part(format.moment(ended), 'nowrap')),
    cell('Project', ...project),
    cell('Go', part(build.goVersion ?? '–', 'nowrap'), part(build.platform ?? '', 'soft nowrap')),
    cell('Gets', part(`${format.percent(build.localHits + build.serviceHits, gets)} of ${format.count(gets)}`, 'nowrap'), split(build, gets),
      part(`${format.count(build.localHits)} local, ${format.count(build.serviceHits)} from here, ${format.count(build.misses)} missed`, 'soft')),
    cell('Fetched', ...fetched(build)),
    cell('Uploaded', ...uploaded),
    cell('Prefetch', ...prefetch(build)),
    cell('Took', part(format.duration(build.durationMillis / 1000), 'nowrap'), part(`${format.duration(build.waitMillis / 1000)} waiting for Gets`, 'soft')),
  );
  return made;
}

let buildsShown = '';

function showBuilds(builds) {
  const key = JSON.stringify(builds);
  if (key === buildsShown) {
    return;
  }
  buildsShown = key;
  byId('no-builds').hidden = builds.length > 0;
  byId('builds-scroll').hidden = builds.length === 0;
  byId('builds').replaceChildren(...builds.map(row));
}

// How to use it: from where the browser found this page, which is right behind any proxy.

function showUse() {
  const base = new URL('.', location.href).href.replace(/\/$/, '');
  say('use-install', `curl -fsSL ${base}/adapter/install.sh | sh -s -- --server ${base}`);
  showInstall();
  say('use-adapter', `export GOCACHEPROG="go-cache-adapter --server ${base}"`);
  say('use-go-cacher', `export GOCACHEPROG="go-cacher --cache-dir=$HOME/.cache/go-cacher --cache-server=${base}"`);
  for (const button of document.querySelectorAll('button[data-copy]')) {
    const name = button.previousElementSibling.previousElementSibling.textContent;
    button.setAttribute('aria-label', `Copy: ${name}`);
    button.addEventListener('click', () => copy(button));
  }
}

/** Only where there is something to install. */
async function showInstall() {
  try {
    const { archives } = await fetchJson('adapter/');
    byId('install').dataset.archives = archives.length;
    byId('install').hidden = archives.length === 0;
  } catch {
    // The service does not answer; the page says so elsewhere.
  }
}

async function copy(button) {
  const source = byId(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
  } catch {
    // Not allowed without HTTPS: select it, so that the user can.
    getSelection().selectAllChildren(source);
    button.textContent = 'Selected';
  }
  say('copied', button.textContent);
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
}

// Polling

const charts = createCharts(byId('charts'));
let poll = POLL_SECONDS;
let wait = POLL_SECONDS;
let timer;
let polling = false;
let historyAt = 0;
let historyRange = '';

const range = () => document.querySelector('input[name=range]:checked').value;

async function showHistory() {
  const wanted = range();
  const history = await fetchJson(`status/history.json?range=${wanted}`);
  historyAt = performance.now() + 900 * Math.min(history.seconds, MAX_POLL_SECONDS);
  historyRange = wanted;
  const fine = wanted === 'hour' ? history.seconds : history.seconds / 6;
  poll = Math.min(POLL_SECONDS, Math.max(1, fine));
  say('range-hour', format.span(fine * FINE_POINTS));
  say('range-day', format.span(fine * 6 * COARSE_POINTS));
  charts.show(history);
}

async function update() {
  if (polling) {
    return;
  }
  polling = true;
  clearTimeout(timer);
  try {
    const status = await fetchJson('status.json');
    showProblems(status);
    showNow(status);
    showBuilds(status.builds);
    charts.withS3(status.s3.state !== 'none');
    if (performance.now() >= historyAt || historyRange !== range()) {
      await showHistory();
    }
    wait = poll;
    byId('sign-in').hidden = true;
    byId('sign-out').hidden = sessionStorage.getItem(TOKEN) === null;
    say('connection', 'live', 'badge good');
  } catch (error) {
    if (error instanceof Refused) {
      wait = MAX_POLL_SECONDS;
      askForToken(error.message);
      say('connection', 'needs a token', 'badge');
      return;
    }
    wait = Math.min(wait * 2, MAX_POLL_SECONDS);
    say('connection', `no answer, again in ${Math.round(wait)} s`, 'badge bad');
  } finally {
    polling = false;
    document.body.dataset.updates = Number(document.body.dataset.updates ?? 0) + 1;
    schedule();
  }
}

function schedule() {
  if (!document.hidden) {
    timer = setTimeout(update, wait * 1000);
  }
}

document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : update()));
document.querySelectorAll('input[name=range]').forEach((input) => input.addEventListener('change', update));
showUse();
update();
