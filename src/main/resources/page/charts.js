// Charts by day: drawn as wide as they are, so that text keeps its size on a phone. Each is a table, too.

import { h, svg } from './dom.js';
import * as format from './format.js';

const HEIGHT = 170;
const AXIS = 24;
const LABEL_WIDTH = 56;

// 1, 2 or 5 times a power of ten, so that two or three steps reach the highest.
function step(highest) {
  const rough = highest / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough);
}

// Steps of time are those of clocks.
const CLOCK = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000, 1728000];
const clockStep = (highest) => CLOCK.find((each) => each >= highest / 3) ?? step(highest);

/**
 * spec: { title, days: [date], series: [{ label, className, values }], text(value), time }
 */
export function bars(spec) {
  const totals = spec.days.map((_, at) => spec.series.reduce((sum, series) => sum + series.values[at], 0));
  const highest = Math.max(...totals);
  const plot = h('div', { className: 'plot', role: 'img', 'aria-label': described(spec, totals) });
  const draw = () => {
    if (plot.clientWidth > 0 && Number(plot.dataset.width) !== plot.clientWidth) {
      plot.dataset.width = plot.clientWidth;
      plot.replaceChildren(drawing(spec, totals, highest, plot.clientWidth));
    }
  };
  new ResizeObserver(draw).observe(plot);
  const legend = spec.series.length < 2 ? null : h('ul', { className: 'legend' },
    spec.series.map((series) => h('li', {}, h('span', { className: `swatch ${series.className}` }), series.label)));
  return h('figure', {}, h('figcaption', {}, h('span', {}, spec.title), legend), plot, details(spec));
}

function drawing(spec, totals, highest, width) {
  const made = svg('svg', { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true' });
  const each = highest === 0 ? 1 : (spec.time ? clockStep : step)(highest);
  const top = highest === 0 ? 1 : Math.ceil(highest / each) * each;
  const low = HEIGHT - AXIS;
  const y = (value) => low - (value / top) * (low - 12);
  for (let value = 0; value <= top; value += each) {
    made.append(svg('line', { x1: LABEL_WIDTH, x2: width, y1: y(value), y2: y(value), class: 'grid' }));
    if (value > 0 || highest === 0) {
      made.append(svg('text', { x: LABEL_WIDTH - 8, y: y(value) + 4, 'text-anchor': 'end' }, spec.text(value)));
    }
  }
  const room = (width - LABEL_WIDTH - 8) / spec.days.length;
  const every = Math.max(1, Math.ceil(58 / room));
  spec.days.forEach((date, at) => {
    const x = LABEL_WIDTH + at * room;
    const group = svg('g', {}, svg('title', {}, `${format.day(date)}: ${spec.series.map((series) => `${spec.text(series.values[at])} ${series.label}`).join(', ')}`),
      svg('rect', { x, y: 0, width: room, height: low, class: 'hover' }));
    let below = 0;
    for (const series of spec.series) {
      const value = series.values[at];
      if (value > 0) {
        group.append(svg('rect', { x: x + room * 0.15, y: y(below + value), width: Math.max(room * 0.7, 1), height: Math.max(y(below) - y(below + value), 1), class: series.className }));
      }
      below += value;
    }
    made.append(group);
    if ((spec.days.length - 1 - at) % every === 0) {
      const last = at === spec.days.length - 1;
      made.append(svg('text', { x: last ? width : x + room / 2, y: HEIGHT - 5, 'text-anchor': last ? 'end' : 'middle' }, last ? 'today' : format.day(date)));
    }
  });
  return made;
}

function described(spec, totals) {
  const last = totals.length - 1;
  return `Bar chart of ${totals.length} days. Today: ${spec.series.map((series) => `${spec.text(series.values[last])} ${series.label}`).join(', ')}. The same as a table below.`;
}

function details(spec) {
  const rows = spec.days.map((date, at) => h('tr', {}, h('th', { scope: 'row' }, format.day(date)), spec.series.map((series) => h('td', {}, spec.text(series.values[at]))))).reverse();
  return h('details', {}, h('summary', {}, 'As a table'), h('table', {},
    h('thead', {}, h('tr', {}, ['Day', ...spec.series.map((series) => series.label)].map((text) => h('th', { scope: 'col' }, text)))), h('tbody', {}, rows)));
}

// The hit rate of each day, 0 to 100 %, small enough for a row of a table; a day without Gets is a gap.
export function spark(rates) {
  const width = 150;
  const height = 30;
  const room = width / rates.length;
  const made = svg('svg', { class: 'spark', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  const known = rates.filter((rate) => rate !== null);
  const text = known.length === 0 ? 'No Gets in 30 days' : `Hit rate of 30 days: ${format.percent(Math.min(...known), 1)} to ${format.percent(Math.max(...known), 1)}`;
  made.setAttribute('aria-label', text);
  made.append(svg('title', {}, text), svg('line', { x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5, class: 'grid' }));
  rates.forEach((rate, at) => {
    if (rate !== null) {
      made.append(svg('rect', { x: at * room + room * 0.15, y: (1 - rate) * (height - 2), width: room * 0.7, height: Math.max(rate * (height - 2), 1.5), class: rate < 0.5 ? 'missed' : 'hits' }));
    }
  });
  return made;
}
