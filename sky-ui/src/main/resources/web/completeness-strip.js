// The strip below a chart: a column a step, low where all came, higher where packets were lost and sent again or refused, full where counts
// are missing for good. So its shape tells what its colours do. Walked by keys, and each step can be explained.
import * as format from './format.js';
import { element } from './element.js';
import { gradeOf, tell } from './completeness.js';

const HEIGHT = 11;
const WHOLE = 3;

export class CompletenessStrip {
  #completeness;
  #page;
  #plot = null;
  #at = null;
  /** Where the keys left it: who comes back to the strip goes on from there. */
  #left = null;
  #canvas = element('canvas', {});
  #tip = element('div', { class: 'tip', hidden: true });
  #strip;

  /** `page` answers: `utc()`, and `explain(time, step)`, which is what a press does. */
  constructor(chart, completeness, page) {
    this.#completeness = completeness;
    this.#page = page;
    this.#strip = element('div', {
      class: 'completeness', tabindex: '0', role: 'slider', 'aria-label': 'How complete the data is', 'aria-valuemin': '0',
      keydown: (e) => this.#press(e),
      focus: () => this.#go(this.#at ?? this.#kept()),
      blur: () => this.#go(null),
      pointermove: (e) => this.#go(this.#timeAt(e)),
      pointerleave: () => this.#strip.matches(':focus-visible') || this.#go(null),
      click: (e) => this.#explain(this.#timeAt(e)),
    }, this.#canvas, this.#tip);
    chart.below.append(this.#strip);
  }

  /** A layer's: called when the chart is drawn. */
  draw(plot) {
    this.#plot = plot;
    const ratio = devicePixelRatio || 1;
    const width = this.#strip.clientWidth;
    if (this.#canvas.width !== Math.round(width * ratio)) {
      this.#canvas.width = Math.round(width * ratio);
      this.#canvas.height = Math.round(HEIGHT * ratio);
    }
    const c = this.#canvas.getContext('2d');
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, HEIGHT);
    const style = getComputedStyle(this.#strip);
    const color = (name) => style.getPropertyValue(`--${name}`);
    c.fillStyle = color('line');
    c.fillRect(plot.left, HEIGHT - 1, plot.right - plot.left, 1);
    const { step, byTime } = this.#completeness;
    if (step === null) return;
    for (const [time, packets] of byTime) this.#column(c, color, time, step, packets);
    if (this.#at !== null) this.#mark(c, color('text'), step);
    this.#tellValue();
  }

  #column(c, color, time, step, packets) {
    const { left, right, x } = this.#plot;
    const a = Math.max(left, x(time));
    const b = Math.min(right, x(time + step));
    if (b <= a) return;
    const { kind, sent, gone, again } = gradeOf(packets);
    // The root lets one packet of a thousand be seen.
    const height = kind === 'whole' ? WHOLE : kind === 'gone' ? HEIGHT : WHOLE + 2 + (HEIGHT - WHOLE - 3) * Math.sqrt((gone + again) / sent);
    c.globalAlpha = packets.open ? 0.6 : 1;
    c.fillStyle = color(kind);
    c.fillRect(a, HEIGHT - height, Math.max(1, b - a - (b - a > 4 ? 1 : 0)), height);
    c.globalAlpha = 1;
  }

  #mark(c, color, step) {
    const { left, right, x } = this.#plot;
    const begin = Math.floor(this.#at / step) * step;
    const a = Math.max(left, x(begin));
    const b = Math.min(right, x(begin + step));
    c.strokeStyle = color;
    c.strokeRect(a + 0.5, 0.5, Math.max(2, b - a - 1), HEIGHT - 1);
  }

  /** The moment under the pointer. */
  #timeAt(e) {
    if (!this.#plot) return null;
    const { left, right, from, to } = this.#plot;
    const pixel = Math.min(right - 1, Math.max(left, e.clientX - this.#strip.getBoundingClientRect().left));
    return from + ((pixel - left) / (right - left)) * (to - from);
  }

  /** Where the keys begin: where they left it, if that is still shown, else at the end. */
  #kept() {
    if (!this.#plot) return null;
    const { from, to } = this.#plot;
    return this.#left !== null && this.#left >= from && this.#left < to ? this.#left : to - 1;
  }

  #go(time) {
    this.#at = time;
    const at = time === null ? null : this.#completeness.at(time);
    this.#tip.hidden = at === null;
    if (this.#plot) this.draw(this.#plot);
    if (at === null) return;
    this.#tip.textContent = this.#textOf(at);
    const { left, right, x } = this.#plot;
    const middle = Math.min(right, Math.max(left, x(at.time + at.step / 2)));
    const half = this.#tip.offsetWidth / 2;
    const most = this.#strip.clientWidth - this.#tip.offsetWidth - 2;
    this.#tip.style.left = `${Math.max(2, Math.min(most, middle - half))}px`;
  }

  #textOf(at) {
    const told = at.packets ? tell(at.packets) : 'no packets came';
    return `${format.moment(at.time, this.#page.utc()).slice(11)}: ${told}${at.packets?.open ? '; not all is in history yet' : ''}`;
  }

  #tellValue() {
    const { from, to } = this.#plot;
    const { step } = this.#completeness;
    const at = this.#completeness.at(this.#at ?? to - 1);
    this.#strip.setAttribute('aria-valuemax', Math.max(0, Math.ceil((to - from) / step) - 1));
    this.#strip.setAttribute('aria-valuenow', Math.max(0, Math.round((at.time - from) / step)));
    this.#strip.setAttribute('aria-valuetext', this.#textOf(at));
  }

  #press(e) {
    if (!this.#plot || this.#completeness.step === null) return;
    const { from, to } = this.#plot;
    const { step } = this.#completeness;
    const at = this.#at ?? to - 1;
    const next = { ArrowLeft: at - step, ArrowRight: at + step, Home: from, End: to - 1 }[e.key];
    if (next !== undefined) this.#go((this.#left = Math.min(to - 1, Math.max(from, next))));
    else if (e.key === 'Enter' || e.key === ' ') this.#explain(at);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  #explain(time) {
    const at = time === null ? null : this.#completeness.at(time);
    if (at) this.#page.explain(at.time, at.step);
  }
}
