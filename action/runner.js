// What a runner and its steps tell each other, and programs with a time limit.
'use strict';
const fs = require('fs');
const os = require('os');
const { spawn } = require('child_process');

/** An input of the action, without blanks around it; '' if it is not set. */
function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] || '').trim();
}

/** Appends a line to one of the files by which a step tells the runner something. */
function tell(variable, line) {
  const file = process.env[variable];
  if (file) {
    fs.appendFileSync(file, line + os.EOL);
  }
}

/** As the runner decodes the text of a command. */
function escaped(text) {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function warn(message) {
  console.log(`::warning title=Go build cache::${escaped(message)}`);
}

/**
 * Runs a program; it and all that it has started in its process group are killed if it takes longer than `seconds`.
 * What it says on stderr goes to the job's log, and so does its stdout unless `keep` is set.
 *
 * @returns its exit code (a text if there is none) and its stdout
 */
function run(command, args, seconds, { environment = process.env, keep = false } = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      env: environment,
      stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'],
      detached: true,
    });
    let stdout = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid, 'SIGKILL');
    }, seconds * 1000);
    const end = code => {
      clearTimeout(timer);
      resolve({ code: late ? `no end within ${seconds} s` : code, stdout });
    };
    if (keep) {
      child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
    }
    child.on('error', error => end(error.message));
    child.on('close', (code, signal) => end(code === null ? signal : code));
  });
}

module.exports = { input, tell, warn, run };
