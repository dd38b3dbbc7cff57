import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** One restart, when its command said so, by `performance.now()`. */
export interface Restart {
  readonly host: string;
  readonly processName: string;
  readonly at: number;
}

/** A FIFO to which every restart command writes a line. Returns what closes it. */
export function readJournal(path: string, onRestart: (restart: Restart) => void): () => void {
  execFileSync('mkfifo', [path]);
  // Also for writing, so that it never ends.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  createInterface(socket).on('line', (line) => {
    const [host = '', processName = ''] = line.split(' ');
    onRestart({ host, processName, at: performance.now() });
  });
  return () => void socket.destroy();
}
