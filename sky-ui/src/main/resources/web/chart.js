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
import { ask as askFor } from './chart-ask.js';
import { toCsv, toJson, toPicture, take } from './chart-copy.js';
import { pointsFor, stacked, toCells, toLines } from './chart-data.js';
import { canHeat, nameOf, partsOf, readDescription } from './chart-description.js';
import { listenMoves } from './chart-moves.js';
import { ask, later, needsBuckets, percentilesOf, planOf } from './chart-query.js';
import { button, element as make } from './element.js';
import { FormulaError, shortFormula, withKinds } from './formula.js';
import { cellAt, densityOf, pictureOf, ROW_PIXELS, shade } from './heat-map.js';
import { live } from './live.js';
import { bySeconds } from './live-columns.js';
import { summed } from './live-sum.js';
import { colorOf, isDark, Painter } from './painter.js';
import { percentileName } from './percentiles.js';

/** Spans up to this are drawn in seconds while live. */
const LONGEST_IN_SECONDS = 900;
const FOOTER = 40;
/** What is drawn in seconds is asked for again only so often: the seconds come by themselves. */
const SECONDS_REST_MS = 2000;
/** What takes long to come is asked for less often: 5,000 children are not read every second. */
const REST_FACTOR = 8;
const COPIED_MS = 1500;

export class Chart {
  #page;
  #painter;
  #canvas = document.createElement('canvas');
  #read = make('div', { class: 'read' });
  #buttons = make('span', { class: 'buttons' });
  #request = null;
  #plan = null;
  #answer = null;
  #ghost = null;
  #askedMs = 0;
  #tookMs = 0;
  #asked = '';
  /** The sums whose keys the answer has one by one, and those of which it says that it could. */
  #listed = new Set();
  #listable = new Set();
  #marked = null;
  #layers = [];
  #sizes;
  #unwatch = null;
  #watched = '';
  /** What is drawn, made when first asked for after the answer, the seconds or the description changed. */
  #drawn = null;
  #picture = null;
  #pointer = null;

  constructor(element, description, page) {
    this.element = element;
    this.description = description;
    this.#page = page;
    element.classList.add('chart');
    this.title = make('h2');
    this.tools = make('span', { class: 'tools' });
    this.plot = make('div', { class: 'plot' }, this.#canvas);
    this.below = make('div', { class: 'below' });
    this.#canvas.setAttribute('role', 'img');
    element.replaceChildren(make('div', { class: 'bar' }, this.title, this.#buttons, this.tools), this.plot, this.below, this.#read);
    this.#painter = new Painter(this.#canvas);
    this.#name();
    this.#buildButtons();
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
    this.#watch([]);
  }

  /**
   * What is drawn, null before the first answer: {from, to, step, n, lines, ghost}, times in epoch seconds, n columns of `step` seconds. A line
   * is {label, series, kind, total, values, low, high, mean}: an entry a column, NaN for a gap; in stacks and shares values are the parts and
   * low and high where they lie. `ghost` has the lines of the time before, moved here. A heat map has cells, too: [column, lower, upper, count],
   * and counts, how often values came. `window.sky.charts()` gives tests the description and this of each chart.
   */
  get drawn() {
    if (!this.#answer) return null;
    this.#drawn ??= this.#make();
    return this.#drawn;
  }

  get #mode() {
    return this.description.mode ?? 'line';
  }

  get #isHeat() {
    return this.#mode === 'heat' && canHeat(this.description.series);
  }

  get #isLog() {
    return (this.description.axis ?? (this.#isHeat ? 'log' : 'linear')) === 'log';
  }

  #make() {
    const answer = summed(this.#inSeconds(), this.#listed);
    const lines = toLines(answer, this.#plan, this.description);
    if (this.#isHeat) return { ...toCells(answer, this.#plan, this.description), lines: lines.lines, ghost: null };
    const ghost = this.#ghost && this.#mode === 'line' ? toLines(this.#ghost, this.#plan, this.description) : null;
    return { ...(this.#mode === 'line' ? lines : stacked(lines, this.#mode === 'share')), ghost };
  }

  /** The answer in seconds, where some of them are known. */
  #inSeconds() {
    const known = this.#unwatch && [...this.#answer.sources.values()].flat().some((line) => (live.seconds(line.series)?.from ?? null) !== null);
    if (!known) return this.#answer;
    const [from, to] = this.#page.span();
    return bySeconds(this.#answer, live, Math.floor(from), Math.ceil(to));
  }

  /** Reads what is shown anew, and draws it. */
  async refresh() {
    if (!this.#painter.width) return;
    const [from, to] = this.#page.span();
    const points = pointsFor(this.#painter.width);
    const isLive = this.#page.live();
    const inSeconds = this.#wantsSeconds;
    const buckets = needsBuckets(this.description) || inSeconds;
    const back = this.#isHeat ? 0 : this.#page.ghost();
    const asked = JSON.stringify([this.description.series, isLive ? to - from : [from, to], points, buckets, back]);
    const isSame = asked === this.#asked;
    if (isSame && (!isLive || performance.now() - this.#askedMs < this.#restMs(inSeconds))) {
      if (!isLive) await this.#again(from, to, points, buckets, back);
      else this.#follow();
      return;
    }
    this.#asked = asked;
    await this.#again(from, to, points, buckets, back);
  }

  get #wantsSeconds() {
    const [from, to] = this.#page.span();
    return this.#page.live() && to - from <= LONGEST_IN_SECONDS;
  }

  #restMs(inSeconds) {
    const least = REST_FACTOR * this.#tookMs;
    if (inSeconds) return Math.max(least, live.connected ? SECONDS_REST_MS : 0);
    return this.#answer ? Math.max(least, Math.min(30_000, (this.#answer.resolution * 1000) / 60)) : least;
  }

  async #again(from, to, points, buckets, back) {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#askedMs = performance.now();
    try {
      const plan = planOf(this.description);
      const listed = this.#wantsSeconds ? this.#listable : new Set();
      const [answer, ghost] = await Promise.all([
        ask(plan, from, to, points, buckets, request.signal, listed),
        back ? ask(plan, from - back, to - back, points, needsBuckets(this.description), request.signal) : null,
      ]);
      if (this.#request !== request) return;
      this.#tookMs = performance.now() - this.#askedMs;
      this.#keepOrder(plan, answer);
      this.#plan = plan;
      this.#answer = answer;
      this.#listed = listed;
      // Those of few keys come key by key from the next time on.
      if (this.#wantsSeconds && !areEqual(listed, answer.listable)) this.#asked = '';
      this.#listable = answer.listable;
      this.#ghost = ghost && later(ghost, back);
      this.#page.answered(answer);
      this.#follow();
    } catch (e) {
      if (this.#request === request) this.#asked = '';
      // A picture of what was asked for before would lie under another name.
      if (e.name !== 'AbortError' && !this.#answer) this.#blank();
      if (e instanceof api.ApiError || e instanceof FormulaError) this.#page.say(e.message);
      else if (e.name !== 'AbortError') throw e;
    }
  }

  /** Children come by rank, which changes: those that were there keep their place, and so their colour. */
  #keepOrder(plan, answer) {
    if (!this.#answer) return;
    for (const { each } of plan.entries) {
      const before = (this.#answer.sources.get(each) ?? []).map((line) => line.series);
      const place = ({ series }) => (before.includes(series) ? before.indexOf(series) : before.length);
      if (each) answer.sources.get(each).sort((a, b) => place(a) - place(b));
    }
  }

  /** Watches the seconds of what is drawn while they are shown, and draws. */
  #follow() {
    if (!this.#answer) return;
    this.#watch(this.#wantsSeconds ? this.#watchable() : []);
    this.#drawn = null;
    this.draw();
  }

  /** Series, and not the patterns, whose seconds come with the stream. */
  #watchable() {
    const names = this.#plan.entries.flatMap((entry) => [...(entry.sources ?? []), ...(entry.parent ? [entry.parent] : [])]);
    const matching = [...this.#plan.entries.map((e) => e.each), ...this.#listed].flatMap((name) => (this.#answer.sources.get(name) ?? []).map((line) => line.series));
    return [...new Set([...names, ...matching])].filter((name) => partsOf(name)?.how === 'one');
  }

  #watch(names) {
    const watched = names.join('\n');
    if (watched === this.#watched) return;
    this.#watched = watched;
    const before = this.#unwatch;
    this.#unwatch = names.length ? live.watch(names, () => this.#second()) : null;
    before?.();
  }

  #second() {
    if (!this.#answer || document.hidden) return;
    this.#drawn = null;
    this.draw();
  }

  #blank() {
    const [from, to] = this.#page.span();
    this.#painter.begin([from, to], [0, 1], { utc: this.#page.utc() });
    this.#read.replaceChildren();
  }

  draw() {
    const drawn = this.drawn;
    if (!drawn || !this.#canvas.clientWidth) return;
    const utc = this.#page.utc();
    const style = getComputedStyle(this.element);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    if (this.#isHeat) this.#drawHeat(drawn, utc, color);
    else this.#drawLines(drawn, utc);
    const plot = this.#painter.plot(utc, drawn.step);
    for (const layer of this.#layers) layer.draw(plot);
    const hover = this.#page.hover();
    if (hover !== null) {
      this.#painter.cursor(hover, color('quiet'));
      this.#dots(drawn, hover);
    }
    if (this.#marked) {
      const { from, to, ofValues } = this.#marked;
      this.#painter.marked(ofValues ? from.y : from.x, ofValues ? to.y : to.x, ofValues, color('accent'));
    }
    this.#tell(drawn, hover);
  }

  #drawLines(drawn, utc) {
    const extent = this.#extent(drawn);
    this.#painter.begin(this.#page.span(), extent, { utc, log: this.#isLog && extent[0] > 0 });
    const over = Math.min(drawn.n, Math.floor((this.#answer.now - drawn.from) / drawn.step));
    const first = Math.floor((this.#page.span()[0] - drawn.from) / drawn.step);
    this.#painter.gaps(drawn, (i) => i < over && i >= first && drawn.lines.every((line) => Number.isNaN(line.values[i])));
    const isStack = this.#mode !== 'line';
    drawn.ghost?.lines.forEach((line, i) => this.#painter.line(drawn.ghost, { ...line, low: null, mean: null }, colorOf(i), { dashed: true }));
    drawn.lines.forEach((line, i) => (isStack ? this.#painter.layer(drawn, line, colorOf(i)) : this.#painter.line(drawn, line, colorOf(i))));
  }

  #drawHeat(drawn, utc, color) {
    const values = this.#heatExtent(drawn);
    this.#painter.begin(this.#page.span(), values, { utc, log: this.#isLog, footer: FOOTER });
    const over = Math.floor((this.#answer.now - drawn.from) / drawn.step);
    this.#painter.gaps(drawn, (i) => i < over && Number.isNaN(drawn.counts[i]));
    this.#painter.cells(drawn, this.#heatPicture(drawn, values).canvas);
    if (this.#isLog && drawn.cells.some(([, , upper]) => upper <= 0)) this.#painter.atBottom('≤ 0');
    drawn.lines.forEach((line, i) => this.#painter.line(drawn, line, percentileColor(i), { width: 1.4, casing: isDark() ? '#000a' : '#fffc' }));
    this.#painter.footer(drawn, drawn.counts, color('histogram') || color('accent'), this.description.per === 'step' ? '' : '/s');
  }

  #heatPicture(drawn, values) {
    const rows = Math.max(8, Math.round(this.#painter.height / ROW_PIXELS));
    const of = JSON.stringify([values, rows, this.#isLog, isDark()]);
    if (this.#picture?.drawn !== drawn || this.#picture.of !== of) {
      const density = densityOf(drawn, rows, values, this.#isLog);
      this.#picture = { drawn, of, rows, values, most: density.most, canvas: pictureOf(density, drawn.n, this.#picture?.canvas) };
    }
    return this.#picture;
  }

  #extent(drawn) {
    const { values } = this.description;
    if (values && (!this.#isLog || values[0] > 0)) return values;
    if (this.#mode === 'share') return [0, 100];
    let low = this.#isLog ? Infinity : 0;
    let high = -Infinity;
    const take = (columns) => {
      for (const v of columns ?? []) {
        if (v < low && !(this.#isLog && v <= 0)) low = v;
        if (v > high) high = v;
      }
    };
    for (const line of drawn.lines) {
      if (this.#mode === 'line') take(line.values);
      take(line.low);
      take(line.high);
    }
    for (const line of drawn.ghost?.lines ?? []) take(line.values);
    if (this.#isLog) return high > 0 ? [low / 1.1, Math.max(high, low * 2) * 1.1] : [1, 10];
    if (!(high > low)) high = low + 1;
    return [low < 0 ? low - (high - low) * 0.05 : low, high + (high - low) * 0.06];
  }

  #heatExtent(drawn) {
    const { values } = this.description;
    if (values && (!this.#isLog || values[0] > 0)) return values;
    const isEmpty = drawn.cells.length === 0;
    if (this.#isLog) {
      const low = Number.isFinite(drawn.low) ? drawn.low : 1;
      // A little more below, for what has no logarithm; a little more above, for the eye.
      return [low / 1.25, Math.max(isEmpty ? 10 : drawn.high, low * 2) * 1.08];
    }
    let low = 0;
    for (const [, lower] of drawn.cells) if (lower < low) low = lower;
    const high = isEmpty ? 10 : drawn.high;
    return [low < 0 ? low * 1.04 : 0, high > low ? high + (high - low) * 0.04 : low + 1];
  }

  #dots(drawn, hover) {
    const i = Math.floor((hover - drawn.from) / drawn.step);
    if (i < 0 || i >= drawn.n || this.#mode === 'stack' || this.#mode === 'share') return;
    drawn.lines.forEach((line, l) => this.#painter.dot(drawn.from + (i + 0.5) * drawn.step, line.values[i], this.#isHeat ? percentileColor(l) : colorOf(l)));
  }

  /** The line below the chart: what there is under the pointer, or now. */
  #tell(drawn, hover) {
    const column = hover === null ? this.#lastColumn(drawn) : Math.floor((hover - drawn.from) / drawn.step);
    const parts = drawn.lines.map((line, i) => this.#told(line, column, this.#isHeat ? percentileColor(i) : colorOf(i), hover, drawn.lines.length > 1));
    if (hover !== null) parts.unshift(make('span', { class: 'quiet when' }, format.moment(drawn.from + Math.max(0, Math.min(drawn.n - 1, column)) * drawn.step, this.#page.utc())));
    if (this.#isHeat) parts.push(...this.#toldHeat(drawn, column, hover));
    this.#read.replaceChildren(...parts);
    this.#canvas.setAttribute('aria-label', `${this.title.textContent}: ${this.#read.textContent}`);
  }

  #lastColumn(drawn) {
    for (let i = drawn.n - 1; i >= 0; i--) if (drawn.lines.some((line) => !Number.isNaN(line.values[i]))) return i;
    return drawn.n - 1;
  }

  #told(line, i, color, hover, isNamed) {
    const dot = make('i');
    dot.style.background = color;
    const counted = this.#mode === 'stack' || this.#mode === 'share' ? (line.counted ?? line.values)[i] : line.values[i];
    const value = this.#mode === 'share' ? `${format.number(line.values[i])} %` : format.number(counted);
    const unit = line.kind === 'counter' && this.#mode !== 'share' && this.description.per !== 'step' && !Number.isNaN(counted) ? '/s' : '';
    const band = hover !== null && line.low && this.#mode === 'line' && line.low[i] !== line.high[i] ? ` (${format.number(line.low[i])} – ${format.number(line.high[i])})` : '';
    const mean = hover !== null && line.mean && this.#mode === 'line' ? ` mean ${format.number(line.mean[i])}` : '';
    const total = hover === null && line.total !== null && line.kind === 'counter' ? ` · total ${format.exact(line.total)}` : '';
    // A key may be of letters that run from right to left: what it has does not.
    const name = isNamed ? [make('bdi', {}, this.#isHeat ? percentileName(line.percentile) : line.label), ' '] : [];
    const told = make('span', {}, dot, ...name, `${value}${unit}${band}${mean}${total}`);
    if (this.#isCoarse(line)) told.append(make('span', { class: 'quiet', title: 'Too many keys match, or sets: their sum is read by period, not by second' }, ` in steps of ${format.span(this.#answer.period)}`));
    return told;
  }

  /** A sum that has no seconds while others have. */
  #isCoarse(line) {
    return this.#wantsSeconds && line.series.startsWith('sum:') && !this.#answer.listable.has(line.series);
  }

  #toldHeat(drawn, column, hover) {
    const { most, values, rows } = this.#heatPicture(drawn, this.#heatExtent(drawn));
    const told = [];
    const cell = hover !== null && this.#pointer !== null ? this.#cellUnder(drawn, column) : null;
    if (cell) {
      const n = format.exact(Math.round(cell.count * 100) / 100);
      told.push(make('span', { class: 'cell' }, `${n} × ${cell.lower === cell.upper ? format.number(cell.lower) : `${format.number(cell.lower)} to ${format.number(cell.upper)}`} in ${format.span(drawn.step)}`));
    }
    const rowSpan = this.#isLog ? `${format.number(100 * (Math.exp(Math.log(values[1] / values[0]) / rows) - 1))} %` : format.number((values[1] - values[0]) / rows);
    const scale = make('i', { class: 'scale' });
    scale.style.background = `linear-gradient(90deg, ${d3Stops()})`;
    told.push(make('span', { class: 'quiet legend', title: 'How dense the values lie: how many a second in a row of this height' }, '0 ', scale, ` ${format.number(most)}/s per ${rowSpan} of value`));
    return told;
  }

  /** The cell of the heat map under the pointer, where it is over this chart. */
  #cellUnder(drawn, column) {
    const { rows, values } = this.#heatPicture(drawn, this.#heatExtent(drawn));
    const { y } = this.#pointer;
    const row = Math.floor(((this.#painter.yOf(values[0]) - y) / this.#painter.height) * rows);
    if (row < 0 || row >= rows) return null;
    const edge = (r) => (this.#isLog ? values[0] * (values[1] / values[0]) ** (r / rows) : values[0] + ((values[1] - values[0]) * r) / rows);
    return cellAt(drawn, column, this.#isLog && row === 0 ? -Infinity : edge(row), edge(row + 1));
  }

  #buildButtons() {
    const { series } = this.description;
    const parts = series.map(partsOf);
    const [{ how, kind, key }] = parts;
    const isOne = series.length === 1;
    const made = [];
    const toggle = (label, title, isOn, press) => {
      const b = button(label, title, press);
      b.setAttribute('aria-pressed', isOn);
      made.push(b);
    };
    const children = (mode) => this.#change({ series: [`each:counter:${key}|*`], mode });
    if (isOne && how === 'one' && kind === 'counter') {
      made.push(button('children', 'The keys below it, stacked', () => children('stack')), button('shares', 'The keys below it, as shares of 100 %', () => children('share')));
    } else if (isOne && how === 'each' && key.endsWith('|*')) {
      made.push(button('whole', 'The key itself, not those below it', () => this.#change({ series: [`${kind}:${key.slice(0, -2)}`], mode: 'line' })));
    }
    if ((!isOne || how === 'each') && !parts.some((p) => p.kind === 'histogram')) {
      for (const [mode, label, title] of [['line', 'lines', 'A line each'], ['stack', 'stack', 'One on the other'], ['share', 'shares', 'As shares of 100 %']]) {
        toggle(label, title, this.#mode === mode, () => this.#change({ mode }));
      }
    }
    if (parts.some((p) => p.kind === 'counter' || p.how === 'formula') || this.#isHeat) {
      const perStep = this.description.per === 'step';
      made.push(button(perStep ? 'per step' : 'per s', 'Per second, or per step', () => this.#change({ per: perStep ? 'second' : 'step' })));
    }
    if (canHeat(series)) toggle('heat map', 'Heat map, or lines alone', this.#isHeat, () => this.#change({ mode: this.#isHeat ? 'line' : 'heat' }));
    if (parts.some((p) => p.kind === 'histogram')) made.push(button('percentiles', 'Which percentiles', () => this.#askPercentiles()));
    toggle('log', 'Logarithmic axis of values, or linear', this.#isLog, () => this.#change({ axis: this.#isLog ? 'linear' : 'log' }));
    made.push(button('ƒ', 'Arithmetic of keys, as {errors} / {requests} * 100', () => this.#askFormula()));
    for (const [label, title, make] of [['PNG', 'Copy the picture', () => this.#asPng()], ['CSV', 'Copy the values as CSV', () => this.#asText('text/csv', 'csv', toCsv(this.drawn))], ['JSON', 'Copy all that is drawn as JSON', () => this.#asText('application/json', 'json', toJson(this.description, this.drawn))]]) {
      const b = button(label, title, () => this.#take(b, make));
      made.push(b);
    }
    this.#buttons.replaceChildren(...made);
  }

  async #take(pressed, make) {
    if (!this.drawn) return;
    const label = pressed.textContent;
    const copied = await make();
    pressed.textContent = copied ? 'copied' : 'saved';
    setTimeout(() => (pressed.textContent = label), COPIED_MS);
  }

  async #asPng() {
    const style = getComputedStyle(this.element);
    this.draw();
    return take(await toPicture(this.#canvas, this.title.textContent, style.backgroundColor, style.color), 'sky.png');
  }

  #asText(type, ending, text) {
    return take(new Blob([text], { type }), `sky.${ending}`);
  }

  #askPercentiles() {
    const shown = percentilesOf(this.description).map((p) => (p === 100 ? 'max' : p)).join(', ');
    askFor(this.plot, { label: 'Percentiles', value: shown, hint: '50, 90, 99.9, max' }, async (text) => {
      const percentiles = text.split(/[,;\s]+/).filter(Boolean).map((word) => (word === 'max' ? 100 : Number(word.replace(/^p/, ''))));
      const description = readDescription({ ...this.description, percentiles });
      if (!description.percentiles || percentiles.length === 0) throw new Error('Percentiles are numbers above 0 and up to 100, or max, at most ten: 50, 90, 99.9, max.');
      this.#change({ percentiles });
    });
  }

  #askFormula() {
    const [first, second] = this.description.series.map((s) => partsOf(s)).filter((p) => p.how !== 'formula' && p.how !== 'each');
    const brace = (p) => `{${p.key}}`;
    const value = first ? (second ? `${brace(first)} / ${brace(second)} * 100` : brace(first)) : '';
    askFor(this.plot, { label: 'Formula', value, hint: '{errors} / {requests} * 100' }, async (text) => {
      const formula = await withKinds(text, async (key) => (await api.match(key)).keys.flatMap((k) => k.kinds));
      const series = [...this.description.series, `=${formula}`];
      if (!readDescription({ series })) throw new Error('The chart has as many series as it may have, or the formula is too long.');
      this.#change({ series, mode: 'line' });
    });
  }

  #name() {
    const names = this.description.series.map((entry) => (entry.startsWith('=') ? shortFormula(nameOf(entry)) : nameOf(entry)));
    const short = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
    this.title.textContent = this.description.title ?? short;
    this.title.title = names.join('\n');
  }

  #change(fields) {
    this.description = { ...this.description, ...fields };
    // What was zoomed in to means nothing on other values.
    if (!('values' in fields) && ['series', 'mode', 'per'].some((f) => f in fields)) delete this.description.values;
    for (const [name, value] of Object.entries(this.description)) if (value === undefined) delete this.description[name];
    this.#drawn = null;
    if ('series' in fields || (this.#isHeat && !this.#hasBuckets())) this.#answer = null;
    this.#asked = '';
    this.#name();
    this.#buildButtons();
    this.#page.changed(this);
    this.refresh();
  }

  #hasBuckets() {
    const line = this.#answer && [...this.#answer.sources.values()].flat().find((l) => l.kind === 'histogram');
    return !line || line.points.every((p) => p.buckets);
  }

  #zoomValues(a, b) {
    const before = this.description.values;
    const [low, high] = [this.#painter.valueAt(Math.max(a, b)), this.#painter.valueAt(Math.min(a, b))];
    if (!(high > low)) return;
    this.#change({ values: [low, high] });
    this.#page.stepped(() => this.#change({ values: before }));
  }

  #pixel(e) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  }

  #pick(e) {
    const drawn = this.drawn;
    if (!drawn) return;
    const { x, y } = this.#pixel(e);
    if (this.#painter.isOnValues(x)) return;
    const time = this.#painter.timeAt(x);
    const i = Math.floor((time - drawn.from) / drawn.step);
    let nearest = null;
    for (const line of drawn.lines) {
      const at = this.#painter.yOf((this.#mode === 'stack' || this.#mode === 'share' ? line.high : line.values)[i]);
      if (!Number.isNaN(at) && (nearest === null || Math.abs(at - y) < Math.abs(nearest.at - y))) nearest = { at, line };
    }
    // Seconds are drawn of periods: what can be explained are those.
    const step = Math.max(drawn.step, this.#answer.resolution);
    this.#page.pick(this, { time, step, series: nearest?.line.series ?? null, value: nearest?.line.values[i] ?? null }, e);
  }

  #listen() {
    listenMoves(this.plot, {
      page: this.#page,
      pixel: (e) => this.#pixel(e),
      isOnValues: (x) => this.#painter.isOnValues(x),
      timeAt: (x) => this.#painter.timeAt(x),
      moved: (drag) => {
        this.#marked = drag;
        this.draw();
      },
      zoomValues: (a, b) => this.#zoomValues(a, b),
      pick: (e) => this.#pick(e),
      hover: (e) => {
        this.#pointer = e && this.#pixel(e);
        this.#page.hoverAt(e && this.timeAt(e));
      },
    });
  }
}

const areEqual = (a, b) => a.size === b.size && [...a].every((one) => b.has(one));

/** Lines over a heat map: warm, as the map is cool. */
const WARM = ['#e8590c', '#d6336c', '#a61e4d', '#862e9c', '#5f3dc4', '#c92a2a', '#e67700', '#9c36b5', '#6741d9', '#364fc7'];
const WARM_DARK = ['#ffd8a8', '#ffa94d', '#ff6b6b', '#fff5f5', '#faa2c1', '#ffe066', '#e599f7', '#ffc078', '#fcc2d7', '#ffffff'];
const percentileColor = (i) => (isDark() ? WARM_DARK : WARM)[i % WARM.length];

const d3Stops = () => [0.01, 0.1, 0.3, 0.6, 1].map((share) => `${shade(share)} ${Math.round(100 * Math.sqrt(share))}%`).join(', ');
