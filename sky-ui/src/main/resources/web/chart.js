// One chart: asks for its series, has them drawn, answers to the pointer.
//
// The page gives it an element and a description (chart-description.js) and answers what it asks (below). All else of the chart is its own:
//
//   chart.description   what it draws now; the page is told of a change by page.changed(chart)
//   chart.refresh()     span, zone, ghost or visibility changed: reads what it lacks and draws; a promise
//   chart.draw()        draws again what it has: the hover line moved, a layer changed
//   chart.close()       ends what it reads and follows; its element is the page's to remove
//   chart.drawn         what is drawn, for tests and for the curious (see `drawn`)
//   chart.title, .tools, .plot, .below   elements: the heading, a place for the page's buttons, the plot (its right-click and keys are the
//                       page's), and a place below the plot, for strips
//   chart.timeAt(event), chart.valueAt(event)   moment and value under the pointer
//   chart.addLayer(layer), chart.removeLayer(layer)   layer.draw(plot) is called each time the chart is drawn, after its lines and before
//                       the hover line. plot: {context, left, right, top, bottom, from, to, utc, x(time), y(value), step}; pixels of CSS,
//                       times in epoch seconds; step is the length of a column in seconds, null before the first answer
//
// What it asks of the page (the board is it):
//
//   page.span()         [from, to) in epoch seconds that is shown now; it moves on while live
//   page.live()         whether the span ends in the present
//   page.now()          Sky's time in epoch seconds
//   page.utc()          whether times are told in UTC
//   page.ghost()        how many seconds before the ghost lies; 0: no ghost
//   page.hover()        the moment under the pointer on whichever chart, or null
//   page.hoverAt(time)  the pointer is there now; null: it left
//   page.show(from, to) the user zoomed or moved in time
//   page.stepped(undo)  the user zoomed in this chart's values: undo() takes it back when it is the last step
//   page.stepBack()     the last step is to be taken back, of time or of values
//   page.changed(chart) the chart's description changed
//   page.add(description)   another chart is wanted
//   page.say(text)      a sentence to the user; null takes it back
//   page.answered({now, partial})  what the API told with an answer: its time, and what was missing
//   page.pick(chart, {time, step, series, value}, event)  a click on a point; series is as the API writes it, or null
import * as api from './api.js';
import * as format from './format.js';
import { COLORS, Painter } from './painter.js';
import { pointsFor, stacked, toCells, toLines } from './chart-data.js';
import { download, toCsv } from './take-away.js';
import { canHeat, nameOf, partsOf } from './chart-description.js';

const MOST_SERIES = 40;

export class Chart {
  #page;
  #painter;
  #canvas = document.createElement('canvas');
  #read = document.createElement('div');
  #request = null;
  #answer = null;
  #ghost = null;
  #drag = null;
  #layers = [];
  #sizes;

  constructor(element, description, page) {
    this.element = element;
    this.description = description;
    this.#page = page;
    element.classList.add('chart');
    this.title = document.createElement('h2');
    this.tools = document.createElement('span');
    this.tools.className = 'tools';
    this.plot = document.createElement('div');
    this.plot.className = 'plot';
    this.plot.append(this.#canvas);
    this.below = document.createElement('div');
    this.below.className = 'below';
    this.#canvas.setAttribute('role', 'img');
    this.#read.className = 'read';
    element.replaceChildren(this.#bar(), this.plot, this.below, this.#read);
    this.#painter = new Painter(this.#canvas);
    this.#listen();
    this.#sizes = new ResizeObserver(() => this.draw());
    this.#sizes.observe(this.plot);
  }

  addLayer(layer) {
    this.#layers.push(layer);
    this.draw();
  }

  removeLayer(layer) {
    this.#layers = this.#layers.filter((l) => l !== layer);
    this.draw();
  }

  timeAt(event) {
    return this.#painter.timeAt(this.#pixel(event).x);
  }

  valueAt(event) {
    return this.#painter.valueAt(this.#pixel(event).y);
  }

  close() {
    this.#request?.abort();
    this.#sizes.disconnect();
  }

  /** What is drawn, for whoever checks it: the lines with their values, or the cells. */
  get drawn() {
    return this.#answer && this.#mode === 'heat' ? toCells(this.#answer) : this.#data();
  }

  get #mode() {
    return this.description.mode ?? 'line';
  }

  /** Reads what is shown anew, and draws it. */
  async refresh() {
    this.#request?.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    const [from, to] = this.#page.span();
    const points = pointsFor(this.#painter.width);
    const heat = this.#mode === 'heat';
    const back = heat ? 0 : this.#page.ghost();
    const { series } = this.description;
    try {
      const [answer, ghost] = await Promise.all([
        api.series(series, from, to, points, heat, signal),
        back ? api.series(series, from - back, to - back, points, false, signal) : null,
      ]);
      this.#answer = answer;
      this.#ghost = ghost && { ...ghost, from: ghost.from + back, to: ghost.to + back, series: ghost.series.map((s) => ({ ...s, points: s.points.map((p) => ({ ...p, time: p.time + back })) })) };
      this.#page.answered(answer);
      this.draw();
    } catch (e) {
      if (e instanceof api.ApiError) this.#page.say(e.message);
      else if (e.name !== 'AbortError') throw e;
    }
  }

  #data() {
    if (!this.#answer) return null;
    const data = toLines(this.#answer, this.description.per !== 'step', this.#answer.period);
    const mode = this.#mode;
    return mode === 'stack' || mode === 'share' ? stacked(data, mode === 'share') : data;
  }

  draw() {
    if (!this.#answer || !this.#canvas.clientWidth) return;
    const span = this.#page.span();
    const utc = this.#page.utc();
    const style = getComputedStyle(this.element);
    const log = this.description.axis !== 'linear';
    if (this.#mode === 'heat') {
      const map = toCells(this.#answer);
      const low = map.cells.length ? map.low : 1;
      const high = map.cells.length ? map.high : 10;
      this.#painter.begin(span, [log ? low : 0, high], { log, utc });
      this.#painter.cells(map);
    } else {
      const data = this.#data();
      const stack = this.#mode !== 'line';
      const ghost = this.#ghost && toLines(this.#ghost, this.description.per !== 'step', this.#ghost.period);
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
    const plot = this.#painter.plot(utc, this.#answer.resolution);
    for (const layer of this.#layers) layer.draw(plot);
    const hover = this.#page.hover();
    if (hover !== null) this.#painter.cursor(hover, style.getPropertyValue('--quiet'));
    if (this.#drag?.moved) this.#painter.marked(this.#drag.from, this.#drag.to, style.getPropertyValue('--accent'));
    this.#legend();
  }

  #extent(data, ghost) {
    let low = 0;
    let high = -Infinity;
    for (const line of [...data.lines, ...(ghost?.lines ?? [])]) {
      for (const values of [line.values, line.high, line.low]) {
        if (!values || (this.#mode !== 'line' && values === line.values)) continue;
        for (const v of values) {
          if (v < low) low = v;
          if (v > high) high = v;
        }
      }
    }
    if (this.#mode === 'share') return [0, 100];
    if (!(high > low)) high = low + 1;
    return [low, high + (high - low) * 0.05];
  }

  #legend() {
    const data = this.#mode === 'heat' ? null : this.#data();
    const parts = [];
    const hover = this.#page.hover();
    if (data) {
      const column = hover === null ? data.n - 1 : Math.floor((hover - data.from) / data.step);
      data.lines.forEach((line, i) => {
        const item = document.createElement('span');
        const dot = document.createElement('i');
        dot.style.background = COLORS[i % COLORS.length];
        const total = hover === null && line.total !== null ? ` · total ${format.exact(line.total)}` : '';
        item.append(dot, `${this.description.series.length > 1 || data.lines.length > 1 ? line.label + ' ' : ''}${format.number(line.values[column])}${total}`);
        parts.push(item);
      });
    }
    if (hover !== null) {
      const when = document.createElement('span');
      when.className = 'quiet';
      when.textContent = format.moment(hover, this.#page.utc());
      parts.unshift(when);
    }
    this.#read.replaceChildren(...parts);
    this.#canvas.setAttribute('aria-label', `${this.title.textContent}: ${this.#read.textContent}`);
  }

  #bar() {
    const bar = document.createElement('div');
    bar.className = 'bar';
    this.#name();
    bar.append(this.title);
    const button = (label, title, press) => {
      const b = document.createElement('button');
      b.type = 'button';
      b.textContent = label;
      b.title = title;
      b.addEventListener('click', press);
      return b;
    };
    const { series } = this.description;
    const { how, kind } = partsOf(series[0]);
    if (kind === 'counter') {
      if (series.length === 1 && how === 'one') {
        bar.append(button('children', 'Show the keys below it, stacked', () => this.#stackChildren('stack')));
        bar.append(button('shares', 'Show the keys below it as shares of 100 %', () => this.#stackChildren('share')));
      }
      const unit = button('per s', 'Per second, or per step', () => {
        this.#change({ per: this.description.per === 'step' ? 'second' : 'step' });
        unit.textContent = this.description.per === 'step' ? 'per step' : 'per s';
      });
      bar.append(unit);
    }
    if (canHeat(series)) {
      bar.append(button('heat map', 'Heat map, or percentiles', () => this.#change({ mode: this.#mode === 'heat' ? 'line' : 'heat' })));
      bar.append(button('log', 'Logarithmic axis of the heat map, or linear', () => this.#change({ axis: this.description.axis === 'linear' ? 'log' : 'linear' })));
    }
    bar.append(
      button('PNG', 'Save the picture', () => this.#canvas.toBlob((blob) => download(blob, 'sky.png'))),
      button('CSV', 'Save the values', () => this.#answer && download(new Blob([toCsv(this.#answer)], { type: 'text/csv' }), 'sky.csv')),
      button('JSON', 'Save all that Sky answered', () => this.#answer && download(new Blob([JSON.stringify(this.#answer, null, 1)], { type: 'application/json' }), 'sky.json')),
      this.tools,
    );
    return bar;
  }

  #name() {
    const keys = this.description.series.map(nameOf);
    const short = keys.length > 3 ? `${keys.slice(0, 2).join(', ')} and ${keys.length - 2} more` : keys.join(', ');
    this.title.textContent = this.description.title ?? short;
    this.title.title = keys.join('\n');
  }

  #change(fields) {
    const needsOther = 'mode' in fields;
    this.description = { ...this.description, ...fields };
    if (needsOther) {
      this.#answer = null;
      this.refresh();
    }
    this.#page.changed(this);
    this.draw();
  }

  async #stackChildren(mode) {
    const { key } = partsOf(this.description.series[0]);
    const { keys } = await api.children(key);
    const series = keys.filter((k) => k.separator === '|' && k.kinds.includes('counter')).map((k) => `counter:${k.key}`);
    if (series.length > 0) this.#page.add({ series: series.slice(0, MOST_SERIES), mode });
    else this.#page.say(`${key} has no keys below it that count.`);
  }

  #pixel(e) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  }

  #listen() {
    const { plot } = this;
    const at = (e) => this.#pixel(e).x;
    plot.addEventListener('pointerdown', (e) => {
      if (e.button !== 0) return;
      plot.setPointerCapture(e.pointerId);
      this.#drag = { from: at(e), to: at(e), pan: e.shiftKey, span: this.#page.span(), moved: false };
    });
    plot.addEventListener('pointermove', (e) => {
      const drag = this.#drag;
      if (drag) {
        drag.to = at(e);
        drag.moved ||= Math.abs(drag.to - drag.from) > 4;
      }
      this.#page.hoverAt(this.timeAt(e));
    });
    plot.addEventListener('pointerup', () => {
      const drag = this.#drag;
      this.#drag = null;
      if (!drag?.moved) return;
      const [from, to] = drag.span;
      const a = this.#painter.timeAt(drag.from);
      const b = this.#painter.timeAt(drag.to);
      if (drag.pan) this.#page.show(from - (b - a), to - (b - a));
      else this.#page.show(Math.min(a, b), Math.max(a, b));
    });
    plot.addEventListener('pointerleave', () => this.#page.hoverAt(null));
    plot.addEventListener('dblclick', () => this.#page.stepBack());
    plot.addEventListener('wheel', (e) => {
      e.preventDefault();
      const [from, to] = this.#page.span();
      const pivot = this.timeAt(e);
      const by = e.deltaY > 0 ? 1.25 : 0.8;
      this.#page.show(pivot - (pivot - from) * by, pivot + (to - pivot) * by);
    }, { passive: false });
  }
}
