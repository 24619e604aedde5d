// Makes elements. What clients reported is only ever set as text.

import * as format from './format.js';

export function h(name, properties, ...children) {
  const made = document.createElement(name);
  fill(made, properties);
  made.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

function fill(made, properties) {
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (key === 'on') {
      Object.entries(value).forEach(([event, handler]) => made.addEventListener(event, handler));
    } else if (key in made && !key.includes('-') && key !== 'role') {
      made[key] = value;
    } else {
      made.setAttribute(key, value);
    }
  }
}

// Long names break behind a slash.
export function breaking(text) {
  return text.split(/(?<=\/)/).flatMap((piece, at) => (at === 0 ? [piece] : [h('wbr'), piece]));
}

export const soft = (text) => h('span', { className: 'soft' }, text);

// A table that becomes a list of cards on a phone; its roles are said, since a changed display would take them away.
// columns: [{ title, cell(row) → children, className }]
export function table(caption, columns, rows) {
  const head = h('tr', { role: 'row' }, columns.map((column) => h('th', { scope: 'col', role: 'columnheader', className: column.className }, column.title)));
  const body = rows.map((row) => h('tr', { role: 'row' }, columns.map((column, at) => {
    const cell = h(at === 0 ? 'th' : 'td', { role: at === 0 ? 'rowheader' : 'cell', scope: at === 0 ? 'row' : null, className: column.className }, column.cell(row));
    cell.dataset.label = column.title;
    return cell;
  })));
  return h('table', { role: 'table' },
    h('caption', { className: 'hidden' }, caption),
    h('thead', { role: 'rowgroup' }, head),
    h('tbody', { role: 'rowgroup' }, body));
}

// One bar in parts, for eyes only: the numbers stand beside it. parts: [[value, class]]
export function split(parts) {
  const whole = parts.reduce((sum, [value]) => sum + value, 0);
  const bar = h('span', { className: 'split', 'aria-hidden': 'true' });
  parts.filter(([value]) => value > 0).forEach(([value, className]) => {
    const piece = h('span', { className });
    piece.style.flex = `${value / whole} 0 0`;
    bar.append(piece);
  });
  return bar;
}

export function time(iso) {
  return h('time', { dateTime: iso, title: new Date(iso).toLocaleString() }, format.ago(iso));
}

// Names and values; those without a value are left out.
export function facts(entries) {
  return h('dl', { className: 'facts' }, entries.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value, className]) => h('div', { className }, h('dt', {}, name), h('dd', {}, value))));
}

export function section(title, ...children) {
  const id = `title-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`;
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, title), ...children);
}

export function copyable(text, label) {
  const code = h('code', {}, text);
  const button = h('button', { type: 'button', 'aria-label': `Copy: ${label}` }, 'Copy');
  const said = h('span', { className: 'hidden', role: 'status' });
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      // Not allowed without HTTPS: select it, so that the user can.
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    said.textContent = button.textContent;
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  return h('div', { className: 'copyable' }, h('pre', { tabIndex: 0, role: 'region', 'aria-label': label }, code), button, said);
}
