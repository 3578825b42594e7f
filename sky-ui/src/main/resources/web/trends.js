// The small trend beside each key: its last half hour, read for the rows in view only.
import * as api from './api.js';

const SPAN = 1800;
const POINTS = 30;
const AT_ONCE = 50;
const FRESH_MS = 20_000;
const PAUSE_MS = 120;
const MOST_KEPT = 3000;

export class Trends {
  #now;
  #onRead;
  /** Series to {atMs, values}; the one asked for last in the end. */
  #read = new Map();
  #wanted = [];
  /** What each canvas shows, so that nothing is drawn twice. */
  #drawn = new WeakMap();
  #pause = null;
  #reading = false;

  /** `now()` gives Sky's time; `onRead` is called when there is something new to draw. */
  constructor(now, onRead) {
    this.#now = now;
    this.#onRead = onRead;
  }

  /** The series whose trends are in view; others are not read. */
  want(series) {
    this.#wanted = series;
    if (this.#pause === null) this.#pause = setTimeout(() => this.#readStale(), PAUSE_MS);
  }

  async #readStale() {
    this.#pause = null;
    if (this.#reading || document.hidden) return;
    const stale = this.#wanted.filter((s) => !(Date.now() - this.#read.get(s)?.atMs < FRESH_MS)).slice(0, AT_ONCE);
    if (stale.length === 0) return;
    this.#reading = true;
    try {
      const answer = await api.series(stale, this.#now() - SPAN, this.#now(), POINTS);
      for (const one of answer.series) this.#keep(one.series, valuesOf(one, answer));
    } catch (e) {
      if (!(e instanceof api.ApiError)) throw e;
      // A trend is not worth a word; what else is read tells of the fault.
      for (const s of stale) this.#keep(s, this.#read.get(s)?.values ?? null);
    } finally {
      this.#reading = false;
    }
    this.#onRead();
  }

  #keep(series, values) {
    this.#read.delete(series);
    this.#read.set(series, { atMs: Date.now(), values });
    if (this.#read.size > MOST_KEPT) this.#read.delete(this.#read.keys().next().value);
  }

  /** Draws the trend of a series; nothing where it is not known. */
  draw(canvas, series, color) {
    const { values, atMs } = this.#read.get(series) ?? {};
    const ratio = devicePixelRatio || 1;
    const { clientWidth: w, clientHeight: h } = canvas;
    const drawn = `${series} ${atMs} ${color} ${w * ratio}`;
    if (this.#drawn.get(canvas) === drawn) return;
    this.#drawn.set(canvas, drawn);
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
    if (!values) return;
    const c = canvas.getContext('2d');
    c.scale(ratio, ratio);
    const known = values.filter((v) => !Number.isNaN(v));
    const low = Math.min(...known);
    const high = Math.max(...known);
    const y = (v) => h - 1.5 - (high > low ? ((v - low) / (high - low)) * (h - 3) : 0);
    c.strokeStyle = color;
    c.lineWidth = 1.2;
    c.beginPath();
    let pen = false;
    values.forEach((v, i) => {
      if (Number.isNaN(v)) pen = false;
      else {
        const x = (i / Math.max(1, values.length - 1)) * (w - 2) + 1;
        if (pen) c.lineTo(x, y(v));
        else c.moveTo(x, y(v));
        pen = true;
      }
    });
    c.stroke();
  }
}

/** One value a step. What counts has none where nothing was counted; the step that still grows is left out of it. */
function valuesOf(one, { from, to, resolution }) {
  const gauge = one.kind === 'gauge';
  const n = Math.max(1, Math.round((to - from) / resolution)) - (gauge ? 0 : 1);
  const values = new Array(Math.max(1, n)).fill(gauge ? NaN : 0);
  for (const point of one.points) {
    const i = Math.round((point.time - from) / resolution);
    if (i >= 0 && i < values.length) values[i] = point.value ?? point.count;
  }
  return values;
}
