// Draws a chart on a canvas: axes, lines with bands, stacks, heat maps, the ghost, the hover line.
import * as format from './format.js';

const d3 = globalThis.d3;
const MARGIN = { left: 56, right: 10, top: 8, bottom: 22 };
export const COLORS = ['#1f77b4', '#d9730d', '#2a9d4a', '#c7344f', '#8456b8', '#8c6148', '#c558a5', '#6b7785', '#a0a020', '#149ba8'];

export class Painter {
  #canvas;
  #context;
  x = d3.scaleLinear();
  y = d3.scaleLinear();

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
  }

  get width() {
    return this.#canvas.clientWidth - MARGIN.left - MARGIN.right;
  }

  /** The moment under a pixel of the canvas. */
  timeAt(pixel) {
    return this.x.invert(Math.max(MARGIN.left, Math.min(this.#canvas.clientWidth - MARGIN.right, pixel)));
  }

  valueAt(pixel) {
    return this.y.invert(pixel);
  }

  /** The place in which layers of others draw. */
  plot(utc, step) {
    const { clientWidth: w, clientHeight: h } = this.#canvas;
    const [from, to] = this.x.domain();
    return { context: this.#context, left: MARGIN.left, right: w - MARGIN.right, top: MARGIN.top, bottom: h - MARGIN.bottom, from, to, utc, step, x: (t) => this.x(t), y: (v) => this.y(v) };
  }

  /** Begins a picture over a span of time and of values. */
  begin([from, to], [low, high], { log = false, utc = false } = {}) {
    const ratio = devicePixelRatio || 1;
    const { clientWidth: w, clientHeight: h } = this.#canvas;
    if (this.#canvas.width !== Math.round(w * ratio) || this.#canvas.height !== Math.round(h * ratio)) {
      this.#canvas.width = Math.round(w * ratio);
      this.#canvas.height = Math.round(h * ratio);
    }
    const c = this.#context;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, w, h);
    this.x = d3.scaleLinear([from, to], [MARGIN.left, w - MARGIN.right]);
    this.y = (log ? d3.scaleLog() : d3.scaleLinear()).domain([low, high]).range([h - MARGIN.bottom, MARGIN.top]);
    const style = getComputedStyle(this.#canvas);
    this.#axes(style.getPropertyValue('--line'), style.getPropertyValue('--quiet'), utc, log);
  }

  #axes(grid, text, utc, log) {
    const c = this.#context;
    const h = this.#canvas.clientHeight;
    const w = this.#canvas.clientWidth;
    c.font = '11px system-ui, sans-serif';
    c.strokeStyle = grid;
    c.fillStyle = text;
    c.lineWidth = 1;
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    const ticks = this.y.ticks(Math.max(2, Math.floor(h / 45))).filter((v) => !log || Number.isInteger(Math.log10(v)));
    for (const v of ticks) {
      const y = Math.round(this.y(v)) + 0.5;
      c.beginPath();
      c.moveTo(MARGIN.left, y);
      c.lineTo(w - MARGIN.right, y);
      c.stroke();
      c.fillText(format.number(v), MARGIN.left - 5, y);
    }
    const [from, to] = this.x.domain();
    const scale = (utc ? d3.scaleUtc() : d3.scaleTime()).domain([from * 1000, to * 1000]).range(this.x.range());
    c.textAlign = 'center';
    c.textBaseline = 'top';
    for (const t of scale.ticks(Math.max(2, Math.floor(w / 110)))) c.fillText(format.tick(t, utc), scale(t), h - MARGIN.bottom + 6);
  }

  /** One line, a gap where there is no value, with the band between low and high where it has one. */
  line(data, line, color, dashed = false) {
    const c = this.#context;
    const middle = (i) => this.x(data.from + (i + 0.5) * data.step);
    this.#clipped(() => {
      if (line.low && line.high) {
        c.fillStyle = color + '33';
        this.#runs(line.values, (a, b) => {
          c.beginPath();
          for (let i = a; i < b; i++) c.lineTo(middle(i), this.y(line.high[i]));
          for (let i = b - 1; i >= a; i--) c.lineTo(middle(i), this.y(line.low[i]));
          c.fill();
        });
      }
      c.strokeStyle = color;
      c.lineWidth = 1.6;
      c.setLineDash(dashed ? [3, 4] : []);
      this.#runs(line.values, (a, b) => {
        c.beginPath();
        for (let i = a; i < b; i++) c.lineTo(middle(i), this.y(line.values[i]));
        if (b - a === 1) c.arc(middle(a), this.y(line.values[a]), 1.5, 0, 7);
        c.stroke();
      });
      c.setLineDash([]);
    });
  }

  /** One layer of a stack. */
  layer(data, line, color) {
    const c = this.#context;
    const left = (i) => this.x(data.from + i * data.step);
    this.#clipped(() => {
      c.fillStyle = color + 'cc';
      for (let i = 0; i < data.n; i++) {
        const top = this.y(line.high[i]);
        const bottom = this.y(line.low[i]);
        if (bottom > top) c.fillRect(left(i), top, Math.max(1, left(i + 1) - left(i)) + 0.3, bottom - top);
      }
    });
  }

  /** Cells of a heat map, coloured by density: counts for each unit of value. */
  cells(map) {
    const c = this.#context;
    const color = d3.scaleSequentialSqrt([0, map.most || 1], d3.interpolateViridis);
    const [floor] = this.y.domain();
    this.#clipped(() => {
      for (const [column, lower, upper, count] of map.cells) {
        const x = this.x(map.from + column * map.step);
        const top = this.y(upper);
        c.fillStyle = color(count / (upper - lower));
        c.fillRect(x, top, Math.max(1, this.x(map.from + (column + 1) * map.step) - x), Math.max(1, this.y(Math.max(lower, floor)) - top));
      }
    });
  }

  /** The hover line of all charts. */
  cursor(time, color) {
    const x = Math.round(this.x(time)) + 0.5;
    if (x < MARGIN.left) return;
    const c = this.#context;
    c.strokeStyle = color;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x, MARGIN.top);
    c.lineTo(x, this.#canvas.clientHeight - MARGIN.bottom);
    c.stroke();
  }

  /** The span that a drag has marked. */
  marked(a, b, color) {
    const c = this.#context;
    c.fillStyle = color + '30';
    c.fillRect(Math.min(a, b), MARGIN.top, Math.abs(b - a), this.#canvas.clientHeight - MARGIN.top - MARGIN.bottom);
  }

  #runs(values, draw) {
    let a = -1;
    for (let i = 0; i <= values.length; i++) {
      const gap = i === values.length || Number.isNaN(values[i]);
      if (!gap && a < 0) a = i;
      if (gap && a >= 0) {
        draw(a, i);
        a = -1;
      }
    }
  }

  #clipped(draw) {
    const c = this.#context;
    c.save();
    c.beginPath();
    c.rect(MARGIN.left, 0, this.width, this.#canvas.clientHeight - MARGIN.bottom + 1);
    c.clip();
    draw();
    c.restore();
  }
}
