// The span that is shown: the last minute to the last years, live, or from one moment to another.
import * as format from './format.js';
import { button, dialog, element } from './element.js';

/** Ranges by the digit that shows them: 1 to 9, then 0. */
export const RANGES = [['1 min', 60], ['5 min', 300], ['15 min', 900], ['1 h', 3600], ['6 h', 21600], ['1 d', 86400], ['1 w', 604800], ['1 mo', 2592000], ['3 mo', 7776000], ['1 y', 31536000]];

export class RangeBar {
  #state;
  #now;
  #live;
  #told;
  #buttons;
  #utc;
  #ghost;

  /** Fills the element; `told` is the button that says which span it is. `now()` is Sky's time. */
  constructor(root, told, state, now) {
    this.#state = state;
    this.#now = now;
    this.#told = told;
    this.#live = button('Live', 'Follow the present (L)', () => state.showLast(state.seconds));
    this.#live.className = 'live';
    this.#buttons = RANGES.map(([label, seconds], i) => [seconds, button(label, `The last ${label} (${(i + 1) % 10})`, () => state.showLast(seconds))]);
    this.#utc = button('UTC', 'UTC or local time (U)', () => this.toggleUtc());
    this.#ghost = button('Ghost', 'The same span a day or a week before (G)', () => this.nextGhost());
    root.append(this.#live, ...this.#buttons.map(([, b]) => b), this.#utc, this.#ghost);
    told.addEventListener('click', () => this.ask());
    state.onChange(() => this.#mark());
    this.#mark();
  }

  toggleUtc() {
    this.#state.utc = !this.#state.utc;
    this.#state.changed();
  }

  nextGhost() {
    this.#state.ghost = { none: 'day', day: 'week', week: 'none' }[this.#state.ghost];
    this.#state.changed();
  }

  /** A span on or back, in spans of the one that is shown. */
  move(spans) {
    const [from, to] = this.#state.span(this.#now());
    this.#state.show(from + spans * (to - from), to + spans * (to - from), this.#now());
  }

  zoom(by) {
    const [from, to] = this.#state.span(this.#now());
    const half = ((to - from) * by) / 2;
    if (this.#state.live) this.#state.showLast((to - from) * by);
    else this.#state.show((from + to) / 2 - half, (from + to) / 2 + half, this.#now());
  }

  /** Asks for a span from one moment to another. */
  ask() {
    const { utc } = this.#state;
    const [from, to] = this.#state.span(this.#now());
    const moment = (label, time) => {
      const input = element('input', { type: 'datetime-local', step: '1', required: true, value: format.momentInput(time, utc) });
      return [input, element('label', {}, `${label}${utc ? ' (UTC)' : ''}`, input)];
    };
    const [first, firstLabel] = moment('From', from);
    const [last, lastLabel] = moment('To', to);
    const told = element('p', { role: 'alert', class: 'told' });
    const form = element('form', { method: 'dialog' }, firstLabel, lastLabel, told,
      element('div', { class: 'choices' }, element('button', { type: 'submit', class: 'first' }, 'Show'), button('Cancel', 'Close without a change', () => asked.close())));
    const asked = dialog('range', 'Show from one moment to another', form);
    form.addEventListener('submit', (e) => {
      const a = format.fromMomentInput(first.value, utc);
      const b = format.fromMomentInput(last.value, utc);
      if (a < b) this.#state.show(a, b, this.#now());
      else {
        e.preventDefault();
        told.textContent = 'The first moment is before the last.';
      }
    });
  }

  #mark() {
    const { live, seconds, utc, ghost } = this.#state;
    this.#live.setAttribute('aria-pressed', live);
    for (const [length, b] of this.#buttons) b.setAttribute('aria-pressed', live && seconds === length);
    this.#utc.setAttribute('aria-pressed', utc);
    this.#ghost.setAttribute('aria-pressed', ghost !== 'none');
    this.#ghost.textContent = ghost === 'none' ? 'Ghost' : `Ghost: ${ghost} before`;
    const [from, to] = this.#state.span(this.#now());
    this.#told.textContent = live ? `last ${format.span(seconds)}` : `${format.moment(from, utc)} to ${format.moment(to, utc)}`;
  }
}
