// Elements of the document, made in one expression.

/** `attributes` that are functions listen to the event of that name; those that are null or false are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export const button = (label, title, press) => element('button', { type: 'button', title, click: press }, label);

/** A dialog that is open until it is closed, and then gone. */
export function dialog(className, title, ...children) {
  const heading = element('h2', { id: 'dialog-title' }, title);
  const made = element('dialog', { class: className, 'aria-labelledby': 'dialog-title', close: () => made.remove() }, heading, ...children);
  // A press outside of it closes it, as Escape does.
  made.addEventListener('pointerdown', (e) => {
    const box = made.getBoundingClientRect();
    const outside = e.target === made && (e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom);
    if (outside) made.close();
  });
  document.body.append(made);
  made.showModal();
  return made;
}
