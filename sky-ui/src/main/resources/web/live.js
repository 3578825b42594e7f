// The live seconds of docs/http-api.md: one WebSocket for the page, which comes back by itself and fills in what it missed.

/** How many seconds are kept of a series: what a server keeps. */
const KEPT_SECONDS = 600;
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 10_000;
const MAX_MESSAGE_SERIES = 100;
/** What a server lets a page watch: whoever comes later has no seconds. */
const MAX_SERIES = 500;
/** What begins and ends to be watched is told together, so often at most: a server takes 10 messages a second. */
const SETTLE_MS = 150;

/** The seconds of one series: known whole in [from, to), but for the gaps. */
class LiveSeries {
  /** The first second that is known, and the one after the last; null while none is. */
  from = null;
  to = null;
  /** The first second that the servers tell; null while they have not said so. */
  begins = null;
  /** Spans [from, to) inside that are not known. */
  gaps = [];
  #points = new Map();

  constructor(name) {
    this.name = name;
  }

  /** What a second holds: a point; null where nothing was counted; undefined where that is not known. */
  at(time) {
    if (this.from === null || time < this.from || time >= this.to) return undefined;
    if (this.gaps.some(([from, to]) => time >= from && time < to)) return undefined;
    return this.#points.get(time) ?? null;
  }

  /** The points of the seconds in [from, to) that have one, in order of time. */
  points(from, to) {
    const found = [];
    for (const [time, point] of this.#points) if (time >= from && time < to) found.push(point);
    return found.sort((a, b) => a.time - b.time);
  }

  /** Of these seconds all is told now, as far as the servers tell them at all. */
  cover(told, to) {
    if (this.begins === null) return;
    const from = Math.max(told, this.begins);
    if (to <= from) return;
    if (this.from === null) [this.from, this.to] = [from, from];
    if (from > this.to) this.gaps.push([this.to, from]);
    this.gaps = this.gaps.flatMap(([a, b]) => [[a, Math.min(b, from)], [Math.max(a, to), b]].filter(([x, y]) => x < y));
    if (from < this.from) {
      if (to < this.from) this.gaps.unshift([to, this.from]);
      this.from = from;
    }
    this.to = Math.max(this.to, to);
    this.#forget(this.to - KEPT_SECONDS);
  }

  put(time, point) {
    if (this.to === null || time >= this.to - KEPT_SECONDS) this.#points.set(time, point);
  }

  /** The clock was set back: seconds from here on are void. */
  cut(to) {
    if (this.begins !== null) this.begins = Math.min(this.begins, to);
    if (this.from === null || this.to <= to) return;
    if (this.from >= to) this.from = this.to = null;
    else this.to = to;
    this.gaps = this.gaps.map(([a, b]) => [a, Math.min(b, to)]).filter(([a, b]) => a < b);
    for (const time of this.#points.keys()) if (time >= to) this.#points.delete(time);
  }

  #forget(before) {
    if (this.from >= before) return;
    this.from = before;
    this.gaps = this.gaps.map(([a, b]) => [Math.max(a, before), b]).filter(([a, b]) => a < b);
    for (const time of this.#points.keys()) if (time < before) this.#points.delete(time);
  }
}

/**
 * What the page watches. Messages go to all watchers of a series; a series that nobody watches any more is told so to the
 * server, and forgotten.
 */
export class Live {
  /** The servers that told nothing of the newest second, each with why; a sentence of our own while there is no connection. */
  partial = ['not connected yet'];
  /** The second after the newest that is over; null before the first message. */
  to = null;
  #url;
  #open;
  #socket = null;
  #series = new Map();
  #watchers = new Set();
  /** What the server was told to watch on this connection. */
  #asked = new Map();
  #waitMs = FIRST_WAIT_MS;
  #timer = null;
  #settling = null;

  /** `open(url)` makes a WebSocket. */
  constructor(url = new URL('api/live', document.baseURI.replace(/^http/, 'ws')), open = (u) => new WebSocket(u)) {
    this.#url = url;
    this.#open = open;
  }

  get connected() {
    return this.#socket?.readyState === 1;
  }

  /**
   * Watches series (`kind:key`). `onSecond(live)` is called after each message, once, when all series hold what it said:
   * read them with `seconds(name)`, and `live.partial`. Gives a function that ends it.
   */
  watch(names, onSecond) {
    const watcher = { names: new Set(names), onSecond };
    this.#watchers.add(watcher);
    for (const name of watcher.names) if (!this.#series.has(name)) this.#series.set(name, new LiveSeries(name));
    if (this.#socket === null) this.#connect();
    else this.#settle();
    return () => this.#unwatch(watcher);
  }

  /** The seconds of a watched series; undefined where nobody watches it. */
  seconds(name) {
    return this.#series.get(name);
  }

  #unwatch(watcher) {
    if (!this.#watchers.delete(watcher)) return;
    const gone = [...watcher.names].filter((name) => ![...this.#watchers].some((w) => w.names.has(name)));
    for (const name of gone) this.#series.delete(name);
    if (this.#watchers.size === 0) this.#disconnect();
    else this.#settle();
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const socket = this.#open(this.#url);
    this.#socket = socket;
    this.#asked.clear();
    socket.addEventListener('open', () => socket === this.#socket && this.#ask());
    socket.addEventListener('message', (e) => socket === this.#socket && this.#take(JSON.parse(e.data)));
    socket.addEventListener('close', (e) => socket === this.#socket && this.#lost(e.reason));
  }

  #lost(reason) {
    this.#socket = null;
    this.partial = [reason ? `the live connection ended: ${reason}` : 'no live connection; trying again'];
    if (this.#watchers.size === 0) return;
    this.#timer = setTimeout(() => this.#connect(), this.#waitMs * (0.5 + Math.random() / 2));
    this.#waitMs = Math.min(MAX_WAIT_MS, 2 * this.#waitMs);
    this.#tell();
  }

  #disconnect() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
  }

  #settle() {
    this.#settling ??= setTimeout(() => {
      this.#settling = null;
      this.#ask();
    }, SETTLE_MS);
  }

  /** Tells the server what is watched now and was not, and the other way round. */
  #ask() {
    if (!this.connected) return;
    const wanted = new Map([...this.#series].slice(0, MAX_SERIES));
    const gone = [...this.#asked.keys()].filter((name) => !wanted.has(name));
    // One that ended and began anew has forgotten what it was told.
    const anew = [...wanted.values()].filter((series) => this.#asked.get(series.name) !== series);
    this.#asked = wanted;
    for (const part of parts(gone)) this.#send({ unwatch: part });
    for (const series of anew) series.begins = null;
    for (const part of parts(anew)) {
      // From the first second that any of them lacks: what is told twice replaces itself.
      this.#send({ watch: part.map((series) => series.name), since: Math.min(...part.map((series) => series.to ?? 0)) });
    }
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  #take(message) {
    this.#waitMs = FIRST_WAIT_MS;
    this.partial = message.partial;
    if (this.to !== null && message.to < this.to) for (const series of this.#series.values()) series.cut(message.to);
    for (const [name, begins] of Object.entries(message.kept ?? {})) {
      const series = this.#series.get(name);
      if (!series) continue;
      // After a reconnect the servers tell from where they were left; what was told before stays.
      series.begins = begins;
      series.cover(begins, message.to);
    }
    for (const series of this.#series.values()) series.cover(message.from, message.to);
    this.to = message.to;
    for (const second of message.seconds) {
      for (const point of second.series) this.#series.get(point.series)?.put(second.time, { ...point, time: second.time });
    }
    this.#tell();
  }

  #tell() {
    for (const watcher of [...this.#watchers]) watcher.onSecond(this);
  }
}

function parts(all) {
  const parts = [];
  for (let i = 0; i < all.length; i += MAX_MESSAGE_SERIES) parts.push(all.slice(i, i + MAX_MESSAGE_SERIES));
  return parts;
}

/** The one of this page. */
export const live = new Live();
