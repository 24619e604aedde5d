// The charts: what each shows, drawn by uPlot, and the same as a table.

import * as format from './format.js';

const TABLE_ROWS = 12;
const LEAST_POINTS = 30;

const perSecond = (column) => (history) => history[column].map((value) => value / history.seconds);
const asIs = (column) => (history) => history[column];

function hitRates(history) {
  return history.time.map((_, at) => {
    const hits = history.diskHits[at] + history.s3Hits[at];
    const gets = hits + history.misses[at];
    return gets === 0 ? null : (100 * hits) / gets;
  });
}

const CHARTS = [
  {
    id: 'hit-rate', title: 'Hit rate', format: (value) => `${Number(value.toFixed(1))} %`, range: [0, 100],
    series: [{ label: 'Gets answered', values: hitRates }],
  },
  {
    id: 'requests', title: 'Gets each second', format: format.rate,
    series: [
      { label: 'from disk', values: perSecond('diskHits') },
      { label: 'from S3', values: perSecond('s3Hits') },
      { label: 'misses', values: perSecond('misses') },
    ],
  },
  {
    id: 'traffic', title: 'Traffic each second', format: format.bytes, binary: true,
    series: [
      { label: 'to clients', values: perSecond('bytesOut') },
      { label: 'from clients', values: perSecond('bytesIn') },
    ],
  },
  {
    id: 'disk', title: 'Disk', format: format.bytes, binary: true,
    series: [
      { label: 'used', values: asIs('diskBytes') },
      { label: 'evicted in the interval', values: asIs('evictedBytes') },
    ],
  },
  {
    id: 'uploads', title: 'Upload queue', format: format.rate, onlyWithS3: true,
    series: [{ label: 'uploads that wait or run', values: asIs('uploads') }],
  },
];

// Lines differ in dash too, for those who do not tell the colours apart.
const DASHES = [[], [7, 4], [2, 3]];

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function swatch(at) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 28 12');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', 'M0 6h28');
  line.setAttribute('stroke', `var(--series-${at + 1})`);
  line.setAttribute('stroke-width', '4');
  line.setAttribute('stroke-dasharray', DASHES[at].join(' '));
  svg.append(line);
  return svg;
}

// Steps of bytes are to read well in powers of two.
function binarySteps() {
  const steps = [];
  for (let step = 1; step < 2 ** 52; step *= 2) {
    steps.push(step);
  }
  return steps;
}

class Chart {
  constructor(spec, parent) {
    this.spec = spec;
    this.legend = element('ul', { className: 'legend' });
    this.values = spec.series.map((series, at) => {
      const value = element('span');
      this.legend.append(element('li', {}, swatch(at), `${series.label} `, value));
      return value;
    });
    this.plotParent = element('div', { className: 'plot' });
    this.table = element('table');
    const title = element('figcaption', { id: `chart-${spec.id}`, textContent: spec.title });
    const details = element('details', {}, element('summary', { textContent: 'As a table' }), this.table);
    this.figure = element('figure', {}, title, this.legend, this.plotParent, details);
    this.figure.setAttribute('aria-labelledby', title.id);
    this.plotParent.setAttribute('role', 'img');
    parent.append(this.figure);
    new ResizeObserver(() => this.resize()).observe(this.plotParent);
  }

  show(history) {
    this.history = history;
    this.data = [history.time, ...this.spec.series.map((series) => series.values(history))];
    this.say(null);
    this.describe();
    this.fillTable();
    if (this.plot) {
      this.plot.setData(this.data);
    } else {
      this.draw();
    }
  }

  // Colours are read when it is drawn; so it is drawn again when they change.
  redraw() {
    this.plot?.destroy();
    this.plot = null;
    if (this.data) {
      this.draw();
    }
  }

  draw() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { stroke: colour('--grid'), width: 1 }, font: '12px system-ui, sans-serif' };
    const lonely = (plot, at, from, to) => to - from < 1;
    this.plot = new uPlot({
      width: Math.max(this.plotParent.clientWidth, 100),
      height: 190,
      legend: { show: false },
      padding: [8, 30, 0, 0],
      cursor: { drag: { x: false, y: false } },
      hooks: { setCursor: [(plot) => this.say(plot.cursor.idx ?? null)] },
      scales: { x: { time: true, range: (plot, from, to) => this.timeRange(from, to) }, y: { range: (plot, low, high) => this.spec.range ?? [0, high > 0 ? high * 1.08 : 1] } },
      axes: [
        { ...axis, space: 70, size: 30, values: (plot, times, at, space, step) => times.map((time) => format.clockTime(time, step < 60)) },
        { ...axis, size: 68, values: (plot, values) => values.map((value) => (value === null ? '' : this.spec.format(value))), ...(this.spec.binary ? { incrs: binarySteps() } : {}) },
      ],
      series: [
        {},
        ...this.spec.series.map((series, at) => ({
          label: series.label, stroke: colour(`--series-${at + 1}`), width: 2, dash: DASHES[at], spanGaps: false,
          points: { show: lonely },
          fill: this.spec.series.length === 1 ? `${colour(`--series-${at + 1}`)}22` : undefined,
        })),
      ],
    }, this.data, this.plotParent);
  }

  // Never less than some points wide, so that the first ones do not fill all of it.
  timeRange(from, to) {
    const least = LEAST_POINTS * this.history.seconds;
    const end = to ?? Date.now() / 1000;
    return [Math.min(from ?? end, end - least), end];
  }

  resize() {
    const width = this.plotParent.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) {
      this.plot.setSize({ width, height: 190 });
    }
  }

  // The values at this point, or the latest.
  say(at) {
    const index = at ?? this.data[0].length - 1;
    this.values.forEach((value, series) => {
      const shown = this.data[series + 1][index];
      value.textContent = shown === undefined || shown === null ? '' : this.spec.format(shown);
    });
  }

  describe() {
    const latest = this.spec.series.map((series, at) => {
      const value = this.data[at + 1].findLast((each) => each !== null);
      return value === undefined ? `${series.label}: nothing yet` : `${series.label}: ${this.spec.format(value)}`;
    });
    this.plotParent.setAttribute('aria-label', `Line chart, ${this.data[0].length} points. Latest: ${latest.join(', ')}. The same as a table below.`);
  }

  // At most so many rows, each the point at its end.
  fillTable() {
    const head = element('tr', {}, ...['Time', ...this.spec.series.map((series) => series.label)].map((text) => element('th', { scope: 'col', textContent: text })));
    const rows = [];
    const points = this.data[0].length;
    const step = Math.max(1, Math.ceil(points / TABLE_ROWS));
    for (let at = points - 1; at >= 0; at -= step) {
      const cells = this.spec.series.map((_, series) => {
        const value = this.data[series + 1][at];
        return element('td', { textContent: value === null ? '–' : this.spec.format(value) });
      });
      rows.push(element('tr', {}, element('th', { scope: 'row', textContent: format.clockTime(this.data[0][at]) }), ...cells));
    }
    this.table.replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows));
  }
}

export function createCharts(parent) {
  const charts = CHARTS.map((spec) => new Chart(spec, parent));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach((chart) => chart.redraw()));
  return {
    show(history) {
      charts.forEach((chart) => chart.show(history));
    },
    withS3(present) {
      charts.filter((chart) => chart.spec.onlyWithS3).forEach((chart) => { chart.figure.hidden = !present; });
    },
  };
}
