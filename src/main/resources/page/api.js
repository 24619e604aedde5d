// Asks the service. Where it wants tokens, one is kept for this tab alone, and sent to this service alone.

const TOKEN = 'go-cache-server-token';

export class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

export class Failed extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const token = {
  given: () => sessionStorage.getItem(TOKEN) !== null,
  set: (value) => sessionStorage.setItem(TOKEN, value),
  forget: () => sessionStorage.removeItem(TOKEN),
};

export async function ask(path, method = 'GET') {
  const kept = sessionStorage.getItem(TOKEN);
  const headers = { Accept: 'application/json, application/problem+json', ...(kept ? { Authorization: `Bearer ${kept}` } : {}) };
  const response = await fetch(path, { method, headers, signal: AbortSignal.timeout(method === 'GET' ? 15000 : 120000) });
  if (response.status === 401 || response.status === 403) {
    throw new Refused(response.status);
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Failed(response.status, answer?.detail ?? `${path}: ${response.status}`);
  }
  return answer;
}

export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

export const builds = (filter) => ask(`builds${query(filter)}`);
export const build = (id) => ask(`builds/${encodeURIComponent(id)}`);
export const sums = (days) => ask(`builds/days?days=${days}`);
export const missed = async (number) => (await ask(`builds/missed?days=${number}&limit=25`)).packages;
export const actions = async (name) => (await ask(`builds/packages${query({ name })}`)).packages;
export const entry = (kind, id) => ask(`entries/${kind}/${encodeURIComponent(id)}`);
export const purge = (kind, id, by, reason) => ask(`entries/${kind}/${encodeURIComponent(id)}${query({ by, reason })}`, 'DELETE');
