// The keys that work all over the page: what each does, and what the help says of it.

/** `groups` are [[title, [{keys, told, what, press}, ...]], ...]; `keys` parted by spaces, each pressed alone, `told` in another way; without `press` it is told only. */
export function listenToKeys(groups) {
  const presses = new Map();
  for (const { keys, press } of groups.flatMap(([, all]) => all)) {
    if (press) for (const key of keys.split(' ')) presses.set(key.toLowerCase(), () => press(key));
  }
  document.addEventListener('keydown', (e) => {
    const writes = e.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || writes || document.querySelector('dialog[open]')) return;
    const press = presses.get(e.key.toLowerCase());
    if (press) {
      e.preventDefault();
      press();
    }
  });
}
