// Draws a chart on a canvas: axes, lines with bands, stacks, heat maps, gaps, the ghost, the hover line.
import * as format from './format.js';

const d3 = globalThis.d3;
const MARGIN = { left: 56, right: 12, top: 10, bottom: 22 };
const LIGHT = ['#1c6fb8', '#d9690d', '#26924a', '#c7304d', '#7d50b5', '#8a5f45', '#c2519f', '#5d6b7b', '#93931b', '#128fa0'];
const DARK = ['#5aa9ef', '#f2994a', '#59c77f', '#f0667f', '#b18cec', '#c79a7c', '#ec86cd', '#a3b1c2', '#cfcf52', '#4fc9d9'];
const dark = matchMedia('(prefers-color-scheme: dark)');

export const isDark = () => dark.matches;
export const colorOf = (i) => (isDark() ? DARK : LIGHT)[i % LIGHT.length];

export class Painter {
  #canvas;
  #context;
  #log = false;
  #bottom = 0;
  x = d3.scaleLinear();
  y = d3.scaleLinear();

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
  }

  get width() {
    return this.#canvas.clientWidth - MARGIN.left - MARGIN.right;
  }

  /** Whether a pixel lies on the axis of values. */
  isOnValues(pixel) {
    return pixel < MARGIN.left;
  }

  /** The moment under a pixel of the canvas. */
  timeAt(pixel) {
    return this.x.invert(Math.max(MARGIN.left, Math.min(this.#canvas.clientWidth - MARGIN.right, pixel)));
  }

  valueAt(pixel) {
    return this.y.invert(Math.max(MARGIN.top, Math.min(this.#bottom, pixel)));
  }

  /** Where a value stands; on a logarithmic axis all that has no logarithm is at the bottom. */
  yOf(value) {
    return this.#log && !(value > 0) ? this.#bottom : this.y(value);
  }

  /** The place in which layers of others draw. */
  plot(utc, step) {
    const { clientWidth: w, clientHeight: h } = this.#canvas;
    const [from, to] = this.x.domain();
    return { context: this.#context, left: MARGIN.left, right: w - MARGIN.right, top: MARGIN.top, bottom: h - MARGIN.bottom, from, to, utc, step, x: (t) => this.x(t), y: (v) => this.yOf(v) };
  }

  /** Begins a picture over a span of time and of values; `footer` pixels are left free above the axis of time. */
  begin([from, to], [low, high], { log = false, utc = false, footer = 0 } = {}) {
    const ratio = devicePixelRatio || 1;
    const { clientWidth: w, clientHeight: h } = this.#canvas;
    if (this.#canvas.width !== Math.round(w * ratio) || this.#canvas.height !== Math.round(h * ratio)) {
      this.#canvas.width = Math.round(w * ratio);
      this.#canvas.height = Math.round(h * ratio);
    }
    const c = this.#context;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, w, h);
    this.#log = log;
    this.#bottom = Math.max(MARGIN.top + 10, h - MARGIN.bottom - footer);
    this.x = d3.scaleLinear([from, to], [MARGIN.left, w - MARGIN.right]);
    this.y = (log ? d3.scaleLog() : d3.scaleLinear()).domain([low, high]).range([this.#bottom, MARGIN.top]);
    const style = getComputedStyle(this.#canvas);
    this.#axes(style.getPropertyValue('--line'), style.getPropertyValue('--quiet'), utc);
  }

  #axes(grid, text, utc) {
    const c = this.#context;
    const { clientWidth: w, clientHeight: h } = this.#canvas;
    c.font = '11px system-ui, sans-serif';
    c.strokeStyle = grid;
    c.fillStyle = text;
    c.lineWidth = 1;
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    for (const v of this.#valueTicks()) {
      const y = Math.round(this.y(v)) + 0.5;
      c.beginPath();
      c.moveTo(MARGIN.left, y);
      c.lineTo(w - MARGIN.right, y);
      c.stroke();
      c.fillText(format.number(v), MARGIN.left - 6, y);
    }
    const [from, to] = this.x.domain();
    const scale = (utc ? d3.scaleUtc() : d3.scaleTime()).domain([from * 1000, to * 1000]).range(this.x.range());
    const ticks = scale.ticks(Math.max(2, Math.floor(w / 110)));
    const label = timeLabel(utc);
    c.textAlign = 'center';
    c.textBaseline = 'top';
    for (const t of ticks) {
      const x = Math.round(scale(t)) + 0.5;
      c.fillRect(x - 0.5, h - MARGIN.bottom, 1, 4);
      const half = c.measureText(label(t)).width / 2;
      c.fillText(label(t), Math.min(w - half - 1, x), h - MARGIN.bottom + 6);
    }
  }

  #valueTicks() {
    const [low, high] = this.y.domain();
    const count = Math.max(2, Math.floor((this.#bottom - MARGIN.top) / 42));
    if (!this.#log) return this.y.ticks(count);
    const decades = Math.log10(high / low);
    if (decades < 1.2) return d3.ticks(low, high, count);
    const ticks = this.y.ticks(count).filter((v) => isPowerOfTen(v));
    const every = Math.ceil(ticks.length / count);
    return ticks.filter((_, i) => i % every === 0);
  }

  /** Hatches the columns that are marked: there is nothing to tell of them. */
  gaps(data, isGap) {
    const c = this.#context;
    const color = getComputedStyle(this.#canvas).getPropertyValue('--line');
    this.#clipped(() => {
      c.strokeStyle = color;
      c.lineWidth = 1;
      this.#spans(data.n, isGap, (a, b) => {
        const [left, right] = [this.x(data.from + a * data.step), this.x(data.from + b * data.step)];
        c.save();
        c.beginPath();
        c.rect(left, MARGIN.top, right - left, this.#bottom - MARGIN.top);
        c.clip();
        c.beginPath();
        const height = this.#bottom - MARGIN.top;
        for (let x = Math.max(MARGIN.left - height, left - height); x < Math.min(right, this.#canvas.clientWidth); x += 7) {
          const at = Math.floor(x / 7) * 7;
          c.moveTo(at, this.#bottom);
          c.lineTo(at + height, MARGIN.top);
        }
        c.stroke();
        c.restore();
      });
    });
  }

  /** One line, broken where there is no value, with the band between low and high where it has one, and its mean where it has that. */
  line(data, line, color, { dashed = false, width = 1.6, casing = null } = {}) {
    const c = this.#context;
    this.#clipped(() => {
      if (line.low && line.high) this.#band(data, line, color);
      if (line.mean) this.#path(data, line.mean, color, 1, [2, 3]);
      if (casing) this.#path(data, line.values, casing, width + 2, []);
      c.globalAlpha = dashed ? 0.75 : 1;
      this.#path(data, line.values, color, dashed ? 1.2 : width, dashed ? [4, 4] : []);
      c.globalAlpha = 1;
    });
  }

  #band(data, line, color) {
    const c = this.#context;
    c.fillStyle = color + '2e';
    this.#spans(data.n, (i) => !Number.isNaN(line.low[i]), (a, b) => {
      c.beginPath();
      for (let i = a; i < b; i++) c.lineTo(this.#middle(data, i), this.yOf(line.high[i]));
      for (let i = b - 1; i >= a; i--) c.lineTo(this.#middle(data, i), this.yOf(line.low[i]));
      // A single column has a width, too.
      if (b - a === 1) c.rect(this.#middle(data, a) - 1.5, this.yOf(line.high[a]), 3, this.yOf(line.low[a]) - this.yOf(line.high[a]));
      c.fill();
    });
  }

  #path(data, values, color, width, dash) {
    const c = this.#context;
    c.strokeStyle = color;
    c.lineWidth = width;
    c.lineJoin = 'round';
    c.setLineDash(dash);
    this.#spans(data.n, (i) => !Number.isNaN(values[i]), (a, b) => {
      c.beginPath();
      for (let i = a; i < b; i++) c.lineTo(this.#middle(data, i), this.yOf(values[i]));
      // One alone is as long as its column.
      if (b - a === 1) {
        const half = Math.max(1.5, (this.x(data.from + data.step) - this.x(data.from)) / 2);
        c.moveTo(this.#middle(data, a) - half, this.yOf(values[a]));
        c.lineTo(this.#middle(data, a) + half, this.yOf(values[a]));
      }
      c.stroke();
    });
    c.setLineDash([]);
  }

  /** One layer of a stack. */
  layer(data, line, color) {
    const c = this.#context;
    const x = (i) => this.x(data.from + i * data.step);
    this.#clipped(() => {
      c.fillStyle = color + 'd0';
      this.#spans(data.n, (i) => !Number.isNaN(line.high[i]), (a, b) => {
        c.beginPath();
        for (let i = a; i < b; i++) {
          c.lineTo(x(i), this.yOf(line.high[i]));
          c.lineTo(x(i + 1), this.yOf(line.high[i]));
        }
        for (let i = b - 1; i >= a; i--) {
          c.lineTo(x(i + 1), this.yOf(line.low[i]));
          c.lineTo(x(i), this.yOf(line.low[i]));
        }
        c.fill();
      });
    });
  }

  /** A picture of cells that spans the plot's values, over the columns of the data. */
  cells(data, image) {
    const c = this.#context;
    const [left, right] = [this.x(data.from), this.x(data.to)];
    this.#clipped(() => {
      c.imageSmoothingEnabled = false;
      c.drawImage(image, left, MARGIN.top, right - left, this.#bottom - MARGIN.top);
    });
  }

  /** What stands at the bottom of the axis of values, where it is not a number. */
  atBottom(label) {
    const c = this.#context;
    c.fillStyle = getComputedStyle(this.#canvas).getPropertyValue('--quiet');
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    c.fillText(label, MARGIN.left - 6, this.#bottom - 3);
  }

  /** Bars in the footer, with the greatest written at the axis. */
  footer(data, values, color, label) {
    const c = this.#context;
    const bottom = this.#canvas.clientHeight - MARGIN.bottom;
    const top = this.#bottom + 8;
    let most = 0;
    for (const v of values) if (v > most) most = v;
    this.#clipped(() => {
      c.fillStyle = color;
      for (let i = 0; i < data.n; i++) {
        if (!(values[i] > 0)) continue;
        const height = Math.max(1, ((bottom - top) * values[i]) / most);
        const x = this.x(data.from + i * data.step);
        c.fillRect(x, bottom - height, Math.max(1, this.x(data.from + (i + 1) * data.step) - x - 0.5), height);
      }
    });
    c.fillStyle = getComputedStyle(this.#canvas).getPropertyValue('--quiet');
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    c.fillText(format.number(most) + label, MARGIN.left - 6, top + 5);
  }

  /** A dot on a line, where the hover line crosses it. */
  dot(time, value, color) {
    if (Number.isNaN(value)) return;
    const c = this.#context;
    this.#clipped(() => {
      c.fillStyle = color;
      c.beginPath();
      c.arc(this.x(time), this.yOf(value), 3.2, 0, 7);
      c.fill();
    });
  }

  /** The hover line of all charts. */
  cursor(time, color) {
    const x = Math.round(this.x(time)) + 0.5;
    if (x < MARGIN.left || x > this.#canvas.clientWidth - MARGIN.right + 1) return;
    const c = this.#context;
    c.strokeStyle = color;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x, MARGIN.top);
    c.lineTo(x, this.#canvas.clientHeight - MARGIN.bottom);
    c.stroke();
  }

  /** The span of pixels that a drag has marked: of time, or of values. */
  marked(a, b, isOfValues, color) {
    const c = this.#context;
    c.fillStyle = color + '30';
    if (isOfValues) c.fillRect(MARGIN.left, Math.min(a, b), this.width, Math.abs(b - a));
    else c.fillRect(Math.min(a, b), MARGIN.top, Math.abs(b - a), this.#canvas.clientHeight - MARGIN.top - MARGIN.bottom);
  }

  /** How high the plot of values is, in pixels. */
  get height() {
    return this.#bottom - MARGIN.top;
  }

  #middle(data, i) {
    return this.x(data.from + (i + 0.5) * data.step);
  }

  /** Calls draw(a, b) for each run [a, b) of entries that are of it. */
  #spans(n, isOf, draw) {
    let a = -1;
    for (let i = 0; i <= n; i++) {
      const within = i < n && isOf(i);
      if (within && a < 0) a = i;
      if (!within && a >= 0) {
        draw(a, i);
        a = -1;
      }
    }
  }

  #clipped(draw) {
    const c = this.#context;
    c.save();
    c.beginPath();
    c.rect(MARGIN.left, MARGIN.top - 4, this.width, this.#canvas.clientHeight - MARGIN.bottom - MARGIN.top + 5);
    c.clip();
    draw();
    c.restore();
  }
}

const isPowerOfTen = (v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9;

/** Days where a day begins, else the time of day, as short as it tells the tick. */
function timeLabel(utc) {
  const of = utc ? d3.utcFormat : d3.timeFormat;
  const [year, month, day, minute, second] = ['%Y', '%b', '%a %d', '%H:%M', '%H:%M:%S'].map((text) => of(text));
  const [years, months, days, minutes] = utc ? [d3.utcYear, d3.utcMonth, d3.utcDay, d3.utcMinute] : [d3.timeYear, d3.timeMonth, d3.timeDay, d3.timeMinute];
  return (t) => (minutes(t) < t ? second : days(t) < t ? minute : months(t) < t ? day : years(t) < t ? month : year)(t);
}
