// What the page shows, all of it in the address: charts, span, zone, ghost. A change tells the listeners.

export const MODES = ['line', 'stack', 'share', 'heat'];
export const GHOSTS = { none: 0, day: 86400, week: 7 * 86400 };
const SHORTEST = 10;
const LONGEST = 20 * 366 * 86400;

export class PageState {
  #listeners = [];
  #back = [];
  charts = [];
  /** The end of the span in epoch seconds; null while live. */
  to = null;
  seconds = 900;
  utc = false;
  ghost = 'none';

  constructor(location) {
    this.read(location.hash);
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** The span shown: [from, to) in epoch seconds. */
  span(now) {
    const to = this.to ?? now;
    return [to - this.seconds, to];
  }

  get live() {
    return this.to === null;
  }

  showLast(seconds) {
    this.#step(() => {
      this.to = null;
      this.seconds = seconds;
    });
  }

  /** Shows a span of the past; one that ends in the future is live. */
  show(from, to, now) {
    const seconds = Math.min(LONGEST, Math.max(SHORTEST, to - from));
    this.#step(() => {
      this.to = to >= now - 1 ? null : Math.round(to);
      this.seconds = Math.round(seconds);
    });
  }

  /** Back to the span before. */
  stepBack() {
    const before = this.#back.pop();
    if (before) {
      [this.to, this.seconds] = before;
      this.changed();
    }
  }

  addChart(series, mode = 'line') {
    if (!this.charts.some((c) => c.mode === mode && c.series.join() === series.join())) {
      this.charts.push({ series, mode });
      this.changed();
    }
  }

  removeChart(chart) {
    this.charts = this.charts.filter((c) => c !== chart);
    this.changed();
  }

  changed() {
    history.replaceState(null, '', '#' + this.write());
    for (const listener of this.#listeners) listener();
  }

  write() {
    const q = new URLSearchParams();
    q.set('span', this.seconds);
    if (this.to !== null) q.set('to', this.to);
    if (this.utc) q.set('utc', 1);
    if (this.ghost !== 'none') q.set('ghost', this.ghost);
    for (const { series, mode } of this.charts) q.append('chart', JSON.stringify([mode, ...series]));
    return q.toString();
  }

  read(hash) {
    const q = new URLSearchParams(hash.replace(/^#/, ''));
    const seconds = Number(q.get('span'));
    if (seconds >= SHORTEST && seconds <= LONGEST) this.seconds = seconds;
    const to = Number(q.get('to'));
    this.to = Number.isFinite(to) && to > 0 ? to : null;
    this.utc = q.has('utc');
    this.ghost = Object.hasOwn(GHOSTS, q.get('ghost')) ? q.get('ghost') : 'none';
    this.charts = q.getAll('chart').flatMap((text) => {
      try {
        const [mode, ...series] = JSON.parse(text);
        const good = MODES.includes(mode) && series.length > 0 && series.every((s) => typeof s === 'string');
        return good ? [{ mode, series }] : [];
      } catch {
        return [];
      }
    });
  }

  #step(change) {
    this.#back.push([this.to, this.seconds]);
    if (this.#back.length > 100) this.#back.shift();
    change();
    this.changed();
  }
}
