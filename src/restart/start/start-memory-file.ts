import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { readOwnFile } from '../../lib/files/own-file.js';
import { writeFileAtomically } from '../../lib/files/write-file-atomically.js';
import { hasCode } from '../../lib/has-code.js';
import type { ProgramStart } from './start-plan.js';

/** What the file holds: how programs were running, and which of them were stopped and have not been seen again. */
export interface SavedStarts {
  readonly starts: ReadonlyMap<string, readonly ProgramStart[]>;
  readonly begun: readonly string[];
}

/**
 * The path of the memory file, beside the state file. It is a separate file because it is written seldom, is large
 * and holds environments (R24).
 */
export function startMemoryFile(stateFile: string): string {
  return `${stateFile}.starts`;
}

/**
 * Reads what an earlier run recorded. A missing file is an empty memory. An entry that this version does not
 * understand is left out; the others are kept (R11). Throws errors of reading and parsing.
 */
export async function readStartMemory(file: string): Promise<SavedStarts> {
  let text: string;
  try {
    text = await readOwnFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { starts: new Map(), begun: [] };
    throw error;
  }
  const { starts, boot, begun = [] } = FILE.parse(JSON.parse(text));
  const isSameBoot = boot !== undefined && boot === (await readBootId());
  const read = new Map(
    Object.entries(starts).flatMap(([name, value]) => {
      const { success, data } = STARTS.safeParse(value);
      return success ? [[name, data.map((start) => toStart(start, isSameBoot))]] : [];
    }),
  );
  return { starts: read, begun };
}

/** Writes the file, readable by root only. A crash at any moment leaves the old file or the new one. */
export async function writeStartMemory(file: string, { starts, begun }: SavedStarts): Promise<void> {
  const boot = await readBootId();
  const text = JSON.stringify({ version: 1, boot, begun, starts: Object.fromEntries(starts) });
  return writeFileAtomically(file, `${text}\n`, { mode: 0o600, isFolderOurs: true });
}

const whole = z.number().int();
const path = z.string().startsWith('/');
const STARTS = z
  .array(
    z.object({
      kind: z.literal('program'),
      file: path,
      args: z.array(z.string()),
      argv0: z.string(),
      // The inode is not read, because devices have other numbers after a reboot.
      cwd: path,
      env: z.record(z.string(), z.string()),
      credentials: z.object({ uid: whole, gid: whole, groups: z.array(whole) }),
      umask: whole.optional(),
      outputs: z.object({ stdout: path.optional(), stderr: path.optional() }).optional(),
      traits: z.object({
        nice: whole,
        policy: whole,
        realtimePriority: whole,
        io: z.object({ class: whole, priority: whole }).optional(),
        oomScoreAdjust: whole,
        limits: z.record(z.string(), z.string()),
        noNewPrivileges: z.boolean(),
        cpus: z.string().optional(),
        bounding: z.string().optional(),
        ambient: z.string().optional(),
        label: z.string().optional(),
      }),
      seenAs: z.object({ pid: whole, startTime: whole }).optional(),
    }),
  )
  .min(1);
const FILE = z.object({
  version: z.literal(1),
  boot: z.string().optional(),
  begun: z.array(z.string()).optional(),
  starts: z.record(z.string(), z.unknown()),
});

/** Removes undefined values, so that what was captured and what was read compare as equal. */
function toStart({ seenAs, ...start }: z.infer<typeof STARTS>[number], isSameBoot: boolean): ProgramStart {
  return JSON.parse(JSON.stringify({ ...start, ...(isSameBoot && { seenAs }) }));
}

/**
 * Another one after each boot of the host, when a pid and a start time say nothing any more. Undefined if it cannot be
 * read.
 */
function readBootId(): Promise<string | undefined> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
