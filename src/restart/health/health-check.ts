import { isPgrepOfName } from '../../domain/cycle/built-in-check.js';
import type { HealthVerdict, RestartReport, RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import type { CommandResult } from '../commands/run-command.js';
import { substituteName } from '../commands/substitute-name.js';
import type { FindProcesses } from '../processes/find-processes.js';
import type { StartMemory } from '../start/start-memory.js';
import { findOfTarget } from '../strategies/find-of-target.js';
import { outsideSessions } from '../strategies/outside-sessions.js';
import { detectSystemd } from '../systemd/detect-systemd.js';
import {
  type ConfigCommandOptions,
  createConfigCommandRunner,
  type RunConfigCommand,
} from '../systemd/run-config-command.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { checkPort } from './check-port.js';
import { checkProcess } from './check-process.js';
import { checkSeenRun } from './check-seen-run.js';
import { checkUnit } from './check-unit.js';
import { checkUrl } from './check-url.js';
import { explainPgrep } from './explain-pgrep.js';
import { judgePgrep } from './judge-pgrep.js';

interface HealthCheckOptions {
  /** Deadline of this one check, in ms (R16). */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * One health check (R21); the caller repeats it. `report` describes the restart before it, if there was one. Never
 * rejects: if the check cannot be made the process is not healthy.
 */
export type CheckHealth = (
  target: RestartTarget,
  report: RestartReport | undefined,
  options: HealthCheckOptions,
) => Promise<HealthVerdict>;

interface HealthCheckDependencies {
  /** Undefined if this host has no systemd. Default: the systemd of this host, if any. */
  readonly systemd?: UnitReader | undefined;
  /** Default: reads /proc each time. */
  readonly find?: FindProcesses;
  /** How the processes were running when they were last seen. */
  readonly memory?: StartMemory;
  /** Runs the health check command of the configuration. */
  readonly run?: RunConfigCommand;
}

export function createHealthCheck(
  dependencies: HealthCheckDependencies = { systemd: detectSystemd() },
): CheckHealth {
  return async (target, report, options) => {
    try {
      const checks = checksOf(target, report, options, dependencies);
      const verdicts = await Promise.all(checks.map((check) => check.catch(unknownBy)));
      const ill =
        verdicts.find((verdict) => !verdict.healthy && !verdict.isUnknown) ??
        verdicts.find(({ healthy }) => !healthy);
      return ill ?? { healthy: true, detail: verdicts.map(detailOf).join(', ') };
    } catch (error) {
      return unknownBy(error);
    }
  };
}

/** Every configured check must be healthy. The built-in check is made if none is configured. */
function checksOf(
  target: RestartTarget,
  report: RestartReport | undefined,
  options: HealthCheckOptions,
  dependencies: HealthCheckDependencies,
): Promise<HealthVerdict>[] {
  const { healthCheckCommand, healthCheckUrl, healthCheckStatus, healthCheckPort } = target.settings;
  const checks: Promise<HealthVerdict>[] = [];
  if (healthCheckPort !== undefined) checks.push(checkPort(healthCheckPort, options));
  if (healthCheckUrl !== undefined) checks.push(checkUrl(healthCheckUrl, healthCheckStatus, options));
  if (healthCheckCommand !== undefined)
    checks.push(checkByCommand(healthCheckCommand, target, report, options, dependencies));
  return checks.length > 0 ? checks : [checkBuiltIn(target, report, dependencies)];
}

/** A check that could not be made says nothing of the process (R27). */
function unknownBy(error: unknown): HealthVerdict {
  return { healthy: false, reason: describeError(error), isUnknown: true };
}

function detailOf(verdict: HealthVerdict): string {
  return verdict.healthy ? verdict.detail : verdict.reason;
}

async function checkByCommand(
  command: string,
  target: RestartTarget,
  report: RestartReport | undefined,
  options: HealthCheckOptions,
  dependencies: HealthCheckDependencies,
): Promise<HealthVerdict> {
  const shell = substituteName(command, target.systemName);
  const byCommand = await runCheck(
    shell,
    { ...options, of: { systemName: target.systemName, step: 'health-check' } },
    dependencies.run ?? createConfigCommandRunner({}),
  );
  // A healthy verdict of any other command is final: the built-in check could only delay or spoil it.
  if (!/\bpgrep\b/.test(shell) || (byCommand.healthy && !isPgrepOfName(command))) return byCommand;
  const builtIn = await checkBuiltIn(target, report, dependencies).catch(unknownBy);
  return judgePgrep(byCommand, command, builtIn);
}

async function runCheck(
  shell: string,
  options: ConfigCommandOptions,
  run: RunConfigCommand,
): Promise<HealthVerdict> {
  const result = await run(shell, { ...options, leftovers: 'killed' });
  if (result.outcome === 'exited' && result.exitCode === 0) {
    return { healthy: true, detail: 'health_check_command: exit code 0' };
  }
  const hint = explainPgrep(shell) ?? explainMissing(result);
  const failure = `health_check_command: ${describeCommandFailure(result)}`;
  const reason = hint === undefined ? failure : `${failure}; ${hint}`;
  return { healthy: false, reason, ...(result.outcome === 'not-started' && { isUnknown: true }) };
}

/** A hint for a missing pgrep, which is not part of a minimal system. */
function explainMissing(result: CommandResult): string | undefined {
  if (result.outcome !== 'exited' || result.exitCode !== 127) return undefined;
  return 'install that program, or remove health_check_command (the built-in check needs no program)';
}

async function checkBuiltIn(
  target: RestartTarget,
  report: RestartReport | undefined,
  { systemd, find, memory }: HealthCheckDependencies,
): Promise<HealthVerdict> {
  const { systemName, settings } = target;
  const findOf = findOfTarget(target, memory, find);
  const strategy = report?.strategy ?? settings.restartStrategy;
  // What a restart without a verdict has stopped must run again (R11); after a restart its report tells of each.
  const isOwed = report === undefined && memory?.begun.has(systemName);
  const count = isOwed ? memory?.get(systemName)?.length : undefined;
  if (!systemd || strategy === 'process') return checkProcess(systemName, findOf, count);
  const namesake = unitNameOf(systemName);
  const unit = report?.unit ?? namesake;
  const seen = report && checkSeenRun(target, report, performance.now());
  const byUnit = seen ?? (await checkUnit(systemd, unit));
  if (byUnit?.healthy === true && unit !== namesake) {
    // An active supervisor says nothing about the processes that it runs.
    const { id } = await systemd.show(namesake, ['id']);
    return id === unit ? byUnit : await checkProcess(systemName, findOf);
  }
  if (!byUnit) return checkProcess(systemName, findOf, count);
  // The verdict of a unit that was just restarted counts. Otherwise a process outside a dead unit may be the right
  // one.
  if (byUnit.healthy || strategy === 'service') return byUnit;
  const byProcess = await checkProcess(systemName, outsideSessions(findOf));
  return byProcess.healthy ? byProcess : byUnit;
}
