import type { Config } from '../../../config/config.js';
import { type HostSnapshot, snapshotHost } from '../../../restart/preview/host-snapshot.js';
import { StartMemory } from '../../../restart/start/start-memory.js';
import { readStartMemory, startMemoryFile } from '../../../restart/start/start-memory-file.js';
import { detectSystemd } from '../../../restart/systemd/detect-systemd.js';

/** A snapshot of this host, with what the service remembers of processes that do not run (R26). Never rejects. */
export async function snapshotFor({ monitor }: Config): Promise<HostSnapshot> {
  const starts = await readStartMemory(startMemoryFile(monitor.stateFile)).catch(() => new Map());
  return snapshotHost(detectSystemd(), new StartMemory(starts));
}
