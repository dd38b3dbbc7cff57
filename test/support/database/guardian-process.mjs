// Stands between a test process and its database server. When the channel to the test process closes, for whatever
// reason, SIGKILL included, it kills the server and removes the server's directory.
//
// argv: the directory. Messages in: { start: [program, ...arguments] }. Messages out: { pid }, { exit }, { failed }.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const directory = process.argv[2];
let server;

process.on('message', ({ start: [program, ...args] }) => {
  server = spawn(program, args, { stdio: 'ignore', cwd: directory });
  server.on('error', (error) => send({ failed: error.message }));
  server.on('spawn', () => send({ pid: server.pid }));
  server.on('exit', (code, signal) => {
    server = undefined;
    send({ exit: signal ?? `exit code ${code}` });
  });
});

process.on('disconnect', cleanUp);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, cleanUp);
send({ ready: true });

function send(message) {
  // The test process can go at any moment; `disconnect` tells.
  if (process.connected) process.send(message, () => {});
}

function cleanUp() {
  if (server === undefined) remove();
  else {
    // The directory goes after the server, which could still create files in it.
    server.once('exit', remove);
    server.kill('SIGKILL');
  }
}

function remove() {
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
}
