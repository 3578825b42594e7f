// An answer in steps of a second: what the live stream told of its seconds, and for the others what the periods leave over.

/**
 * The answer for [from, to) in seconds, of one that has base periods. Of a period the live seconds that are known stand as they are, and what
 * they leave of the period's point lies evenly on its other seconds: so all seconds of a period add up to it, whichever are known. Seconds
 * after the answer's time are the live ones alone.
 */
export function bySeconds(answer, live, from, to) {
  const sources = new Map();
  for (const [name, lines] of answer.sources) {
    sources.set(name, lines.map((line) => ({ ...line, points: secondsOf(line, live.seconds(line.series), answer, from, to) })));
  }
  const pulse = new Set();
  for (const period of answer.pulse) {
    for (let t = Math.max(from, period); t < Math.min(to, period + answer.resolution, Math.floor(answer.now)); t++) pulse.add(t);
  }
  // A second that the stream told, with nothing in it, is a zero.
  for (const lines of answer.sources.values()) {
    for (const line of lines) {
      const known = live.seconds(line.series);
      for (let t = from; known && t < to; t++) if (known.at(t) !== undefined) pulse.add(t);
    }
  }
  return { ...answer, from, to, resolution: 1, base: 1, sources, pulse };
}

function secondsOf(line, known, answer, from, to) {
  const points = [];
  const { resolution: length } = answer;
  const end = Math.floor(answer.now);
  const periods = new Set(line.points.map((p) => p.time));
  for (const point of line.points) {
    const unknown = [];
    const told = [];
    for (let t = point.time; t < point.time + length; t++) {
      const second = known?.at(t);
      if (second === undefined) {
        if (t < end) unknown.push(t);
      } else if (second !== null) told.push(second);
    }
    const rest = restOf(line.kind, point, told.filter((p) => p.time < end), unknown.length);
    if (rest) for (const t of unknown) if (t >= from && t < to) points.push({ ...rest, time: t, spread: true });
    for (const second of told) if (second.time >= from && second.time < to) points.push(second);
  }
  // Periods of which the API had no point yet.
  for (const second of known?.points(from, to) ?? []) {
    if (!periods.has(Math.floor(second.time / length) * length)) points.push(second);
  }
  points.sort((a, b) => a.time - b.time);
  return (line.kind === 'gauge' ? held(points, known, length) : points).map((p) => asPoint(line.kind, p));
}

/**
 * A gauge is what it was last, for a period at most: the seconds in between are no gaps. What a period tells it was in its last second: it
 * may have been set to that after the seconds that are not known.
 */
function held(points, known, length) {
  return points.flatMap((point, i) => {
    const same = [point];
    const isLast = !point.spread || (point.time + 1) % length === 0;
    const until = isLast ? Math.min(points[i + 1]?.time ?? Infinity, point.time + length) : 0;
    for (let time = point.time + 1; time < until && known?.at(time) === null; time++) same.push({ time, value: point.value, min: point.value, max: point.value, mean: point.value });
    return same;
  });
}

/** What the known seconds leave of a period, for each of `n` others. */
function restOf(kind, point, told, n) {
  if (n === 0) return null;
  if (kind === 'gauge' || kind === 'set') return point;
  const left = (field) => Math.max(0, point[field] - told.reduce((s, p) => s + p[field], 0)) / n;
  if (kind === 'counter') return { value: left('value') };
  const counts = new Map((point.buckets ?? []).map((b) => [b[0], [...b]]));
  for (const second of told) {
    for (const [lower, , count] of second.buckets ?? []) {
      const bucket = counts.get(lower);
      if (bucket) bucket[2] -= count;
    }
  }
  const buckets = [...counts.values()].filter((b) => b[2] > 0).map(([lower, upper, count]) => [lower, upper, count / n]);
  return { count: left('count'), min: point.min, max: point.max, mean: point.mean, buckets, ...(told.length ? {} : { p50: point.p50, p90: point.p90, p99: point.p99 }) };
}

function asPoint(kind, point) {
  if ((kind === 'gauge' || kind === 'histogram') && point.mean === undefined && point.count > 0) return { ...point, mean: point.sum / point.count };
  return point;
}
