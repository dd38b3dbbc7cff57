import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { ownIdentity } from '../../lib/files/find-untrusted-place.js';
import { substituteName } from '../commands/substitute-name.js';
import type { ProcessInstance } from '../processes/find-processes.js';
import { lookAtPaths } from '../processes/look-at-paths.js';
import { captureProcess } from './capture-process.js';
import { judgeProgram } from './judge-program.js';
import type { StartMemory } from './start-memory.js';
import type { ProgramStart, StartPlan } from './start-plan.js';
import { stillOwed } from './still-owed.js';

/**
 * Decides how a process is started again (R18): by start_command, or as each instance runs now, or as it was running
 * when it was last seen. Nothing is started by its bare name (R26). Throws RestartError, before anything is stopped,
 * if there is no way.
 */
export async function planStart(
  target: RestartTarget,
  running: readonly ProcessInstance[],
  memory: StartMemory,
): Promise<readonly StartPlan[]> {
  const { systemName, settings } = target;
  if (settings.startCommand !== undefined) {
    return [{ kind: 'command', command: substituteName(settings.startCommand, systemName) }];
  }
  const remembered = memory.get(systemName) ?? [];
  if (running.length > 0) {
    const captured = await Promise.all(running.map(({ root }) => captureProcess(root)));
    // A restart without a verdict has stopped instances that nobody has started again.
    const owed = memory.begun.has(systemName) ? stillOwed(remembered, captured) : [];
    const [missing] = await missingFiles(systemName, owed);
    if (missing !== undefined) {
      throw new RestartError(`${missing}, by which a stopped ${systemName} ran, is not there`, true, {
        remedy: `put it back, or ${SET_START_COMMAND}`,
      });
    }
    const plans = [...captured, ...owed];
    memory.set(systemName, plans);
    return plans;
  }
  // What is not there fails at its start, and keeps none of the others from theirs.
  const missing = await missingFiles(systemName, remembered);
  if (missing.length === remembered.length) throw refuse(target);
  return remembered;
}

const SET_START_COMMAND = 'set start_command for this process';

/**
 * The files of these that are not there. Rejects with RestartError if another user may have put another one in the place of a
 * file since.
 */
async function missingFiles(systemName: string, plans: readonly ProgramStart[]): Promise<readonly string[]> {
  if (plans.length === 0) return [];
  const facts = await lookAtPaths(plans.map(({ file }) => file));
  const missing: string[] = [];
  for (const { file, credentials = ownIdentity() } of plans) {
    if (facts.executable(file) === undefined) {
      missing.push(file);
      continue;
    }
    const refusal = await judgeProgram(file, credentials, facts);
    if (refusal === undefined) continue;
    throw new RestartError(`what is remembered of ${systemName} ${refusal}`, false, {
      remedy: SET_START_COMMAND,
    });
  }
  return missing;
}

function refuse({ processName, systemName, hasSection }: RestartTarget): RestartError {
  const section = `[process.${processName}]`;
  return new RestartError(
    `no process ${systemName} runs, and the service does not know how to start it`,
    false,
    hasSection
      ? {
          remedy: `write start_command = /path/to/${systemName} under ${section} (start_command = %s: the first ${systemName} on PATH, as root, as the Bash service did)`,
        }
      : {
          remedy: `add ${section} with start_command = /path/to/${systemName}: nothing is started for a name without a section`,
        },
  );
}
