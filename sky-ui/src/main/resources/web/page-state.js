// What the page shows, all of it in the address: charts, span, zone, ghost. A change tells the listeners.
import { readDescription } from './chart-description.js';

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

  /** Takes the last step back. */
  stepBack() {
    this.#back.pop()?.();
  }

  /** A step of whatever kind, that `undo` takes back. */
  stepped(undo) {
    this.#back.push(undo);
    if (this.#back.length > 100) this.#back.shift();
  }

  /** Shows one more chart (chart-description.js), unless it is there. */
  addChart(description) {
    const text = JSON.stringify(description);
    if (!this.charts.some((c) => JSON.stringify(c) === text)) {
      this.charts.push(description);
      this.changed();
    }
  }

  replaceChart(before, after) {
    this.charts = this.charts.map((c) => (c === before ? after : c));
    this.changed();
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
    for (const chart of this.charts) q.append('chart', JSON.stringify(chart));
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
        const chart = readDescription(JSON.parse(text));
        return chart ? [chart] : [];
      } catch {
        return [];
      }
    });
  }

  #step(change) {
    const { to, seconds } = this;
    this.stepped(() => {
      this.to = to;
      this.seconds = seconds;
      this.changed();
    });
    change();
    this.changed();
  }
}
