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

export function plural(value, word) {
  return `${count(value)} ${word}${value === 1 ? '' : 's'}`;
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

export function rate(value) {
  return value >= 100 || Number.isInteger(value) ? count(Math.round(value)) : value.toFixed(value < 1 ? 2 : 1);
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

function joined(large, small) {
  return small[0] === 0 ? large.join(' ') : `${large.join(' ')} ${small.join(' ')}`;
}

export function clockTime(epochSeconds, withSeconds = true) {
  const time = new Date(epochSeconds * 1000);
  const parts = [time.getHours(), time.getMinutes(), ...(withSeconds ? [time.getSeconds()] : [])];
  return parts.map((value) => String(value).padStart(2, '0')).join(':');
}

// The time of day, with the day if that is another one.
export function moment(epochSeconds) {
  const time = new Date(epochSeconds * 1000);
  const clock = clockTime(epochSeconds);
  return time.toDateString() === new Date().toDateString()
    ? clock : `${time.toLocaleDateString('en', { day: 'numeric', month: 'short' })} ${clock}`;
}

// How long a row of so many points is: "hour" where they are ten seconds apart.
export function span(seconds) {
  if (seconds % 86400 === 0) {
    return seconds === 86400 ? 'Day' : `${seconds / 86400} days`;
  }
  if (seconds % 3600 === 0) {
    return seconds === 3600 ? 'Hour' : `${seconds / 3600} hours`;
  }
  return duration(seconds);
}
