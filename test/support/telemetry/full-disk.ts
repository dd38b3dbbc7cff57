import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A way to have a log directory whose disk is full. */
interface FullDisk {
  readonly name: string;
  /** Whether a line can be written before the disk is filled. */
  readonly startsEmpty: boolean;
  prepare(directory: string): void;
  fill(directory: string): void;
  free(directory: string): void;
  remove(directory: string): void;
}

/** The kernel's own full device, behind the name that the log file will have. Works for everybody. */
const fullDevice: FullDisk = {
  name: '/dev/full',
  startsEmpty: false,
  prepare: (directory) => {
    mkdirSync(directory);
    symlinkSync('/dev/full', join(directory, 'monitor_service.1.log'));
  },
  fill: () => undefined,
  free: (directory) => rmSync(join(directory, 'monitor_service.1.log')),
  remove: () => undefined,
};

/** A real file system of 64 KB. */
const smallTmpfs: FullDisk = {
  name: 'a full tmpfs',
  startsEmpty: true,
  prepare: (directory) => {
    mkdirSync(directory);
    mountTmpfs(directory, 'size=64k');
  },
  fill: (directory) => {
    try {
      writeFileSync(join(directory, 'filler'), Buffer.alloc(256 * 1024));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  },
  free: (directory) => rmSync(join(directory, 'filler')),
  remove: unmount,
};

/** Every way that this machine permits: mounting needs root. */
export const fullDisks: readonly FullDisk[] = canMount() ? [fullDevice, smallTmpfs] : [fullDevice];

export function mountTmpfs(directory: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', directory], { stdio: 'pipe' });
}

export function unmount(directory: string): void {
  execFileSync('umount', ['--lazy', directory], { stdio: 'pipe' });
}

export function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'monitor-mount-'));
  try {
    mountTmpfs(directory, 'size=4k');
    unmount(directory);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
