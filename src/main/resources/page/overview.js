// The first screen: whether it helps, and what is wrong.

import { breaking, h, section, table } from './dom.js';
import { bars, spark } from './charts.js';
import { buildsTable } from './builds.js';
import * as api from './api.js';
import * as connect from './connect.js';
import * as format from './format.js';

export const title = 'Overview';
const WEEK = 7;
const MONTH = 30;

export async function load() {
  const [status, sums, latest, suffered] = await Promise.all([
    api.ask('status.json'), api.sums(MONTH), api.builds({ limit: 8 }), api.builds({ failed: true, limit: 3 })]);
  const empty = latest.builds.length === 0 && sums.days.length === 0;
  return { status, ...sums, latest: latest.builds, suffered: suffered.builds, ...(empty ? await connect.load() : {}) };
}

export function show(data) {
  const { status, days, replicas, latest, suffered, adapter } = data;
  if (adapter) {
    return [
      h('h1', {}, 'Connect your first build'),
      h('p', { className: 'lead small' }, 'No build has been reported to this cache yet. Once one has, this page says how much it found here, what that saved, and why it missed what it missed. It appears here by itself.'),
      ...(status.problems.length > 0 ? [problems(status)] : []),
      ...connect.steps(adapter),
    ];
  }
  const dates = lastDates(status.time, MONTH);
  const week = days.filter((day) => dates.slice(-WEEK).includes(day.date));
  return [
    h('h1', { className: 'hidden' }, 'Overview'),
    lead(sum(week), replicas),
    problems(status),
    new Set(days.map((day) => day.date)).size > 1 ? h('div', { className: 'charts' }, charts(days, dates.slice(-shown(days, dates)))) : null,
    section('Projects', projects(days, week, dates)),
    section('Builds', latestBuilds(latest, suffered, status.time)),
  ].filter(Boolean);
}

function lead(week, replicas) {
  if (week.builds === 0) {
    return h('p', { className: 'lead', id: 'lead' }, 'No build was reported in the last 7 days.');
  }
  const strong = (text) => h('strong', {}, text);
  const saved = week.savedMillis >= 1000
    ? [' That saved ', strong(format.millis(week.savedMillis)), ` of compiling and testing; ${week.builds === 1 ? 'it' : 'they'} waited `, strong(format.millis(week.waitMillis)), ' for the cache.']
    : [` ${week.builds === 1 ? 'It' : 'They'} waited `, strong(format.millis(week.waitMillis)), ' for the cache; what that saved is not known yet.'];
  return h('div', {},
    h('p', { className: 'lead', id: 'lead' },
      'In the last 7 days the cache answered ', strong(format.percent(week.hits, week.gets)), ' of what ', strong(format.plural(week.builds, 'build')), ' asked it for.', ...saved),
    h('details', {}, h('summary', {}, 'How is that reckoned?'), h('div', { className: 'prose' },
      h('p', {}, `Answered: ${format.count(week.hits)} of ${format.count(week.gets)} Gets that builds sent to this service. Misses count against it, and so do Gets that failed${week.failures > 0 ? ` (${format.plural(week.failures, 'request')} of these builds did)` : ''}. What a build found on its own machine is not counted: this cache had no part in it.`),
      h('p', {}, 'Saved: for each answered Get, the mean time that builds took to execute what they missed. Builds say these times; all of them together count no more hits and no more executions than this service has itself answered hits and misses, and none counts more than ten minutes. It is work, not time at a desk: a build executes several actions at once, so on four processors someone waits about a quarter of it less.'),
      h('p', {}, `Waited: the time for which builds waited for answers of this cache, part of what it costs them. ${replicas > 1 ? `The numbers of this view are the sums of ${replicas} replicas on one bucket, those of the others at most some minutes old` : 'The numbers are those of this replica'}, kept for 90 days.`))));
}

function problems(status) {
  if (status.problems.length === 0) {
    return h('p', { className: 'fine', id: 'fine' }, h('span', { 'aria-hidden': 'true' }, '✓ '), 'Nothing is wrong right now.');
  }
  return h('section', { 'aria-labelledby': 'title-problems' },
    h('h2', { id: 'title-problems' }, 'Wrong right now'),
    h('ul', { className: 'problems', id: 'problems' }, status.problems.map((problem) => h('li', { className: problem.severity },
      h('strong', {}, problem.text), ' ', problem.advice))));
}

// From the first day on, two weeks at least: a new cache has no month to show.
const shown = (days, dates) => Math.max(14, MONTH - dates.indexOf(days.map((day) => day.date).sort()[0]));

function charts(days, dates) {
  const each = dates.map((date) => sum(days.filter((day) => day.date === date)));
  return [
    bars({
      title: 'Gets each day', days: dates, text: format.short,
      series: [
        { label: 'answered', className: 'hits', values: each.map((day) => day.hits) },
        { label: 'missed', className: 'missed', values: each.map((day) => day.gets - day.hits) },
      ],
    }),
    bars({
      title: 'Work saved each day', days: dates, time: true, text: format.duration,
      series: [{ label: 'saved', className: 'saved', values: each.map((day) => Math.round(day.savedMillis / 1000)) }],
    }),
  ];
}

function projects(days, week, dates) {
  const rows = [...new Set(days.map((day) => day.module))].map((module) => {
    const all = days.filter((day) => day.module === module);
    return {
      module, ...sum(week.filter((day) => day.module === module)), month: sum(all).builds,
      rates: dates.map((date) => {
        const of = sum(all.filter((day) => day.date === date));
        return of.gets === 0 ? null : of.hits / of.gets;
      }),
    };
  }).sort((one, other) => other.builds - one.builds || other.month - one.month).slice(0, 20);
  return table('Projects by builds of the last 7 days', [
    { title: 'Project', className: 'wide', cell: (row) => h('a', { href: `#/builds${api.query({ module: row.module ?? '' })}` }, breaking(row.module ?? 'no module')) },
    { title: 'Builds, 7 days', className: 'number', cell: (row) => format.count(row.builds) },
    { title: 'Answered', className: 'number', cell: (row) => format.percent(row.hits, row.gets) },
    { title: 'Work saved', className: 'number', cell: (row) => (row.savedMillis > 0 ? format.millis(row.savedMillis) : '–') },
    { title: 'Waited', className: 'number', cell: (row) => format.millis(row.waitMillis) },
    { title: 'Hit rate, 30 days', className: 'trend', cell: (row) => spark(row.rates) },
  ], rows);
}

// Those that suffered first, if that was in the last day.
function latestBuilds(latest, suffered, now) {
  const first = suffered.filter((build) => Date.parse(now) - Date.parse(build.received) < 86400000);
  const rest = latest.filter((build) => !first.some((each) => each.id === build.id));
  return [first.length > 0 ? h('p', { className: 'soft' }, 'Those of the last day that did not get what they should, first; then the latest.') : null,
    buildsTable('Builds that suffered, and the latest', [...first, ...rest].slice(0, 8)), h('p', {}, h('a', { href: '#/builds' }, 'All builds'))];
}

function sum(rows) {
  const total = { builds: 0, gets: 0, hits: 0, failures: 0, waitMillis: 0, savedMillis: 0 };
  rows.forEach((row) => Object.keys(total).forEach((key) => { total[key] += row[key]; }));
  return total;
}

function lastDates(now, number) {
  return Array.from({ length: number }, (_, at) => new Date(Date.parse(now) - (number - 1 - at) * 86400000).toISOString().slice(0, 10));
}
