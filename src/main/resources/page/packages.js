// The packages that missed most.

import { breaking, h, soft, table } from './dom.js';
import * as api from './api.js';
import * as format from './format.js';

export const title = 'Packages';
const FOLLOWS = 'dependency';
const MOST = 3;

export async function load() {
  return { packages: await api.missed(7) };
}

export function show({ packages }) {
  return [
    h('h1', {}, 'Most missed packages'),
    h('p', { className: 'lead small' }, 'Of the last 7 days. A package that misses in most builds, for its own reasons, makes all that import it miss too.'),
    packages.length === 0
      ? h('p', { className: 'empty' }, 'No build has said which packages it missed.')
      : table('Packages by number of misses', [
        { title: 'Package', className: 'wide', cell: (each) => [h('a', { className: 'name', href: `#/storage${api.query({ id: each.name })}` }, breaking(each.name)), each.module ? soft(each.module) : null] },
        { title: 'Misses', className: 'number', cell: (each) => format.count(each.misses) },
        { title: 'In builds', className: 'number', cell: (each) => format.count(each.builds) },
        { title: 'Why', className: 'wide', cell: (each) => reasons(each.reasons) },
      ], packages),
  ];
}

function reasons(counts) {
  const sorted = Object.entries(counts ?? {}).sort(([, few], [, many]) => many - few);
  const [follows, own] = [sorted.filter(([reason]) => reason === FOLLOWS), sorted.filter(([reason]) => reason !== FOLLOWS)];
  return sorted.length === 0 ? soft('not known') : [...own.slice(0, MOST), ...follows].map(([reason, count]) => h('span', { className: reason === FOLLOWS ? 'soft follows' : 'chip' }, `${format.reason(reason)}, ${format.count(count)}×`));
}
