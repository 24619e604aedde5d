// The builds, by project, branch, job and client; those that suffered first.

import { breaking, h, soft, split, table, time } from './dom.js';
import * as api from './api.js';
import * as format from './format.js';

export const title = 'Builds';
const FILTERS = [['module', 'Project'], ['branch', 'Branch'], ['job', 'Job'], ['client', 'Client']];
const LIMIT = 50;

export async function load(parameters) {
  const filter = Object.fromEntries(FILTERS.map(([name]) => [name, parameters.get(name) ?? '']));
  const failed = parameters.has('failed');
  const before = parameters.get('before') ?? '';
  const [page, suffered] = await Promise.all([
    api.builds({ ...filter, failed, before, limit: LIMIT }),
    failed || before ? { builds: [] } : api.builds({ ...filter, failed: true, limit: 5 })]);
  return { filter, failed, before, page, suffered: suffered.builds };
}

export function show({ filter, failed, before, page, suffered }) {
  const recent = suffered.filter((build) => Date.now() - Date.parse(build.received) < 86400000);
  const rest = page.builds.filter((build) => !recent.some((each) => each.id === build.id));
  const rows = [...recent, ...rest];
  return [
    h('h1', {}, 'Builds'),
    form(filter, failed),
    rows.length === 0 ? h('p', { className: 'empty' }, before ? 'There are no older builds.' : 'No build is like that.') : buildsTable('Builds, those of the last day that suffered first, then the newest', rows),
    h('p', { className: 'pages' },
      before ? h('a', { href: `#/builds${api.query({ ...filter, failed })}` }, 'Newest') : null,
      page.next ? h('a', { href: `#/builds${api.query({ ...filter, failed, before: page.next })}` }, 'Older') : null),
  ];
}

function form(filter, failed) {
  const made = h('form', { className: 'filter', role: 'search', 'aria-label': 'Filter builds' },
    FILTERS.map(([name, label]) => h('label', {}, h('span', {}, label), h('input', { name, id: `filter-${name}`, value: filter[name], autocomplete: 'off', spellcheck: false }))),
    h('label', { className: 'check' }, h('input', { type: 'checkbox', name: 'failed', id: 'filter-failed', checked: failed }), ' only those that suffered'),
    h('button', { type: 'submit', id: 'filter-go' }, 'Filter'));
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = Object.fromEntries(FILTERS.map(([name]) => [name, made.elements[name].value.trim()]));
    location.hash = `#/builds${api.query({ ...given, failed: made.elements.failed.checked })}`;
  });
  made.elements.failed.addEventListener('change', () => made.requestSubmit());
  return made;
}

export const gets = (build) => build.localHits + build.serviceHits + build.misses;

export function getsSplit(build) {
  return split([[build.localHits, 'local'], [build.serviceHits, 'hits'], [build.misses, 'missed']]);
}

// In its adapter's words, or what its numbers say.
export function trouble(build) {
  const said = [];
  if (build.failure) {
    said.push(build.failure);
  } else if (build.serviceFailures > 0) {
    said.push(`${format.plural(build.serviceFailures, 'request')} failed`);
  }
  if (build.unsent > 0) {
    said.push(`${format.plural(build.unsent, 'object')} not sent`);
  }
  if (build.ending === 'gone') {
    said.push('the Go command was killed');
  }
  if (said.length === 0 && build.suffered) {
    said.push('waited for the cache longer than it should');
  }
  return said.join('; ');
}

export function buildsTable(caption, builds) {
  return table(caption, [
    {
      title: 'Build', className: 'wide', cell: (build) => [
        h('a', { href: `#/build/${build.id}`, className: 'name' }, breaking(build.module ?? 'no module')),
        soft([build.command ?? 'go', build.branch, build.job].filter(Boolean).join(' · ')),
        trouble(build) ? h('span', { className: 'trouble' }, trouble(build)) : null,
      ],
    },
    { title: 'Ended', className: 'nowrap', cell: (build) => [time(build.received), build.client ? soft(build.client) : null] },
    {
      title: 'Gets', className: 'gets', cell: (build) => [
        `${format.percent(build.localHits + build.serviceHits, gets(build))} of ${format.count(gets(build))}`,
        getsSplit(build),
        soft(`${format.count(build.serviceHits)} from here, ${format.count(build.misses)} missed`),
      ],
    },
    { title: 'Took', className: 'number', cell: (build) => [h('span', {}, format.millis(build.durationMillis)), soft(`${format.millis(build.waitMillis)} waiting`)] },
    { title: 'Fetched', className: 'number desk', cell: (build) => [h('span', {}, format.bytes(build.bytesTransferred || build.bytesFetched)), build.bytesUploaded > 0 ? soft(`${format.bytes(build.bytesUploaded)} sent`) : null] },
    { title: 'Saved', className: 'number', cell: (build) => (build.savedMillis > 0 ? format.millis(build.savedMillis) : '–') },
  ], builds);
}
