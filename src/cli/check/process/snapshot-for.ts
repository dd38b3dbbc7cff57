import type { Config } from '../../../config/config.js';
import { withTimeout } from '../../../lib/with-timeout.js';
import { type HostSnapshot, snapshotHost } from '../../../restart/preview/host-snapshot.js';
import { StartMemory } from '../../../restart/start/start-memory.js';
import { readStartMemory, startMemoryFile } from '../../../restart/start/start-memory-file.js';
import { detectSystemd } from '../../../restart/systemd/detect-systemd.js';

/** Deadline, in ms: the file may be on a mount that gives no answer (R33). */
const LIMIT_MS = 3000;

/** A snapshot of this host, with what the service remembers of processes that do not run (R26). Never rejects. */
export async function snapshotFor({ monitor }: Config): Promise<HostSnapshot> {
  const reading = readStartMemory(startMemoryFile(monitor.stateFile));
  const saved = await withTimeout(LIMIT_MS, reading).catch(() => undefined);
  return snapshotHost(detectSystemd(), new StartMemory(saved?.starts, saved?.begun));
}
