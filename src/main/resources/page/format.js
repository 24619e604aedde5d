// Numbers as text, for people.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(value) {
  let unit = 0;
  let scaled = value;
  while (Math.abs(scaled) >= 1023.95 && unit < UNITS.length - 1) {
    scaled /= 1024;
    unit++;
  }
  const digits = unit === 0 || scaled >= 100 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${UNITS[unit]}`;
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
