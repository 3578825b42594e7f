// The rows of the tree of keys, from what the API lists. Dots in a segment open as levels, for display only: to Sky they are letters.

/**
 * The rows that are seen, in order: {id, name, depth, node, parent, opens, open}. `node` is null for a level that only dots make; `parent` is
 * the row above it in the tree, or null.
 *
 * @param childrenOf the API's nodes right below a key ('' for the roots), in order; undefined where they were not read
 * @param isOpen whether the row of an id is open
 */
export function keyRows(childrenOf, isOpen) {
  const rows = [];
  const add = (item, depth, parent) => {
    const { node } = item;
    const opens = item.levels.length > 0 || Boolean(node?.children);
    const row = { id: item.id, name: item.name, depth, node, parent, opens, open: opens && isOpen(item.id) };
    rows.push(row);
    if (!row.open) return;
    for (const level of item.levels) add(level, depth + 1, row);
    if (node?.children) for (const child of levelsOf(childrenOf(node.key) ?? [], node.key)) add(child, depth + 1, row);
  };
  for (const item of levelsOf(childrenOf('') ?? [], '')) add(item, 0, null);
  return rows;
}

/** The rows of what was found: no tree. */
export const foundRows = (nodes) => nodes.map((node) => ({ id: `found ${node.key}`, name: node.key, depth: 0, node, parent: null, opens: false, open: false }));

function levelsOf(nodes, above) {
  const roots = new Map();
  for (const node of nodes) {
    const parts = partsOf(node.segment);
    let level = roots;
    let path = `${above}${node.separator}`;
    let item;
    parts.forEach((part, i) => {
      path += (i > 0 ? '.' : '') + part;
      const name = node.separator + part;
      item = level.get(name);
      if (!item) level.set(name, (item = { path, name: (i === 0 && node.separator === '>' ? '› ' : '') + part, node: null, below: new Map() }));
      level = item.below;
    });
    item.node = node;
  }
  return [...roots.values()].map(settled);
}

/** Parts between dots; a segment that begins or ends with one, or has two in a row, is a whole. */
function partsOf(segment) {
  const parts = segment.split('.');
  return parts.includes('') ? [segment] : parts;
}

/** A level with a single one below it, and no key of its own, is no level. */
function settled(item) {
  while (!item.node && item.below.size === 1) {
    const [only] = item.below.values();
    item = { ...only, name: `${item.name}.${only.name}` };
  }
  const levels = [...item.below.values()].map(settled);
  return { id: item.node ? item.node.key : `${item.path}.…`, name: item.name, node: item.node, levels };
}
