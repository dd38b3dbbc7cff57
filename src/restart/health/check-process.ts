import type { HealthVerdict } from '../../domain/cycle/restart-target.js';
import type { FindProcesses } from '../processes/find-processes.js';

/**
 * Checks whether exactly this process runs (R29): by executable, own name or script, not by part of a name. `count`: how many
 * instances of it must run.
 */
export async function checkProcess(
  systemName: string,
  find: FindProcesses,
  count = 1,
): Promise<HealthVerdict> {
  const { instances, onTerminal } = await find(systemName);
  if (instances.length > 0 && instances.length < count) {
    return { healthy: false, reason: `${instances.length} of ${count} processes ${systemName} run` };
  }
  if (instances.length > 0) {
    return { healthy: true, detail: `pid ${instances.map(({ root }) => root.pid).join(', ')}` };
  }
  const others = onTerminal.length > 0 ? " but on a terminal, in somebody's session" : '';
  return { healthy: false, reason: `no process ${systemName} runs${others}` };
}
