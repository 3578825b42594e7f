// One chart: asks for its series, has them drawn, answers to the pointer.
import * as api from './api.js';
import * as format from './format.js';
import { COLORS, Painter } from './painter.js';
import { keyOf, kindOf, pointsFor, stacked, toCells, toLines } from './chart-data.js';
import { download, toCsv } from './take-away.js';
import { GHOSTS } from './page-state.js';

const MOST_SERIES = 40;

export class Chart {
  #state;
  #board;
  #painter;
  #canvas = document.createElement('canvas');
  #read = document.createElement('div');
  #request = null;
  #answer = null;
  #ghost = null;
  #drag = null;
  /** Counters per second; off: per step. */
  #perSecond = true;
  #log = true;

  /** `spec` is {series, mode} of the page state; the board knows the time and the hover line. */
  constructor(spec, state, board) {
    this.spec = spec;
    this.#state = state;
    this.#board = board;
    this.element = document.createElement('article');
    this.element.className = 'chart';
    this.#canvas.setAttribute('role', 'img');
    const plot = document.createElement('div');
    plot.className = 'plot';
    plot.append(this.#canvas);
    this.#read.className = 'read';
    this.element.append(this.#bar(), plot, this.#read);
    this.#painter = new Painter(this.#canvas);
    this.#listen(plot);
    new ResizeObserver(() => this.draw()).observe(plot);
  }

  /** What is drawn, for whoever checks it: the lines with their values, or the cells. */
  get drawn() {
    return this.#answer && this.spec.mode === 'heat' ? toCells(this.#answer) : this.#data();
  }

  async load() {
    this.#request?.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    const [from, to] = this.#state.span(this.#board.now());
    const points = pointsFor(this.#painter.width);
    const heat = this.spec.mode === 'heat';
    const back = GHOSTS[this.#state.ghost];
    const [answer, ghost] = await Promise.all([
      api.series(this.spec.series, from, to, points, heat, signal),
      back && !heat ? api.series(this.spec.series, from - back, to - back, points, false, signal) : null,
    ]);
    this.#answer = answer;
    this.#ghost = ghost && { ...ghost, from: ghost.from + back, to: ghost.to + back, series: ghost.series.map((s) => ({ ...s, points: s.points.map((p) => ({ ...p, time: p.time + back })) })) };
    this.draw();
    return answer;
  }

  #data() {
    if (!this.#answer) return null;
    const data = toLines(this.#answer, this.#perSecond, this.#board.baseSeconds(this.#answer));
    const { mode } = this.spec;
    return mode === 'stack' || mode === 'share' ? stacked(data, mode === 'share') : data;
  }

  draw() {
    if (!this.#answer || !this.#canvas.clientWidth) return;
    const span = this.#state.span(this.#board.now());
    const { utc } = this.#state;
    const style = getComputedStyle(this.element);
    if (this.spec.mode === 'heat') {
      const map = toCells(this.#answer);
      const low = map.cells.length ? map.low : 1;
      const high = map.cells.length ? map.high : 10;
      this.#painter.begin(span, [this.#log ? low : 0, high], { log: this.#log, utc });
      this.#painter.cells(map);
    } else {
      const data = this.#data();
      const stack = this.spec.mode !== 'line';
      const ghost = this.#ghost && toLines(this.#ghost, this.#perSecond, this.#board.baseSeconds(this.#ghost));
      this.#painter.begin(span, this.#extent(data, ghost), { utc });
      data.lines.forEach((line, i) => {
        const color = COLORS[i % COLORS.length];
        if (stack) this.#painter.layer(data, line, color);
        else {
          if (ghost?.lines[i]) this.#painter.line(ghost, { ...ghost.lines[i], low: null }, color, true);
          this.#painter.line(data, line, color);
        }
      });
    }
    if (this.#board.hover !== null) this.#painter.cursor(this.#board.hover, style.getPropertyValue('--quiet'));
    if (this.#drag?.moved) this.#painter.marked(this.#drag.from, this.#drag.to, style.getPropertyValue('--accent'));
    this.#legend();
  }

  #extent(data, ghost) {
    let low = 0;
    let high = -Infinity;
    for (const line of [...data.lines, ...(ghost?.lines ?? [])]) {
      for (const values of [line.values, line.high, line.low]) {
        if (!values || (this.spec.mode !== 'line' && values === line.values)) continue;
        for (const v of values) {
          if (v < low) low = v;
          if (v > high) high = v;
        }
      }
    }
    if (this.spec.mode === 'share') return [0, 100];
    if (!(high > low)) high = low + 1;
    return [low, high + (high - low) * 0.05];
  }

  #legend() {
    const data = this.spec.mode === 'heat' ? null : this.#data();
    const parts = [];
    const hover = this.#board.hover;
    if (data) {
      const column = hover === null ? data.n - 1 : Math.floor((hover - data.from) / data.step);
      data.lines.forEach((line, i) => {
        const item = document.createElement('span');
        const dot = document.createElement('i');
        dot.style.background = COLORS[i % COLORS.length];
        const total = hover === null && line.total !== null ? ` · total ${format.exact(line.total)}` : '';
        item.append(dot, `${this.spec.series.length > 1 || data.lines.length > 1 ? line.label + ' ' : ''}${format.number(line.values[column])}${total}`);
        parts.push(item);
      });
    }
    if (hover !== null) {
      const when = document.createElement('span');
      when.className = 'quiet';
      when.textContent = format.moment(hover, this.#state.utc);
      parts.unshift(when);
    }
    this.#read.replaceChildren(...parts);
    this.#canvas.setAttribute('aria-label', `${this.spec.series.map(keyOf).join(', ')}: ${this.#read.textContent}`);
  }

  #bar() {
    const bar = document.createElement('div');
    bar.className = 'bar';
    const title = document.createElement('h2');
    const keys = this.spec.series.map(keyOf);
    title.textContent = keys.length > 3 ? `${keys.slice(0, 2).join(', ')} and ${keys.length - 2} more` : keys.join(', ');
    title.title = keys.join('\n');
    const button = (label, title, press) => {
      const b = document.createElement('button');
      b.type = 'button';
      b.textContent = label;
      b.title = title;
      b.addEventListener('click', press);
      return b;
    };
    bar.append(title);
    const [first] = this.spec.series;
    const kind = kindOf(first);
    if (kind === 'counter') {
      if (this.spec.series.length === 1) {
        bar.append(button('children', 'Show the keys below it, stacked', () => this.#stackChildren('stack')));
        bar.append(button('shares', 'Show the keys below it as shares of 100 %', () => this.#stackChildren('share')));
      }
      const unit = button('per s', 'Per second, or per step', () => {
        this.#perSecond = !this.#perSecond;
        unit.textContent = this.#perSecond ? 'per s' : 'per step';
        this.draw();
      });
      bar.append(unit);
    }
    if (kind === 'histogram') {
      bar.append(button('heat map', 'Heat map, or percentiles', () => this.#setMode(this.spec.mode === 'heat' ? 'line' : 'heat')));
      bar.append(button('log', 'Logarithmic axis of the heat map, or linear', () => {
        this.#log = !this.#log;
        this.draw();
      }));
    }
    bar.append(
      button('PNG', 'Save the picture', () => this.#canvas.toBlob((blob) => download(blob, 'sky.png'))),
      button('CSV', 'Save the values', () => this.#answer && download(new Blob([toCsv(this.#answer)], { type: 'text/csv' }), 'sky.csv')),
      button('JSON', 'Save all that Sky answered', () => this.#answer && download(new Blob([JSON.stringify(this.#answer, null, 1)], { type: 'application/json' }), 'sky.json')),
      button('✕', 'Close this chart', () => this.#state.removeChart(this.spec)),
    );
    bar.lastChild.setAttribute('aria-label', `Close the chart of ${keys.join(', ')}`);
    return bar;
  }

  #setMode(mode) {
    this.spec.mode = mode;
    this.#answer = null;
    this.#state.changed();
  }

  async #stackChildren(mode) {
    const key = keyOf(this.spec.series[0]);
    const { keys } = await api.children(key);
    const series = keys.filter((k) => k.separator === '|' && k.kinds.includes('counter')).map((k) => `counter:${k.key}`);
    if (series.length > 0) this.#state.addChart(series.slice(0, MOST_SERIES), mode);
    else this.#board.say(`${key} has no keys below it that count.`);
  }

  #listen(plot) {
    const at = (e) => e.clientX - this.#canvas.getBoundingClientRect().left;
    plot.addEventListener('pointerdown', (e) => {
      if (e.button !== 0) return;
      plot.setPointerCapture(e.pointerId);
      this.#drag = { from: at(e), to: at(e), pan: e.shiftKey, span: this.#state.span(this.#board.now()), moved: false };
    });
    plot.addEventListener('pointermove', (e) => {
      const drag = this.#drag;
      if (drag) {
        drag.to = at(e);
        drag.moved ||= Math.abs(drag.to - drag.from) > 4;
      }
      this.#board.hoverAt(this.#painter.timeAt(at(e)));
    });
    plot.addEventListener('pointerup', () => {
      const drag = this.#drag;
      this.#drag = null;
      if (!drag?.moved) return;
      const [from, to] = drag.span;
      const a = this.#painter.timeAt(drag.from);
      const b = this.#painter.timeAt(drag.to);
      if (drag.pan) this.#state.show(from - (b - a), to - (b - a), this.#board.now());
      else this.#state.show(Math.min(a, b), Math.max(a, b), this.#board.now());
    });
    plot.addEventListener('pointerleave', () => this.#board.hoverAt(null));
    plot.addEventListener('dblclick', () => this.#state.stepBack());
    plot.addEventListener('wheel', (e) => {
      e.preventDefault();
      const [from, to] = this.#state.span(this.#board.now());
      const pivot = this.#painter.timeAt(at(e));
      const by = e.deltaY > 0 ? 1.25 : 0.8;
      this.#state.show(pivot - (pivot - from) * by, pivot + (to - pivot) * by, this.#board.now());
    }, { passive: false });
  }
}
