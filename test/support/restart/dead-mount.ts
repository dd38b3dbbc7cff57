import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isRoot } from '../conditional-tests.js';
import { canMount } from '../telemetry/full-disk.js';

/** A mount whose server can stop answering for good. */
export interface DeadMount {
  readonly directory: string;
  /** From now on no request is answered: whoever looks at it waits in the kernel, and not even SIGKILL helps. */
  die(): Promise<void>;
  /** From now on nobody takes a request: whoever looks at it waits too, and SIGKILL ends him, as on a dead NFS server. */
  freeze(): void | Promise<void>;
  /** Everybody who waits gets an error. */
  unmount(): Promise<void>;
}

/** Why there can be none here; undefined: there can. */
export function whyNoDeadMount(): string | undefined {
  if (!isRoot) return 'it takes root';
  try {
    closeSync(openSync('/dev/fuse', 'r+'));
  } catch {
    return 'there is no /dev/fuse that can be opened';
  }
  return canMount() ? undefined : 'nothing can be mounted';
}

export async function mountDead(directory: string): Promise<DeadMount> {
  await mkdir(directory);
  const server = spawn(process.execPath, [SERVER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  await told(server, 'mounted');
  // The kernel and the server have agreed on how they speak: before, everybody waits for that, however dead the mount is.
  await stat(directory);
  return {
    directory,
    async die() {
      server.kill('SIGUSR2');
      await told(server, 'dead');
    },
    freeze() {
      server.kill('SIGSTOP');
    },
    async unmount() {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      spawnSync('umount', ['-l', directory]);
    },
  };
}

const SERVER = fileURLToPath(new URL('dead-mount.mjs', import.meta.url));

/** Waits until the server of the file system says this. */
export async function told(server: ChildProcess, word: string): Promise<void> {
  const ended = once(server, 'exit').then(() => {
    throw new Error(`the file system ended before it was ${word}`);
  });
  const data = server.stdout ? once(server.stdout, 'data') : Promise.reject(new Error('no stdout'));
  const [chunk] = await Promise.race([data, ended]);
  if (String(chunk).trim() !== word) throw new Error(`${chunk} is not ${word}`);
}
