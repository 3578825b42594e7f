// Dashboards: what the page shows, kept under a name for all. Who saves says which version was seen; nothing of another's is overwritten.
import * as api from './api.js';

/** Another has saved first, or deleted it: `theirs` is what holds now, null where it is gone. */
export class Overtaken extends Error {
  constructor(theirs) {
    super('Somebody else has saved this dashboard meanwhile.');
    this.theirs = theirs;
  }
}

export class Dashboards {
  #state;
  #listeners = [];
  /** The one that is open, in the version that was seen: {id, version, name, content}; null: none. */
  open = null;

  constructor(state) {
    this.#state = state;
    state.onChange(() => this.#tell());
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }

  /** Whether the charts are others than those that were kept. */
  get isEdited() {
    return this.open !== null && JSON.stringify(this.#state.charts) !== JSON.stringify(this.open.content.charts ?? []);
  }

  async list() {
    return (await api.dashboards()).dashboards;
  }

  /** Opens the one that the address names. With charts in the address those are shown, as an edit of the version that it was made from. */
  async follow() {
    const named = this.#state.dashboard;
    if (!named) {
      this.open = null;
      this.#tell();
      return;
    }
    if (this.open && this.open.id === named.id && this.open.version === named.version) return;
    try {
      const read = await api.dashboard(named.id);
      if (this.#state.charts.length === 0) this.#show(read);
      else {
        this.open = { ...read, version: named.version ?? read.version };
        this.#state.dashboard = { id: read.id, version: this.open.version };
        this.#tell();
      }
    } catch (e) {
      if (!(e instanceof api.ApiError) || e.status !== 404) throw e;
      this.#leave();
      throw new api.ApiError('That dashboard was deleted. What the address shows can be kept under a new name.', 404);
    }
  }

  /** Shows a dashboard in place of what is there. */
  async show(id) {
    this.#show(await api.dashboard(id));
  }

  #show(read) {
    this.open = read;
    this.#state.showContent(read.content, { id: read.id, version: read.version });
  }

  /** What another has saved, in place of one's own. */
  take(theirs) {
    this.#show(theirs);
  }

  /** An empty page, of no dashboard. */
  clear() {
    this.open = null;
    this.#state.showContent({ charts: [], span: this.#state.seconds, utc: this.#state.utc }, null);
  }

  #leave() {
    this.open = null;
    this.#state.dashboard = null;
    this.#state.changed();
  }

  #saved(saved) {
    this.open = saved;
    this.#state.dashboard = { id: saved.id, version: saved.version };
    this.#state.changed();
  }

  /** Keeps what is shown under a new name, as one of its own. */
  async saveAs(name) {
    this.#saved(await api.makeDashboard(name, this.#state.content));
  }

  /** Keeps what is shown; refused as {@link Overtaken} where another was first. */
  async save() {
    await this.#edit(this.open.name, this.#state.content);
  }

  async rename(name) {
    await this.#edit(name, this.open.content);
  }

  async #edit(name, content) {
    try {
      const edited = await api.editDashboard(this.open, name, content);
      this.#saved(edited);
    } catch (e) {
      throw await this.#overtaken(e);
    }
  }

  /** Deletes the open one; gives what puts it back. */
  async delete() {
    const { name, content } = this.open;
    try {
      await api.deleteDashboard(this.open);
    } catch (e) {
      throw await this.#overtaken(e);
    }
    this.#leave();
    return async () => this.#saved(await api.makeDashboard(name, content));
  }

  async #overtaken(e) {
    if (!(e instanceof api.ApiError) || (e.status !== 412 && e.status !== 404)) return e;
    return new Overtaken(e.status === 404 ? null : await api.dashboard(this.open.id));
  }
}
