// One build: how it went, and why it missed what it missed.

import { breaking, facts, h, section, soft, table } from './dom.js';
import { gets, getsSplit, trouble } from './builds.js';
import * as api from './api.js';
import * as format from './format.js';

export const title = 'Build';
const FEW = 25;
const FEW_ROOTS = 8;
const OUTCOMES = { miss: 'missed', serviceHit: 'from the cache', localHit: 'on its machine' };
const ORDER = ['miss', 'serviceHit', 'localHit'];

export async function load(parameters, id) {
  return { build: await api.build(id) };
}

export function show({ build }) {
  const wrong = trouble(build);
  return [
    h('p', { className: 'crumb' }, h('a', { href: '#/builds' }, 'Builds'), ' › ', h('a', { href: `#/builds${api.query({ module: build.module ?? '' })}` }, build.module ?? 'no module')),
    h('h1', {}, `${build.command ?? 'go'}, `, breaking(build.module ?? 'no module')),
    h('p', { className: 'lead small' }, summary(build)),
    getsSplit(build),
    legend(build),
    wrong ? h('ul', { className: 'problems' }, h('li', { className: 'warning' }, h('strong', {}, 'It suffered: '), `${wrong}. `, h('code', {}, 'go-cache-adapter doctor'), ' on the same machine says what to do.')) : null,
    section('Why it missed', ...roots(build)),
    section('What it was', description(build)),
    section('Packages', ...packages(build)),
  ].filter(Boolean);
}

function summary(build) {
  const whole = gets(build);
  const saved = build.savedMillis > 0 ? ` What it got from here saved about ${format.millis(build.savedMillis)} of work.` : '';
  return `It ended ${format.ago(build.received)} after ${format.millis(build.durationMillis)}, of which it waited ${format.millis(build.waitMillis)} for the cache, and found ${format.percent(build.localHits + build.serviceHits, whole)} of ${format.plural(whole, 'action')}.${saved}`;
}

function legend(build) {
  return h('ul', { className: 'legend' }, [['local', 'on its own machine', build.localHits], ['hits', 'from the cache', build.serviceHits], ['missed', 'missed', build.misses]]
    .map(([className, label, value]) => h('li', {}, h('span', { className: `swatch ${className}` }), `${label} `, h('strong', {}, format.count(value)))));
}

function roots(build) {
  if (build.misses === 0) {
    return [h('p', { className: 'fine' }, h('span', { 'aria-hidden': 'true' }, '✓ '), 'It missed nothing.')];
  }
  if (build.roots.length === 0) {
    return [h('p', { className: 'empty' }, 'Not known: its adapter did not say which packages these were.')];
  }
  return [
    h('p', {}, 'These missed though all that they depend on was found. The others missed because of them.'),
    ...few(grouped(build.roots), FEW_ROOTS, rootTable),
  ];
}

// Those that missed for the same reason are one row.
function grouped(roots) {
  const groups = new Map();
  roots.forEach((root) => {
    const key = `${root.kind} ${root.reason} ${root.detail}`;
    groups.set(key, [...(groups.get(key) ?? []), root]);
  });
  return [...groups.values()].map((group) => ({ ...group[0], names: group.map((root) => root.package || 'without a name') }));
}

const NAMES = 3;

function rootTable(rows) {
  return table('The packages that are the cause of all misses, and why', [
    { title: 'Package', className: 'wide', cell: (root) => [...root.names.slice(0, NAMES).map((name) => h('div', { className: 'name' }, breaking(name))), soft(`${root.kind ?? ''}${root.names.length > NAMES ? `, and ${root.names.length - NAMES} more` : ''}`)] },
    { title: 'Why', className: 'wide', cell: (root) => [format.reason(root.reason), root.detail ? soft(root.detail) : null] },
    { title: 'Took along', className: 'number', cell: (root) => (root.followers > 0 ? format.plural(root.followers, 'package') : 'none') },
  ], rows);
}

// The first rows, and a button for all of them.
function few(rows, most, tableOf) {
  const made = h('div', {}, tableOf(rows.slice(0, most)));
  if (rows.length <= most) {
    return [made];
  }
  const more = h('button', { type: 'button', on: { click: () => { made.replaceChildren(tableOf(rows)); more.remove(); } } }, `Show all ${format.count(rows.length)}`);
  return [made, more];
}

function description(build) {
  return facts([
    ['Go', [build.goVersion, build.platform].filter(Boolean).join(', ')],
    ['Repository', build.repository], ['Branch', build.branch], ['Job', build.job],
    ['Client', build.client], ['Namespace', build.namespace], ['Adapter', build.adapterVersion],
    ['Executed', build.executed > 0 ? `${format.plural(build.executed, 'action')} in ${format.millis(build.executionMillis)}` : null],
    ['Fetched', `${format.bytes(build.bytesFetched)}${build.bytesTransferred > 0 && build.bytesTransferred < build.bytesFetched ? `, ${format.bytes(build.bytesTransferred)} as sent` : ''}`],
    ['Fetched ahead', build.prefetched ? `${format.count(build.prefetchUsed ?? 0)} used of ${format.count(build.prefetched)}` : null],
    ['Sent', `${format.bytes(build.bytesUploaded)} in ${format.plural(build.uploads, 'object')}`],
    ['Not sent', build.unsent > 0 ? format.plural(build.unsent, 'object') : null],
    ['Failed requests', build.serviceFailures > 0 ? format.count(build.serviceFailures) : null],
  ]);
}

function packages(build) {
  if (build.packages.length === 0) {
    return [h('p', { className: 'empty' }, 'Not known for this build.')];
  }
  const inputs = (each) => each.kind === 'test-inputs';
  const sorted = [...build.packages].sort((one, other) => inputs(one) - inputs(other) || ORDER.indexOf(one.outcome) - ORDER.indexOf(other.outcome) || (one.name ?? '~').localeCompare(other.name ?? '~'));
  return few(sorted, FEW, packageTable);
}

function packageTable(rows) {
  return table('Packages of this build, those that missed first', [
    { title: 'Package', className: 'wide', cell: (each) => breaking(each.name || 'without a name') },
    { title: 'What', cell: (each) => (each.kind ?? '').replace('-', ' ') },
    { title: 'Result', className: 'nowrap', cell: (each) => [h('span', { className: `swatch ${{ miss: 'missed', serviceHit: 'hits', localHit: 'local' }[each.outcome] ?? ''}` }), `${OUTCOMES[each.outcome] ?? each.outcome}${each.executed ? ', executed' : ''}`] },
    { title: 'Action', className: 'nowrap', cell: (each) => (each.action ? h('a', { href: `#/storage${api.query({ id: each.action })}`, 'aria-label': `Look up ${each.name ?? each.action}` }, h('code', {}, each.action.slice(0, 12))) : '–') },
  ], rows);
}
