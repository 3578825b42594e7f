// What the page shows, all of it in the address: charts, span, zone, ghost, dashboard. A change tells the listeners.
import { readDescription } from './chart-description.js';

export const GHOSTS = { none: 0, day: 86400, week: 7 * 86400 };
const SHORTEST = 10;
const LONGEST = 20 * 366 * 86400;
const MOST_CHARTS = 100;
const MOST_STEPS = 100;

export class PageState {
  #listeners = [];
  #back = [];
  charts = [];
  /** The end of the span in epoch seconds; null while live. */
  to = null;
  seconds = 900;
  utc = false;
  ghost = 'none';
  /** The dashboard that the charts come from, and the version that was seen of it: {id, version}; null: none. */
  dashboard = null;

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
      this.seconds = bounded(seconds);
    });
  }

  /** Shows a span of the past; one that ends in the future is live. */
  show(from, to, now) {
    this.#step(() => {
      this.to = to >= now - 1 ? null : Math.round(to);
      this.seconds = Math.round(bounded(to - from));
    });
  }

  /** Takes the last step back. */
  stepBack() {
    this.#back.pop()?.();
  }

  /** A step of whatever kind, that `undo` takes back. */
  stepped(undo) {
    this.#back.push(undo);
    if (this.#back.length > MOST_STEPS) this.#back.shift();
  }

  /** Shows one more chart (chart-description.js), unless it is there; gives the one that is. */
  addChart(description) {
    const text = JSON.stringify(description);
    const present = this.charts.find((c) => JSON.stringify(c) === text);
    if (present || this.charts.length >= MOST_CHARTS) return present ?? null;
    this.charts.push(description);
    this.changed();
    return description;
  }

  replaceChart(before, after) {
    this.charts = this.charts.map((c) => (c === before ? after : c));
    this.changed();
  }

  /** Moves a chart to where another is. */
  moveChart(chart, to) {
    const at = this.charts.indexOf(chart);
    if (at < 0 || to < 0 || to >= this.charts.length || at === to) return;
    this.charts.splice(to, 0, ...this.charts.splice(at, 1));
    this.changed();
  }

  removeChart(chart) {
    this.charts = this.charts.filter((c) => c !== chart);
    this.changed();
  }

  /** What a dashboard keeps of this. */
  get content() {
    const content = { charts: this.charts, span: this.seconds };
    if (this.to !== null) content.to = this.to;
    if (this.utc) content.utc = true;
    if (this.ghost !== 'none') content.ghost = this.ghost;
    return content;
  }

  /** Shows what a dashboard kept; what is nonsense in it is left out. */
  showContent(content, dashboard) {
    this.#take(content);
    this.dashboard = dashboard;
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
    if (this.dashboard) q.set('dashboard', `${this.dashboard.id}.${this.dashboard.version}`);
    for (const chart of this.charts) q.append('chart', JSON.stringify(chart));
    return q.toString();
  }

  read(hash) {
    const q = new URLSearchParams(hash.replace(/^#/, ''));
    const charts = q.getAll('chart').flatMap((text) => {
      try {
        return [JSON.parse(text)];
      } catch {
        return [];
      }
    });
    this.#take({ charts, span: Number(q.get('span')), to: Number(q.get('to')), utc: q.has('utc'), ghost: q.get('ghost') });
    const named = /^([0-9a-f]{16})(?:\.(\d{1,15}))?$/.exec(q.get('dashboard') ?? '');
    this.dashboard = named ? { id: named[1], version: named[2] ? Number(named[2]) : null } : null;
  }

  #take({ charts, span, to, utc, ghost }) {
    if (span >= SHORTEST && span <= LONGEST) this.seconds = span;
    this.to = Number.isFinite(to) && to > 0 ? to : null;
    this.utc = Boolean(utc);
    this.ghost = Object.hasOwn(GHOSTS, ghost ?? '') ? ghost : 'none';
    const read = Array.isArray(charts) ? charts.map(readDescription) : [];
    this.charts = read.filter((chart) => chart !== null).slice(0, MOST_CHARTS);
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

const bounded = (seconds) => Math.min(LONGEST, Math.max(SHORTEST, seconds));
