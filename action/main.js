// Installs the adapter that the service offers, and starts it for the job. Whatever goes wrong, the job goes on without
// the cache, and is told why: this never exits with anything but 0.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { input, tell, warn, run } = require('./runner');

const SCRIPT_SECONDS = 30;
const INSTALL_SECONDS = 120;
const START_SECONDS = 60;

/** What keeps the job from using the cache, and what to do. */
class Obstacle extends Error {}

function serverUrl() {
  const text = input('server').replace(/\/+$/, '');
  if (!text) {
    throw new Obstacle(
      'the input `server` is empty; set it to the URL of the service. Variables and secrets are empty in forks'
    );
  }
  if (!/^https?:\/\/[^\s/]/.test(text)) {
    throw new Obstacle(`the input \`server\` is "${text}", which is no URL; write it like https://cache.example.com`);
  }
  return text;
}

/** curl knows proxies and the machine's certificates, and the installer uses it too. */
async function fetchInstaller(server, file) {
  const url = `${server}/adapter/install.sh`;
  const limit = ['--connect-timeout', '10', '--max-time', String(SCRIPT_SECONDS)];
  const curl = await run(
    'curl',
    ['-sSL', ...limit, '-o', file, '-w', '%{http_code}', url],
    SCRIPT_SECONDS + 5,
    { keep: true }
  );
  if (curl.code !== 0) {
    throw new Obstacle(
      `${url} cannot be fetched (curl: ${curl.code}); is the service up, and can this runner reach it?`
    );
  }
  if (curl.stdout !== '200') {
    throw new Obstacle(
      `${url} answers ${curl.stdout}; ` +
        (curl.stdout === '404'
          ? 'is `server` the base URL of the service, and does the service offer its adapter?'
          : 'see the log of the service, or of what stands before it')
    );
  }
  const script = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (!script.startsWith('#!/bin/sh\n') || !script.trimEnd().endsWith('main "$@"')) {
    throw new Obstacle(`${url} is no installer; is \`server\` the base URL of a go-cache-server?`);
  }
}

/** The adapter's launcher, by a name that stays right when another job installs a newer adapter. */
async function install(server, work) {
  const installer = path.join(work, 'install.sh');
  await fetchInstaller(server, installer);
  const directory = path.join(process.env.RUNNER_TOOL_CACHE || work, 'go-cache-adapter');
  const { code } = await run(
    'sh',
    [installer, '--dir', directory, '--server', server],
    INSTALL_SECONDS,
    { keep: true }
  );
  if (code !== 0) {
    throw new Obstacle(`the adapter could not be installed (${code}); the lines above say why`);
  }
  return path.join(fs.realpathSync(path.join(directory, 'current')), 'bin', 'go-cache-adapter');
}

async function start(adapter, server, work) {
  const socket = path.join(work, 'socket');
  const flags = ['--server', server];
  if (input('audience')) {
    flags.push('--oidc-audience', input('audience'));
  }
  const environment = { ...process.env };
  if (input('token')) {
    environment.CACHESERVER_TOKEN = input('token');
  }
  const { code } = await run(adapter, ['ci', 'start', '--socket', socket, ...flags], START_SECONDS, {
    environment,
  });
  if (code !== 0) {
    throw new Obstacle(`the adapter did not start (${code}); the lines above say why`);
  }
  tell('GITHUB_STATE', `adapter=${adapter}`);
  tell('GITHUB_STATE', `socket=${socket}`);
}

async function main() {
  if (process.platform !== 'linux') {
    throw new Obstacle(`the action works on Linux only, not on ${process.platform}; see docs/ci.md of go-cache-server for other ways`);
  }
  const server = serverUrl();
  const work = fs.mkdtempSync(path.join(process.env.RUNNER_TEMP || os.tmpdir(), 'gca'));
  const adapter = await install(server, work);
  await start(adapter, server, work);
}

main().catch(error => {
  const reason = error instanceof Obstacle ? error.message : error.stack;
  warn(`this job builds without the cache: ${reason}`);
  tell('GITHUB_STEP_SUMMARY', `\n> **Go build cache**: this job builds without the cache: ${reason}`);
});
