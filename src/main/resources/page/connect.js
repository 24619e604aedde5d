// How to use the cache: from where the browser found this page, which is right behind any proxy.

import { copyable, h } from './dom.js';
import * as api from './api.js';

export const title = 'Connect';

export async function load() {
  return { adapter: await api.ask('adapter/').catch(() => ({ archives: [] })) };
}

export function show({ adapter }) {
  return [h('h1', {}, 'Connect a build'), h('p', { className: 'lead small' }, 'A Go command asks this cache for what has been compiled before, through a small program that it starts itself.'), ...steps(adapter)];
}

export function steps(adapter) {
  const base = new URL('.', location.href).href.replace(/\/$/, '');
  const token = api.token.given() ? step('Give it a token', 'This service wants one of each build: access read, or read-write for builds that share what they compile.', copyable('export CACHESERVER_TOKEN=…', 'Set the token')) : null;
  const adapterCommand = copyable(`export GOCACHEPROG="go-cache-adapter --server ${base}"`, 'Set GOCACHEPROG');
  const installs = adapter.archives.length > 0;
  return [
    h('ol', { className: 'steps' },
      installs
        ? step('Install the adapter', 'It brings its own runtime, and prints the line that makes the go command use it.', copyable(`curl -fsSL ${base}/adapter/install.sh | sh -s -- --server ${base}`, 'Install the adapter'))
        : step('Use the adapter', 'This service has no archives of it to offer, so install it from where the service came from.', adapterCommand),
      token,
      step('Build something', 'What it compiles, the next build on any machine finds here.', copyable('go build ./...', 'Build'))),
    h('div', { className: 'ways' },
      installs ? way('The adapter is installed already', null, adapterCommand) : null,
      way('Without Java: go-cacher', 'It works with this service too, but this page does not hear of its builds.', copyable(`export GOCACHEPROG="go-cacher --cache-dir=$HOME/.cache/go-cacher --cache-server=${base}"`, 'Use go-cacher'))),
  ];
}

const step = (title, text, ...children) => h('li', {}, h('h2', {}, title), text ? h('p', {}, text) : null, ...children);
const way = (title, text, ...children) => h('div', {}, h('h2', {}, title), text ? h('p', {}, text) : null, ...children);
