// A table whose rows stay while their numbers change: what is focused or marked in it is not torn away.
import { element } from './element.js';

export class LiveTable {
  #columns;
  #keyOf;
  #rows = new Map();
  #body = element('tbody', {});
  #empty;

  /**
   * A column is {title, help, number, cell(row)}: `cell` gives text, or {text, title, kind, share, node}. `share` (0 to 1) is drawn as a bar,
   * `kind` is a class, `node(row)` makes an element once, which stays. `empty` is told where there is no row.
   */
  constructor(label, columns, keyOf, empty) {
    this.#columns = columns;
    this.#keyOf = keyOf;
    this.#empty = element('p', { class: 'quiet' }, empty);
    const heads = columns.map(({ title, help, number }) => element('th', { scope: 'col', title: help ?? null, class: number ? 'number' : null }, title));
    this.table = element('table', {}, element('caption', {}, label), element('thead', {}, element('tr', {}, ...heads)), this.#body);
    this.element = element('div', { class: 'scrolls', tabindex: '0', role: 'group', 'aria-label': label }, this.table, this.#empty);
  }

  update(rows) {
    this.#empty.hidden = rows.length > 0;
    const seen = new Set();
    let before = null;
    for (const row of rows) {
      const key = this.#keyOf(row);
      seen.add(key);
      if (!this.#rows.has(key)) this.#rows.set(key, this.#make());
      const made = this.#rows.get(key);
      this.#fill(made, row);
      const next = before ? before.nextSibling : this.#body.firstChild;
      if (next !== made.tr) this.#body.insertBefore(made.tr, next);
      before = made.tr;
    }
    for (const [key, { tr }] of this.#rows) {
      if (!seen.has(key)) {
        tr.remove();
        this.#rows.delete(key);
      }
    }
  }

  #make() {
    const cells = this.#columns.map(({ number }, i) => element(i === 0 ? 'th' : 'td', { class: number ? 'number' : null, scope: i === 0 ? 'row' : null }));
    return { tr: element('tr', {}, ...cells), cells, text: [] };
  }

  #fill(made, row) {
    this.#columns.forEach((column, i) => {
      const given = column.cell(row);
      const { text = '', title = null, kind = null, share = null, node = null } = given !== null && typeof given === 'object' ? given : { text: String(given) };
      const cell = made.cells[i];
      const now = JSON.stringify([text, title, kind, share]);
      if (made.text[i] === now) return;
      made.text[i] = now;
      if (node) cell.replaceChildren(node(row));
      else cell.textContent = text;
      cell.className = [column.number ? 'number' : '', kind ?? '', share === null ? '' : 'bar'].filter(Boolean).join(' ');
      if (title) cell.title = title;
      else cell.removeAttribute('title');
      if (share !== null) cell.style.setProperty('--share', share.toFixed(4));
    });
  }
}
