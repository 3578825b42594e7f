// How complete the data is of the span that is shown: what the ledger tells of its packets, step by step, followed.
import * as api from './api.js';
import * as format from './format.js';

const FOLLOW_MS = 2000;
/** The strip needs no more columns than eyes tell apart. */
const POINTS = 300;

/** Why packets are refused, as people say it. But for the first they are sent again. */
export const CAUSES = {
  malformed: 'its records did not follow their layout; it is not sent again',
  beyond_window: 'numbered too far ahead',
  future: 'for a time that is ahead of the server\u2019s clock',
  full: 'too much waited for history',
  journal_full: 'the journal was as long as it may be',
  journal_failed: 'the journal could not be written: the disk',
  over_rate: 'its client sent more packets a second than it may',
  stopping: 'the server was stopping',
  gauge_unknown: 'it changes a gauge whose value was being found out',
};

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** What packets of a step tell: {sent, gone, again, whole}; gone for good, sent again, and neither. */
export function gradeOf(packets) {
  const refused = sum(Object.values(packets.refused));
  const gone = packets.late + (packets.refused.malformed ?? 0);
  const again = packets.lost + refused - (packets.refused.malformed ?? 0);
  const known = packets.counted + packets.duplicate + packets.late + packets.lost + refused;
  const sent = Math.max(packets.sent, known);
  return { sent, gone, again, whole: sent - gone - again, kind: sent === 0 ? 'none' : gone > 0 ? 'gone' : again > 0 ? 'again' : 'whole' };
}

/** One sentence on the packets of a step. */
export function tell(packets) {
  const { sent, gone, again } = gradeOf(packets);
  if (sent === 0) return 'no packets came';
  const parts = [];
  if (packets.lost) parts.push(`${format.exact(packets.lost)} lost on the way and sent again`);
  for (const [cause, n] of Object.entries(packets.refused)) {
    if (n) parts.push(`${format.exact(n)} refused (${cause.replaceAll('_', ' ')})${cause === 'malformed' ? '' : ' and sent again'}`);
  }
  if (packets.late) parts.push(`${format.exact(packets.late)} too late: what they counted is missing`);
  const what = `${format.exact(sent)} ${sent === 1 ? 'packet' : 'packets'}`;
  return gone + again === 0 ? `${what}, nothing lost` : `${what}: ${parts.join(', ')}`;
}

export class Completeness {
  #span;
  #onChange;
  #say;
  #timer = null;
  #asked = 0;
  #text = '';
  /** The length of a step in seconds; null before the first answer. */
  step = null;
  /** Steps in which there were packets, by their beginning. */
  byTime = new Map();

  /** `span()` is shown; `onChange` when the ledger tells other than before; `say(text)` where it can't be read. */
  constructor(span, onChange, say) {
    this.#span = span;
    this.#onChange = onChange;
    this.#say = say;
  }

  /** The step of a moment: {time, step, packets}, without packets where none came; null before the first answer. */
  at(time) {
    if (this.step === null) return null;
    const begin = Math.floor(time / this.step) * this.step;
    return { time: begin, step: this.step, packets: this.byTime.get(begin) ?? null };
  }

  /** Reads the span that is shown, and goes on. */
  async follow() {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    try {
      if (!document.hidden) {
        const answer = await api.ledger(...this.#span(), POINTS);
        if (asked === this.#asked) this.#take(answer);
      }
    } catch (e) {
      if (!(e instanceof api.ApiError)) throw e;
      if (e.status) this.#say(e.message);
    }
    if (asked !== this.#asked) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.follow(), FOLLOW_MS);
  }

  #take(answer) {
    this.#say(null);
    const text = JSON.stringify([answer.resolution, answer.points]);
    if (text === this.#text) return;
    this.#text = text;
    this.step = answer.resolution;
    this.byTime = new Map(answer.points.map((point) => [point.time, point]));
    this.#onChange();
  }
}
