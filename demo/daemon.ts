import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MARK, markedProcesses, readProc } from './sweep.js';

const LOOK_AGAIN_MS = 5;
const DEADLINE_MS = 5000;

/** The demo's own daemon: a real process, without any use. */
export class Daemon {
  readonly name: string;
  readonly path: string;

  /** The name is the folder's, so that two demos at once do not take each other's daemon for their own. */
  constructor(private readonly folder: string) {
    this.name = `demo-web-${suffixOf(folder)}`;
    this.path = join(folder, this.name);
    writeFileSync(this.path, scriptOf(folder), { mode: 0o755 });
  }

  async start(): Promise<number> {
    const child = spawn(this.path, { detached: true, stdio: 'ignore', cwd: '/' });
    await once(child, 'spawn');
    child.unref();
    return child.pid ?? 0;
  }

  /** Kills it, whoever started it, and waits until it is gone; answers its pid. */
  async kill(): Promise<number> {
    const pids = this.#pids();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const deadline = Date.now() + DEADLINE_MS;
    while (this.#pids().length > 0) {
      if (Date.now() > deadline) throw new Error(`${this.name} does not die`);
      await delay(LOOK_AGAIN_MS);
    }
    const [pid] = pids;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  #pids(): number[] {
    return markedProcesses(this.folder).filter((pid) => readProc(pid, 'cmdline').includes(this.path));
  }
}

/** The part of the folder's name that no other folder has. */
export function suffixOf(folder: string): string {
  return basename(folder).split('-').at(-1) ?? '';
}

/**
 * Takes the mark where it came without one, as from a systemd that starts it in a clean environment; ends with its
 * file, should nobody else end it.
 */
function scriptOf(folder: string): string {
  return `#!/bin/sh
# The daemon of the demo. It serves nothing, but it runs.
[ -n "$${MARK}" ] || ${MARK}='${folder}' exec "$0"
while [ -e "$0" ]; do sleep 1; done
`;
}
