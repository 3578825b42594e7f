// The menu of dashboards: opens, keeps, renames, duplicates and deletes them.
import { ApiError } from './api.js';
import * as format from './format.js';
import { button, dialog, element } from './element.js';
import { Overtaken } from './dashboards.js';

export class DashboardMenu {
  #button;
  #boards;
  #state;
  #page;

  /**
   * `page` answers: `say(text)` tells of a fault; `toast(text, label, press)` of what was done, with a button; `isUtc()`.
   */
  constructor(menuButton, boards, state, page) {
    this.#button = menuButton;
    this.#boards = boards;
    this.#state = state;
    this.#page = page;
    menuButton.addEventListener('click', () => this.#run(() => this.show()));
    boards.onChange(() => this.#name());
    this.#name();
  }

  #name() {
    const { open, isEdited } = this.#boards;
    const name = open?.name ?? 'Dashboards';
    this.#button.replaceChildren(element('span', { class: 'name' }, name), isEdited ? element('span', { class: 'edited', title: 'Not saved yet' }, ' • edited') : '', ' ▾');
    document.title = open ? `${name} – Sky` : 'Sky';
  }

  /** The list of all, and what can be done with the one that is open. */
  async show() {
    const all = await this.#boards.list();
    const { open, isEdited } = this.#boards;
    const list = element('ul', { class: 'choices', 'aria-label': 'Dashboards' });
    const find = element('input', { type: 'search', placeholder: 'Find a dashboard', 'aria-label': 'Find a dashboard', autocomplete: 'off' });
    const then = (label, title, work) => button(label, title, () => {
      shown.close();
      this.#run(work);
    });
    const fill = () => {
      const words = find.value.trim().toLowerCase();
      const some = all.filter((one) => one.name.toLowerCase().includes(words));
      list.replaceChildren(...some.map((one) => {
        const choice = then(one.name, `Saved ${format.moment(one.edited, this.#page.isUtc())}`, () => this.#open(one));
        if (one.id === open?.id) choice.setAttribute('aria-current', 'true');
        return element('li', {}, choice);
      }));
      if (some.length === 0) list.append(element('li', { class: 'quiet' }, all.length === 0 ? 'None is kept yet.' : 'None has that in its name.'));
    };
    find.addEventListener('input', fill);
    find.addEventListener('keydown', (e) => e.key === 'Enter' && list.querySelector('button')?.click());
    fill();
    const has = this.#state.charts.length > 0;
    const actions = [
      open && isEdited && then('Save', 'Keep the changes (S)', () => this.save()),
      has && then('Save as…', 'Keep what is shown under a new name', () => this.#askName('Save as', open ? `${open.name} 2` : '', (name) => this.#boards.saveAs(name))),
      open && isEdited && then('Revert', 'Back to what was saved', () => this.#boards.show(open.id)),
      open && then('Rename…', 'Give it another name', () => this.#askName('Rename', open.name, (name) => this.#boards.rename(name))),
      open && then('Duplicate', 'A second one of the same charts', () => this.#boards.saveAs(`${open.name} copy`)),
      open && then('Delete', 'Delete it for all', () => this.#delete()),
      (has || open) && then('New', 'An empty page', () => this.#boards.clear()),
    ].filter(Boolean);
    const shown = dialog('menu', 'Dashboards', all.length > 6 ? find : '', list, element('div', { class: 'choices actions' }, ...actions));
    (list.querySelector('button') ?? shown.querySelector('button'))?.focus();
  }

  #open(one) {
    const { open, isEdited } = this.#boards;
    const before = isEdited ? { content: this.#state.content, dashboard: this.#state.dashboard, open } : null;
    return this.#boards.show(one.id).then(() => {
      if (!before) return;
      this.#page.toast(`The changes of “${before.open.name}” were not saved.`, 'Back to them', () => {
        this.#boards.open = before.open;
        this.#state.showContent(before.content, before.dashboard);
      });
    });
  }

  #askName(title, name, work) {
    const input = element('input', { name: 'name', value: name, required: true, maxlength: 200, autocomplete: 'off', 'aria-label': 'Name' });
    const form = element('form', { method: 'dialog' }, input,
      element('div', { class: 'choices' }, element('button', { type: 'submit', class: 'first' }, title), button('Cancel', 'Close without a change', () => asked.close())));
    const asked = dialog('name', title, form);
    form.addEventListener('submit', () => this.#run(() => work(input.value.trim())));
    input.select();
  }

  /** Keeps the changes of the open one; asks for a name where none is open. */
  async save() {
    if (this.#boards.open) {
      await this.#boards.save();
      this.#page.toast(`Saved “${this.#boards.open.name}”.`);
    } else if (this.#state.charts.length > 0) this.#askName('Save as', '', (name) => this.#boards.saveAs(name));
  }

  async #delete() {
    const { name } = this.#boards.open;
    const undo = await this.#boards.delete();
    this.#page.toast(`Deleted “${name}”.`, 'Undo', () => this.#run(undo));
  }

  /** Does what was asked for, and tells where it could not be done. */
  async #run(work) {
    try {
      await work();
    } catch (e) {
      if (e instanceof Overtaken) this.#offer(e.theirs);
      else if (e instanceof ApiError) this.#page.say(e.message);
      else throw e;
    }
  }

  /** The same for a key that was pressed. */
  press(work) {
    this.#run(work);
  }

  /** Another was first. Both are still there: one's own on the page, theirs in the store. */
  #offer(theirs) {
    const then = (label, title, work) => button(label, title, () => {
      asked.close();
      this.#run(work);
    });
    const { open } = this.#boards;
    const when = theirs && format.moment(theirs.edited, this.#page.isUtc());
    const told = theirs
      ? `Somebody else saved “${theirs.name}” at ${when}, after you had opened it. Theirs has ${count(theirs.content)}, yours has ${count(this.#state.content)}. Nothing is lost: yours is still on this page.`
      : `Somebody else deleted “${open.name}”. Nothing is lost: what you see can be kept under a name of its own.`;
    const asked = dialog('overtaken', 'Saved by somebody else', element('p', {}, told), element('div', { class: 'choices' },
      then('Save mine as a copy', 'Keep both', () => this.#boards.saveAs(`${open.name} (mine)`)),
      theirs && then('Take theirs', 'Show what they saved, without your changes', () => this.#boards.take(theirs)),
      button('Not now', 'Go on with yours, unsaved', () => asked.close())));
  }
}

function count({ charts = [] }) {
  return charts.length === 1 ? '1 chart' : `${charts.length} charts`;
}
