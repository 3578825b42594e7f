// Numbers and times as people read them.

/** 1234567 as 1.23M; small numbers with three digits that count. */
export function number(v) {
  if (v === null || v === undefined || Number.isNaN(v)) return '–';
  const size = Math.abs(v);
  if (size !== 0 && size < 1e-3) return v.toExponential(2);
  if (size < 1000) return String(Number(v.toPrecision(4)));
  const step = Math.min(4, Math.floor(Math.log10(size) / 3));
  return Number((v / 10 ** (3 * step)).toPrecision(4)) + ['', 'k', 'M', 'G', 'T'][step];
}

/** An exact number, in groups of three. */
export const exact = (v) => (Number.isInteger(v) ? v.toLocaleString('en').replaceAll(',', '\u202f') : number(v));

/** A moment in the viewer's zone, or in UTC. */
export function moment(seconds, utc, withSeconds = true) {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (withSeconds) options.second = '2-digit';
  if (utc) options.timeZone = 'UTC';
  return new Intl.DateTimeFormat('sv-SE', options).format(new Date(seconds * 1000)) + (utc ? ' UTC' : '');
}

/** A moment as a field for date and time has it, to the second. */
export const momentInput = (seconds, utc) => moment(seconds, utc).slice(0, 19).replace(' ', 'T');

/** The moment, in epoch seconds, of what such a field holds; NaN where it holds none. */
export const fromMomentInput = (text, utc) => Date.parse(text + (text.length === 16 ? ':00' : '') + (utc ? 'Z' : '')) / 1000;

/** 5400 as 1 h 30 min. */
export function span(seconds) {
  const parts = [];
  for (const [unit, length] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
    const n = Math.floor(seconds / length);
    if (n && parts.length < 2) parts.push(`${n} ${unit}`);
    seconds -= n * length;
  }
  return parts.join(' ') || '0 s';
}
