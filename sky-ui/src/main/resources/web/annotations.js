// The annotations of the span that is shown, followed: what a script posts is here two seconds later.
import * as api from './api.js';

const FOLLOW_MS = 2000;
/** How far back what is new is looked for each time; all of the span is read again less often. */
const RECENT = 3600;
const ALL_MS = 60_000;
const LONGEST = 1099 * 86400;

export class Annotations {
  #span;
  #now;
  #onChange;
  #say;
  #byId = new Map();
  #whole = null;
  #wholeAtMs = 0;
  #timer = null;
  #text = '';

  /** `span()` is shown, `now()` is Sky's time; `onChange` when others are there than before; `say(text)` where they can't be read. */
  constructor(span, now, onChange, say) {
    this.#span = span;
    this.#now = now;
    this.#onChange = onChange;
    this.#say = say;
  }

  /** In order of time. */
  get all() {
    return [...this.#byId.values()].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  }

  /** Reads what it lacks, and goes on; `anew` reads all of the span once more. */
  async follow(anew = false) {
    clearTimeout(this.#timer);
    if (anew) this.#whole = null;
    try {
      if (!document.hidden) await this.#read();
    } catch (e) {
      if (!(e instanceof api.ApiError)) throw e;
      if (e.status) this.#say(e.message);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.follow(), FOLLOW_MS);
  }

  async #read() {
    const [from, to] = this.#span();
    const isKnown = this.#whole && this.#whole[0] <= from && to <= Math.max(this.#whole[1], this.#now());
    if (isKnown && Date.now() - this.#wholeAtMs < ALL_MS) {
      const recent = this.#now() - RECENT;
      this.#replace(recent, Infinity, (await api.annotations(recent, this.#now() + 60)).annotations);
    } else {
      const read = [];
      for (let end = to; end > from; end -= LONGEST) read.push(...(await api.annotations(Math.max(from, end - LONGEST), end + 60)).annotations);
      this.#replace(-Infinity, Infinity, read);
      this.#whole = [from, to];
      this.#wholeAtMs = Date.now();
    }
  }

  #replace(from, to, read) {
    for (const [id, known] of this.#byId) if ((known.end ?? known.time) >= from && known.time <= to) this.#byId.delete(id);
    for (const one of read) this.#byId.set(one.id, one);
    const text = this.all.map((one) => one.id + one.version).join();
    if (text !== this.#text) {
      this.#text = text;
      this.#onChange();
    }
  }
}
