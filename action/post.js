// Ends the adapter when the job is over: sends what is left, and sums up. Never fails the job.
'use strict';
const { warn, run } = require('./runner');

/** `ci stop` waits 60 s for uploads. */
const STOP_SECONDS = 90;

async function main() {
  const { STATE_adapter: adapter, STATE_socket: socket } = process.env;
  if (!adapter) {
    return; // the main script has said why
  }
  const { code } = await run(adapter, ['ci', 'stop', '--socket', socket], STOP_SECONDS);
  if (code !== 0) {
    warn(`the adapter did not end well (${code}); the lines above say why`);
  }
}

main().catch(error => warn(error.stack));
