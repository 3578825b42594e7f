// The HTTP API of docs/http-api.md, as promises.

/** A refusal or failure that the page can show: a sentence. */
export class ApiError extends Error {}

async function get(path, parameters, signal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) if (one !== undefined) query.append(name, one);
  }
  let response;
  try {
    response = await fetch(`api/${path}?${query}`, { signal, headers: { Accept: 'application/json' } });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError('Sky does not answer; trying again.');
  }
  // The session is over: the page, asked for again, leads to the login and back.
  if (response.status === 401) location.reload();
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(body.error ?? `Sky answered ${response.status}.`);
  return body;
}

/** Children of a key in the tree; the roots without one. */
export const children = (prefix, limit = 5000) => get('keys', { prefix: prefix || undefined, limit });

export const search = (q, signal, limit = 200) => get('search', { q, limit }, signal);

/** Points of many series at the finest step that gives at most `points` of them; times in epoch seconds. */
export const series = (names, from, to, points, buckets, signal) =>
  get('series', { series: names, from: Math.floor(from), to: Math.ceil(to), points, buckets: buckets || undefined }, signal);

/** Whether there is a login, and who is in: { login, name }. */
export const session = () => get('session', {});

export const logOut = () => fetch('logout', { method: 'POST' }).finally(() => location.reload());
