import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { whyNoDeadMount } from './dead-mount.js';
import { stateOf } from './proc.js';
import { waitFor } from './wait-for.js';
import type { Workspace } from './workspace.js';

/** A process whose memory will be locked for ever: ps and whoever else reads its arguments hangs with it. */
interface MemoryHolder {
  readonly pid: number;
  /** To be called when the mount of `file` is dead. Not for long: other tests read arguments too. */
  hold(): Promise<void>;
}

/** Why there can be none here; undefined: there can. */
export function whyNoMemoryHolder(): string | undefined {
  return whyNoDeadMount() ?? (process.arch === 'x64' ? undefined : 'its system call has another number here');
}

/**
 * A program of that name has a file mapped; another one reads this memory, with its lock, and waits for the file; the
 * program itself wants more memory and waits for the lock, and everybody after it behind it. `uid`: its user.
 */
export async function startMemoryHolder(
  work: Workspace,
  name: string,
  file: string,
  uid = 0,
): Promise<MemoryHolder> {
  // Under a name of its own: what an interpreter runs cannot be told without its arguments.
  await copyFile('/usr/bin/perl', work.path(name));
  await chmod(work.path(name), 0o755);
  await writeFile(work.path(`${name}.pl`), PROGRAM);
  const holder = await work.start(work.path(name), [work.path(`${name}.pl`), file, `${uid}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = holder.stdout ? String((await once(holder.stdout, 'data'))[0]).trim() : '';
  return {
    pid: holder.pid,
    async hold() {
      const memory = `if=/proc/${holder.pid}/mem`;
      const reader = spawn('dd', [memory, 'bs=1', 'count=1', `skip=${address}`, 'iflag=skip_bytes'], {
        stdio: 'ignore',
      });
      reader.once('error', () => {});
      await waitFor(`pid ${holder.pid} in state D`, async () => (await stateOf(holder.pid)) === 'D');
    },
  };
}

const MMAP = 9;
const PROGRAM = `$| = 1;
open F, '<', $ARGV[0] or die;
$< = $> = $ARGV[1];
print syscall(${MMAP}, 0, 4096, 1, 2, fileno(F), 0), "\\n";
syscall(${MMAP}, 0, 4096, 3, 0x22, -1, 0), select(undef, undef, undef, 0.05) while 1;
`;
