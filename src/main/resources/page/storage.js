// Where objects lie, and what is known of one of them.

import { breaking, facts, h, section, soft, table } from './dom.js';
import * as api from './api.js';
import * as format from './format.js';

export const title = 'Storage';
const HEX = /^([0-9a-f]{2}){2,500}$/;
const NAME = 'go-cache-server-name';

export async function load(parameters) {
  const id = (parameters.get('id') ?? '').trim();
  const [status, found] = await Promise.all([api.ask('status.json'), id ? lookUp(id) : null]);
  return { status, id, found };
}

/** An action, else an output, else the actions of a package in the latest builds. */
async function lookUp(id) {
  try {
    if (!HEX.test(id)) {
      return { actions: await api.actions(id) };
    }
    for (const kind of ['action', 'output']) {
      try {
        return { kind, entry: await api.entry(kind, id) };
      } catch (error) {
        if (error.status !== 404) {
          throw error;
        }
      }
    }
    return { nothing: true };
  } catch (error) {
    if (error instanceof api.Refused) {
      return { refused: true };
    }
    if (error instanceof api.Failed) {
      return { failed: error.message };
    }
    throw error;
  }
}

export function show({ status, id, found }) {
  return [
    h('h1', {}, 'Storage'),
    h('div', { className: 'tiers' }, disk(status), s3(status), modules(status)),
    section('Since the start', answers(status)),
    section('Look up an entry', form(id), ...(found ? result(id, found) : [])),
  ];
}

const sum = (counts, of = (each) => each) => Object.values(counts).reduce((total, each) => total + of(each), 0);

function disk({ state, disk: of }) {
  const states = { working: ['works', 'good'], full: ['full', 'bad'], read_only: ['cannot be written', 'bad'], unavailable: ['cannot be used', 'bad'] };
  const damaged = sum(of.corruptions);
  return tier('Disk', ...states[state],
    h('meter', { min: 0, max: 1, low: 0.9, high: 0.97, optimum: 0, value: of.percentFull / 100, 'aria-label': 'Part of the disk that is used' }),
    h('p', {}, `${of.directory.text} of ${of.limit.text} used; the volume has ${of.volumeFree.text} free`),
    facts([
      ['Objects', format.count(of.objects)], ['Actions', format.count(of.actions)],
      ['Longest unused', of.oldestIdle ? format.duration(format.seconds(of.oldestIdle)) : null],
      ['Evicted since the start', format.bytes(sum(of.evictions, (each) => each.stored.bytes))],
      ['Damaged, removed', damaged > 0 ? format.count(damaged) : null],
    ]));
}

function s3({ s3: of, uploads }) {
  if (of.state === 'none') {
    return tier('S3', 'not used', '', h('p', {}, 'All that is cached lies on this replica’s disk, and is gone with it. With a bucket, replicas share what they have: set ', h('code', { className: 'nowrap' }, 'cache-server.s3.bucket'), '.'));
  }
  const states = { unknown: ['asking', ''], up: ['works', 'good'], down: ['down', 'bad'] };
  const lost = uploads ? uploads.dropped + sum(uploads.givenUp) : 0;
  return tier('S3', ...states[of.state],
    of.error ? h('p', { className: 'trouble' }, of.error) : null,
    uploads ? facts([
      ['Uploads that wait', format.count(uploads.queued)], ['Under way', format.count(uploads.running)],
      ['Tried again', format.count(uploads.retried)], ['Left by the last run', format.count(uploads.resumed)],
      ['Oldest', uploads.queued + uploads.running > 0 ? format.duration(format.seconds(uploads.oldest)) : null],
      ['State', uploads.paused ? 'paused until S3 answers again' : null],
      ['Dropped or given up', lost > 0 ? format.count(lost) : null],
    ]) : null);
}

function modules({ modules: { offered, answers, bytes, refused, refusal, upstreams } }) {
  if (!offered) {
    return null;
  }
  const states = { unknown: 'not asked lately', up: 'answers', failed: 'the latest failed', down: 'fails' };
  const down = upstreams.filter((each) => each.state === 'down').length;
  const card = tier('Go modules', ...(down > 0 ? [`${format.plural(down, 'upstream')} ${down === 1 ? 'fails' : 'fail'}`, 'bad'] : ['works', 'good']),
    facts([
      ['From disk', format.count(answers.disk)], ['From S3', format.count(answers.s3)], ['From upstreams', format.count(answers.upstream)],
      ['From disk, while older than wanted', answers.stale > 0 ? format.count(answers.stale) : null],
      ['Not there', format.count(answers.absent)], ['Failed', format.count(answers.failed)],
      ['Fetched from upstreams', format.bytes(bytes)],
      ['Refused', refused > 0 ? [format.count(refused), refusal ? soft(`, the latest: ${refusal}`) : null] : null, 'whole'],
    ]),
    table('Upstreams of Go modules', [
      { title: 'Upstream', className: 'wide', cell: (each) => breaking(each.url) },
      { title: 'Latest requests', className: 'wide', cell: (each) => [states[each.state], each.failure ? h('span', { className: 'trouble' }, each.failures === 1 ? each.failure : `${each.failures} failures in a row, the latest: ${each.failure}`) : null] },
    ], upstreams));
  card.classList.add('across');
  return card;
}

function tier(name, state, className, ...children) {
  return h('section', { className: 'tier', 'aria-label': name }, h('h2', {}, `${name} `, h('span', { className: `badge ${className}` }, state)), ...children);
}

function answers({ requests, traffic }) {
  return facts([
    ['Gets', format.count(requests.gets)],
    ['Answered', format.percent(requests.hits, requests.gets)],
    ['From disk', format.count(requests.diskHits)],
    ['From S3', format.count(requests.s3Hits)],
    ['Missed', format.count(requests.misses)],
    ['Failed', format.count(requests.failures)],
    ['Sent to clients', traffic.out.text],
    ['Received', traffic.in.text],
  ]);
}

function form(id) {
  const made = h('form', { className: 'filter', role: 'search', 'aria-label': 'Look up an entry' },
    h('label', { className: 'long' }, h('span', {}, 'Action ID, output ID or package'), h('input', { name: 'id', id: 'look-up', value: id, required: true, autocomplete: 'off', spellcheck: false })),
    h('button', { type: 'submit', id: 'look-up-go' }, 'Look up'));
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    location.hash = `#/storage${api.query({ id: made.elements.id.value.trim() })}`;
  });
  return made;
}

function result(id, { kind, entry, actions, nothing, refused, failed }) {
  if (refused) {
    return [h('p', { className: 'notice', id: 'found' }, 'Only an administrator sees who wrote an entry, and can remove it: “Forget the token” below, then give one with ', h('code', {}, 'access: admin'), '.')];
  }
  if (failed) {
    return [h('p', { className: 'notice', id: 'found' }, failed)];
  }
  if (actions) {
    return [actions.length === 0 ? h('p', { className: 'notice', id: 'found' }, 'No build that is remembered has named this package.') : h('div', { id: 'found' }, actionsTable(actions))];
  }
  if (nothing) {
    return [h('p', { className: 'notice', id: 'found' }, 'Not on this replica’s disk. It may be in S3: a Get would fetch it.')];
  }
  return [h('div', { className: 'tier', id: 'found' },
    h('h3', {}, kind === 'action' ? 'Action ' : 'Output ', h('code', {}, id)),
    facts([['Output', h('code', {}, entry.output), 'whole'], ['Size', entry.size.text], ['Stored', `${entry.stored.text}, ${entry.coding}, in ${entry.where === 'file' ? 'a file' : 'the index'}`]]),
    entry.writes.length === 0 ? h('p', {}, 'No action leads to it.') : writesTable(entry.writes),
    h('p', {}, h('button', { type: 'button', className: 'danger', id: 'purge', on: { click: () => askToPurge(kind, id) } }, `Remove this ${kind}`)))];
}

function actionsTable(actions) {
  return table('Actions of this package in the latest builds', [
    { title: 'Package', className: 'wide', cell: (each) => each.name },
    { title: 'What', cell: (each) => each.kind ?? '' },
    { title: 'Action', cell: (each) => h('a', { href: `#/storage${api.query({ id: each.action })}` }, h('code', {}, each.action.slice(0, 16))) },
    { title: 'Build', cell: (each) => h('a', { href: `#/build/${each.build}` }, `${each.build}`) },
  ], actions);
}

function writesTable(writes) {
  return table('Who wrote it', [
    { title: 'Written by', className: 'wide', cell: (each) => writer(each) },
    { title: 'When', className: 'nowrap', cell: (each) => new Date(each.time).toLocaleString() },
    { title: 'Namespace', cell: (each) => each.namespace },
    { title: 'Action', cell: (each) => h('code', {}, each.action.slice(0, 16)) },
  ], writes);
}

function writer(write) {
  const known = [write.token && `token ${write.token}`, write.subject, write.repository, write.ref, write.run && `run ${write.run}`, write.address && `from ${write.address}`].filter(Boolean);
  return [known[0] ?? 'not known', known.length > 1 ? soft(known.slice(1).join(', ')) : null];
}

function askToPurge(kind, id) {
  const said = h('p', { role: 'alert', className: 'trouble' });
  const remove = h('button', { type: 'submit', className: 'danger', id: 'purge-go' }, 'Remove');
  const close = h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel');
  const fields = h('form', {},
    h('h2', { id: 'purge-title' }, `Remove this ${kind}?`),
    h('p', {}, kind === 'action'
      ? 'It goes from this replica’s disk and from S3, in every namespace; builds that need it compile it again. Other replicas keep what is on their disks.'
      : 'The object and every action that leads to it go from this replica’s disk and from S3; builds that need them compile again. Other replicas keep what is on their disks.'),
    h('label', {}, h('span', {}, 'Your name'), h('input', { name: 'by', required: true, maxLength: 100, value: sessionStorage.getItem(NAME) ?? '' })),
    h('label', {}, h('span', {}, 'Reason'), h('input', { name: 'reason', required: true, maxLength: 200 })),
    said, h('p', { className: 'buttons' }, close, remove));
  const dialog = h('dialog', { 'aria-labelledby': 'purge-title' }, fields);
  fields.addEventListener('submit', async (event) => {
    event.preventDefault();
    remove.disabled = true;
    sessionStorage.setItem(NAME, fields.elements.by.value.trim());
    try {
      const done = await api.purge(kind, id, fields.elements.by.value.trim(), fields.elements.reason.value.trim());
      fields.replaceChildren(h('h2', { id: 'purge-title' }, 'Removed'),
        h('p', { id: 'purged', role: 'status' }, `From disk ${format.plural(done.actionsRemoved, 'action')} and ${format.plural(done.objectsRemoved, 'object')}; S3: ${done.remote}.`),
        h('p', { className: 'buttons' }, close));
      close.textContent = 'Close';
      close.focus();
    } catch (error) {
      said.textContent = error instanceof api.Refused ? 'This token may not remove entries: it takes one with access: admin.' : error.message;
      remove.disabled = false;
    }
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    window.dispatchEvent(new Event('hashchange'));
  });
  document.body.append(dialog);
  dialog.showModal();
}
