// The annotations on one chart: lines and spans on its plot, and above them flags that can be pressed and read aloud.
import * as format from './format.js';
import { element } from './element.js';

const TYPES = { info: '#3f7fd1', deploy: '#2a9d4a', warning: '#d9730d', error: '#d13a4f', test: '#8456b8' };
const OTHERS = ['#149ba8', '#c558a5', '#8c6148', '#8a8a12', '#5b6fb8'];

/** Flags nearer than this are one, with a number. */
const NEAR = 20;
const WORDS_NEED = 44;

export const KNOWN_TYPES = Object.keys(TYPES);

export function colorOf(type) {
  let hash = 0;
  for (const letter of type) hash = (hash * 31 + letter.codePointAt(0)) % 9973;
  return TYPES[type] ?? OTHERS[hash % OTHERS.length];
}

/** When an annotation was, what it says and what sort it is: one line. */
export function lineOf(one, utc) {
  const end = one.end ? ` to ${format.moment(one.end, utc)}` : '';
  return `${format.moment(one.time, utc)}${end}: ${one.label} (${one.type})`;
}

export class AnnotationLayer {
  #all;
  #open;
  #strip = element('div', { class: 'flags', role: 'group', 'aria-label': 'Annotations' });
  #flags = new Map();

  /** `all()` gives the annotations, `open(some)` shows those that a flag stands for. */
  constructor(plot, all, open) {
    this.#all = all;
    this.#open = open;
    // The plot drags and zooms; what is pressed here is not for it.
    for (const type of ['pointerdown', 'pointermove', 'dblclick', 'contextmenu']) this.#strip.addEventListener(type, (e) => e.stopPropagation());
    plot.append(this.#strip);
  }

  draw(plot) {
    const shown = this.#all().filter((one) => one.time < plot.to && (one.end ?? one.time) >= plot.from);
    for (const one of shown) this.#mark(plot, one);
    this.#place(plot, shown);
  }

  #mark({ context: c, left, right, top, bottom, from: start, x }, one) {
    const color = colorOf(one.type);
    const from = Math.max(left, x(one.time));
    c.save();
    if (one.end) {
      const to = Math.min(right, x(one.end));
      c.fillStyle = color + '26';
      c.fillRect(from, top, Math.max(1, to - from), bottom - top);
      c.fillStyle = color;
      c.fillRect(from, top, Math.max(1, to - from), 2);
    }
    if (one.time >= start) {
      c.strokeStyle = color;
      c.lineWidth = 1;
      c.setLineDash(one.end ? [] : [4, 3]);
      c.beginPath();
      c.moveTo(Math.round(from) + 0.5, top);
      c.lineTo(Math.round(from) + 0.5, bottom);
      c.stroke();
    }
    c.restore();
  }

  #place({ left, right, x, utc }, shown) {
    const groups = [];
    for (const one of shown) {
      const at = Math.max(left, x(one.time));
      if (groups.length > 0 && at - groups.at(-1).at < NEAR) groups.at(-1).some.push(one);
      else groups.push({ at, some: [one] });
    }
    const before = this.#flags;
    this.#flags = new Map();
    groups.forEach(({ at, some }, i) => {
      const room = (groups[i + 1]?.at ?? right) - at - 3;
      const id = some.map((one) => `${one.id} ${one.version}`).join();
      const flag = before.get(id) ?? this.#flag(some);
      before.delete(id);
      this.#flags.set(id, flag);
      flag.style.left = `${Math.round(at)}px`;
      // At the end of the plot a flag flies the other way.
      const isLast = right - at < WORDS_NEED;
      flag.style.maxWidth = `${Math.max(NEAR - 1, Math.min(180, Math.round(isLast ? 180 : room)))}px`;
      flag.classList.toggle('back', isLast);
      flag.classList.toggle('bare', some.length === 1 && !isLast && room < WORDS_NEED);
      flag.title = some.slice(0, 12).map((one) => lineOf(one, utc) + (one.text ? `\n${one.text}` : '')).join('\n');
      flag.setAttribute('aria-label', some.length === 1 ? lineOf(some[0], utc) : `${some.length} annotations: ${flag.title}`);
    });
    for (const gone of before.values()) gone.remove();
    // One that is in its place is left alone: moved, it would lose its focus.
    [...this.#flags.values()].forEach((flag, i) => {
      if (this.#strip.children[i] !== flag) this.#strip.insertBefore(flag, this.#strip.children[i] ?? null);
    });
  }

  #flag(some) {
    const flag = element('button', { type: 'button', class: 'flag', click: () => this.#open(some) }, some.length === 1 ? some[0].label : String(some.length));
    flag.style.setProperty('--type', colorOf(some[0].type));
    return flag;
  }
}
