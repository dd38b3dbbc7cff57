import type { Config } from '../../../config/config.js';
import { formatNote } from '../../../domain/alarm/format-note.js';
import { admit, sectionNameOf } from '../../../domain/cycle/admission.js';
import { followersOf } from '../../../domain/cycle/followers-of.js';
import type { RestartTarget } from '../../../domain/cycle/restart-target.js';
import type { HostSnapshot } from '../../../restart/preview/host-snapshot.js';
import { describeOrder } from '../process/describe-order.js';
import { describeState } from '../process/describe-state.js';
import { snapshotFor } from '../process/snapshot-for.js';
import { describeHealth } from './describe-health.js';
import { describeEscalation, describePreRestart, describeRestart } from './describe-restart.js';
import { describeFailedWrite, describeSuccess } from './describe-write-back.js';
import { lookUpByName, type ProcessLookup, readTables, type TablesRead } from './look-up-by-name.js';

/** The steps of an alarm, in the order in which they would happen. */
export interface DryRun {
  readonly name: string;
  /** False: nothing would be restarted, or the restart would certainly fail. */
  readonly answered: boolean;
  readonly steps: readonly Step[];
}

interface Step {
  readonly step: string;
  readonly lines: readonly string[];
}

interface DryRunOptions {
  /** Whether to run the health check. */
  readonly health: boolean;
  /** Default: this host, as it is now. */
  readonly view?: HostSnapshot;
  /** Default: the tables, as they are now. */
  readonly tables?: TablesRead;
}

/**
 * Follows the steps of an alarm of this name without doing them. Nothing is restarted or written; only the health
 * check may run.
 */
export async function dryRun(name: string, config: Config, options: DryRunOptions): Promise<DryRun> {
  const { health, view = await snapshotFor(config), tables = await readTables(config) } = options;
  const steps: Step[] = [];
  const tell = (step: string, ...lines: readonly string[]): void => void steps.push({ step, lines });
  const end = (answered: boolean): DryRun => ({ name, answered, steps });

  const lookUp = lookUpByName(name, config, tables);
  tell('look-up', ...lookUp.lines);
  if (!lookUp.found) {
    const section = sectionNameOf(name, config.processes);
    if (section === undefined) return end(false);
    tell(
      'name',
      `[process.${section}] is in the configuration; the next steps apply once PROCESE has the name too`,
    );
  }

  const admission = admit(name, { ...config.processes, ...config.monitor });
  if (admission.kind === 'excluded') {
    tell('name', 'excluded: nothing is done, and the alarm stays raised');
    return end(false);
  }
  if (admission.kind === 'refused') {
    tell('name', `refused: ${admission.reason}; nothing is restarted, and the alarm stays raised`);
    tell('row', describeRefusal(admission.reason, lookUp));
    return end(false);
  }
  const { target } = admission;
  tell('name', `accepted${target.systemName === name ? '' : `, system name ${target.systemName}`}`);
  const state = await describeState(name, lookUp.processId, config);
  tell('pause', state.pause);
  const order = await describeOrder(target.settings, lookUp.rows, config);
  if (order.length > 0) tell('order', ...order);
  tell('breaker', state.breaker);
  tell(
    'slot',
    `waits for one of ${config.monitor.maxParallelRestarts} slots, and until no other cycle of it runs`,
  );
  tell('pre-restart', ...describePreRestart(target));
  tell('attempts', describeAttempts(target));
  const restart = await describeRestart(target, view);
  tell('restart', ...restart.lines);
  tell('health check', ...(await describeHealth(target, restart.preview, health ? view : undefined)));
  if (restart.preview) tell('success', ...describeSuccess(config, restart.preview, lookUp));
  const followers = followersOf(name, config.processes.byName);
  if (followers.length > 0) tell('followers', `restarts ${followers.join(', ')} as well (restart_with)`);
  tell('failure', ...describeFailedWrite(config));
  const escalation = describeEscalation(target);
  if (escalation !== undefined) tell('escalation', escalation);
  return end(state.mayRun && restart.preview !== undefined);
}

function describeRefusal(reason: string, { notesColumn }: ProcessLookup): string {
  return `notes = '${formatNote('REFUSED', Date.now(), reason, notesColumn)}'`;
}

function describeAttempts({ settings }: RestartTarget): string {
  const { maxAttempts, restartDelayMs, restartDelayMaxMs = 0 } = settings;
  if (maxAttempts === 1) return 'one';
  const grows = maxAttempts > 2 && restartDelayMaxMs > restartDelayMs;
  const delay = `${restartDelayMs / 1000} s${grows ? `, growing to ${restartDelayMaxMs / 1000} s,` : ''} between them`;
  return `up to ${maxAttempts}, ${delay}; an error that another attempt cannot cure ends them at once`;
}
