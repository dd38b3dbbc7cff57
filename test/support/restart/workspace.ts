import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait-for.js';

/** A directory with programs of one test. Whatever runs from it is killed at the end. */
export interface Workspace {
  readonly directory: string;
  path(name: string): string;
  /** A name that no other test and no program of the machine has. */
  name(prefix?: string): string;
  script(name: string, lines: readonly string[], interpreter?: string): Promise<string>;
  /** Makes a folder of that name, where there is none. */
  directoryFor(name: string): Promise<string>;
  /** A link of that name to a file. */
  link(name: string, to: string): Promise<string>;
  /** A real executable of that name: a copy of sleep. */
  executable(name: string): Promise<string>;
  /** Starts it and answers when it is executed. */
  start(
    file: string,
    args?: readonly string[],
    options?: SpawnOptions,
  ): Promise<ChildProcess & { pid: number }>;
  remove(): Promise<void>;
}

export async function createWorkspace(): Promise<Workspace> {
  const directory = await mkdtemp(join(tmpdir(), 'restart-test-'));
  // Programs of other users run from here as well.
  await chmod(directory, 0o755);
  const path = (name: string) => join(directory, name);
  return {
    directory,
    path,
    name: (prefix = 'd') => `${prefix}${randomBytes(5).toString('hex')}`,
    async script(name, lines, interpreter = '/bin/sh') {
      await writeFile(path(name), `#!${interpreter}\n${lines.join('\n')}\n`);
      await chmod(path(name), 0o755);
      return path(name);
    },
    async directoryFor(name) {
      await mkdir(path(name), { recursive: true, mode: 0o755 });
      return path(name);
    },
    async link(name, to) {
      await symlink(to, path(name));
      return path(name);
    },
    async executable(name) {
      await copyFile('/bin/sleep', path(name));
      await chmod(path(name), 0o755);
      return path(name);
    },
    async start(file, args = ['1000'], options = {}) {
      const child = spawn(file, args, { stdio: 'ignore', detached: true, cwd: directory, ...options });
      await once(child, 'spawn');
      if (child.pid === undefined) throw new Error(`${file} has no pid`);
      return Object.assign(child, { pid: child.pid });
    },
    async remove() {
      await waitFor(`the end of all that runs from ${directory}`, async () => {
        const pids = await pidsFrom(directory);
        for (const pid of pids) kill(pid);
        return pids.length === 0;
      });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone.
  }
}

/** What is executed, called or working there, or carries the directory in its environment. */
async function pidsFrom(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name)).map(Number);
  const owned = await Promise.all(
    pids.map(async (pid) => {
      const texts = await Promise.all([
        readlink(`/proc/${pid}/exe`).catch(() => ''),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
      ]);
      return pid !== process.pid && texts.some((text) => text.includes(directory));
    }),
  );
  return pids.filter((_, index) => owned[index]);
}
