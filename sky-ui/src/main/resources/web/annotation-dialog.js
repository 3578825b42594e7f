// Where an annotation is made, read, edited and deleted.
import * as api from './api.js';
import * as format from './format.js';
import { button, dialog, element } from './element.js';
import { KNOWN_TYPES, colorOf, lineOf } from './annotation-layer.js';

export class AnnotationDialog {
  #isUtc;
  #onSaved;

  /** `isUtc()` says in which zone times are told; `onSaved` is called when something was changed. */
  constructor(isUtc, onSaved) {
    this.#isUtc = isUtc;
    this.#onSaved = onSaved;
  }

  /** For a new one at this time, or over this span. */
  make(time, end = null) {
    this.#edit({ time: Math.round(time), end, label: '', type: 'info', text: '', tags: [] });
  }

  /** For those that stand in one place. */
  open(some) {
    if (some.length === 1) {
      this.#edit(some[0]);
      return;
    }
    const list = element('ul', { class: 'choices' });
    const open = dialog('annotations', `${some.length} annotations`, list);
    for (const one of some) {
      const choice = button(lineOf(one, this.#isUtc()), one.text, () => {
        open.close();
        this.#edit(one);
      });
      choice.className = 'typed';
      choice.style.setProperty('--type', colorOf(one.type));
      list.append(element('li', {}, choice));
    }
    list.querySelector('button').focus();
  }

  #edit(one) {
    const utc = this.#isUtc();
    const field = (label, input) => element('label', {}, label, input);
    const text = (name, value, more = {}) => element('input', { name, value, autocomplete: 'off', ...more });
    const moment = (name, time) => text(name, time ? format.momentInput(time, utc) : '', { type: 'datetime-local', step: '1' });
    const label = text('label', one.label, { required: true, maxlength: 500 });
    const type = text('type', one.type, { list: 'types', pattern: '[a-z0-9_\\-]{1,32}', required: true, title: 'A word of a-z, 0-9, - and _' });
    const time = moment('time', one.time);
    time.required = true;
    const end = moment('end', one.end);
    const more = element('textarea', { name: 'text', rows: 3, maxlength: 8000 }, one.text);
    const tags = text('tags', one.tags.join(', '));
    const told = element('p', { role: 'alert', class: 'told' });
    const form = element('form', { method: 'dialog' },
      field('Label', label), field('Type', type), element('datalist', { id: 'types' }, ...KNOWN_TYPES.map((t) => element('option', { value: t }))),
      field(`From${utc ? ' (UTC)' : ''}`, time), field('To, where it is a span', end), field('More', more), field('Tags', tags), told,
      element('div', { class: 'choices' }, element('button', { type: 'submit', class: 'first' }, 'Save'), button('Cancel', 'Close without a change', () => open.close())));
    const open = dialog('annotation', one.id ? 'Annotation' : 'New annotation', form);
    const run = (work) => this.#run(work, open, told, one);
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      // A time that was not touched keeps its fraction.
      const at = (input, before) => (input.value === input.defaultValue ? before : format.fromMomentInput(input.value, utc));
      const edited = { label: label.value, type: type.value, time: at(time, one.time), text: more.value, tags: tags.value.split(',').map((t) => t.trim()).filter(Boolean) };
      if (end.value) edited.end = at(end, one.end);
      if (one.source) edited.source = one.source;
      run(() => (one.id ? api.editAnnotation({ ...edited, id: one.id, version: one.version }) : api.makeAnnotation(edited)));
    });
    if (one.id) form.lastChild.append(button('Delete', 'Delete this annotation', () => run(() => api.deleteAnnotation(one))));
    if (one.source) told.before(element('p', { class: 'quiet' }, `From ${one.source}.`));
    label.focus();
  }

  async #run(work, open, told, one) {
    try {
      await work();
      open.close();
      this.#onSaved();
    } catch (e) {
      if (!(e instanceof api.ApiError)) throw e;
      if (e.status === 412) this.#offer(one, open, told);
      else if (e.status === 404 && one.id) told.textContent = 'Somebody has deleted it meanwhile.';
      else told.textContent = e.message;
    }
  }

  /** Somebody was first: what is written here stays, and may be saved over theirs once it was seen. */
  #offer(one, open, told) {
    const seeTheirs = button('Show theirs', 'Throw away what is written here, and show what they saved', async () => {
      const theirs = await api.annotation(one.id);
      open.close();
      this.#edit(theirs);
    });
    const overwrite = button('Save mine over it', 'Replace what they saved', async () => {
      one.version = (await api.annotation(one.id)).version;
      open.querySelector('form').requestSubmit();
    });
    told.replaceChildren('Somebody has edited it meanwhile. ', seeTheirs, ' ', overwrite);
  }
}
