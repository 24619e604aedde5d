// Numbers as text, for people.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

// As the service and the adapter write sizes: 999 B, 1.2 kB, 63 MB.
export function bytes(value) {
  let unit = 0;
  let size = 1;
  while (Math.abs(value) >= size * 1000 && unit < UNITS.length - 1) {
    size *= 1000;
    unit++;
  }
  const tenths = Math.trunc((value * 10) / size);
  const fraction = unit > 0 && Math.abs(tenths) < 100;
  return `${fraction ? (tenths / 10).toFixed(1) : Math.trunc(tenths / 10)} ${UNITS[unit]}`;
}

export function count(value) {
  return value.toLocaleString('en');
}

// 1,234 or 12k, for axes.
export function short(value) {
  return value >= 10000 ? Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value) : count(value);
}

export function plural(value, word, words = `${word}s`) {
  return `${count(value)} ${value === 1 ? word : words}`;
}

// One decimal, but never 100 % unless all of it.
export function percent(part, whole) {
  if (whole === 0) {
    return '–';
  }
  if (part > 0 && part * 1000 < whole) {
    return '< 0.1 %';
  }
  const tenths = Math.round((part / whole) * 1000);
  const shown = part < whole ? Math.min(tenths, 999) : tenths;
  return `${(shown / 10).toFixed(shown % 10 === 0 ? 0 : 1)} %`;
}

export function duration(seconds) {
  if (seconds < 60) {
    return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
  }
  if (seconds < 3600) {
    return joined([Math.floor(seconds / 60), 'min'], [Math.floor(seconds % 60), 's']);
  }
  if (seconds < 86400) {
    return joined([Math.floor(seconds / 3600), 'h'], [Math.floor((seconds % 3600) / 60), 'min']);
  }
  return joined([Math.floor(seconds / 86400), 'd'], [Math.floor((seconds % 86400) / 3600), 'h']);
}

// Of an ISO duration, such as PT30H1.5S.
export function seconds(iso) {
  return [['H', 3600], ['M', 60], ['S', 1]].reduce((sum, [unit, each]) => sum + each * Number(iso.match(`([\\d.]+)${unit}`)?.[1] ?? 0), 0);
}

export const millis = (value) => duration(value / 1000);

function joined(large, small) {
  return small[0] === 0 ? large.join(' ') : `${large.join(' ')} ${small.join(' ')}`;
}

export function ago(iso) {
  const then = new Date(iso);
  const seconds = (Date.now() - then) / 1000;
  if (seconds < 60) {
    return 'just now';
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ago`;
  }
  return day(iso);
}

// 28 Nov, of a date or of a time.
export function day(iso) {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(iso.length === 10 ? { timeZone: 'UTC' } : {}) });
}

// What a build's parts of an enum mean, in words.
export function reason(name) {
  return {
    'never-seen': 'never built before',
    evicted: 'was here, and evicted',
    'not-uploaded': 'made before, and not sent here',
    'settings-differ': 'built with other settings',
    'sources-changed': 'its sources changed',
    'dependency-changed': 'what it imports changed',
    'inputs-changed': 'files or variables that the test reads changed',
    unanswered: 'the cache did not answer',
    'not-cacheable': 'Go does not cache it',
    dependency: 'because of what it imports',
  }[name] ?? String(name ?? 'not known').replaceAll('-', ' ');
}
