import { type Admission, type AdmissionRules, admit } from '../../../domain/cycle/admission.js';
import type { ProcessSettings } from '../../../domain/cycle/process-settings.js';
import type { RestartTarget } from '../../../domain/cycle/restart-target.js';
import {
  type Finding,
  faultFinding,
  judgeError,
  okFinding,
  warningFinding,
} from '../../../domain/finding.js';
import { substituteName } from '../../../restart/commands/substitute-name.js';
import { explainPgrep } from '../../../restart/health/explain-pgrep.js';
import type { CheckHealth } from '../../../restart/health/health-check.js';
import type { HostSnapshot } from '../../../restart/preview/host-snapshot.js';
import { previewRestart } from '../../../restart/preview/preview-restart.js';
import { judgeShellCommand } from '../host/judge-shell-command.js';
import { describePreview } from './describe-preview.js';

export interface ProcessContext {
  readonly rules: AdmissionRules;
  readonly view: HostSnapshot;
  /** Which alarms are handled before one of this process, and for which it would wait now. */
  readonly describeOrder: (settings: ProcessSettings) => Promise<readonly string[]>;
  /** Undefined: no health checks. */
  readonly checkHealth?: CheckHealth;
  /** How long the next health check may take, in ms; 0 if no time is left. */
  readonly timeForHealth: () => number;
}

/**
 * Describes what an alarm of this name would do, and whether the process is healthy now. Runs only its health check.
 */
export async function checkOneProcess(name: string, context: ProcessContext): Promise<Finding[]> {
  const admission: Admission = admit(name, context.rules);
  if (admission.kind === 'excluded') return [okFinding(name, 'excluded: its alarms are ignored')];
  if (admission.kind === 'refused') {
    return [faultFinding(name, `${admission.reason}; its alarms are refused`, admission.remedy)];
  }
  const { target } = admission;
  const commands = await checkCommands(target);
  const cannotBeChecked = commands.some(
    ({ level, message }) => level === 'fault' && message.startsWith('health_check_command'),
  );
  return [
    await checkRestart(target, context.view),
    ...(await checkOrder(target, context)),
    ...commands,
    ...(cannotBeChecked ? [] : await checkHealthNow(target, context)),
  ];
}

async function checkRestart(target: RestartTarget, view: HostSnapshot): Promise<Finding> {
  try {
    return okFinding(target.processName, describePreview(target, await previewRestart(target, view)));
  } catch (error) {
    return judgeError(target.processName, error);
  }
}

async function checkOrder(
  { processName, settings }: RestartTarget,
  context: ProcessContext,
): Promise<Finding[]> {
  const lines = await context.describeOrder(settings);
  return lines.length === 0 ? [] : [okFinding(processName, lines.join('; '))];
}

const COMMANDS: readonly (readonly [key: string, setting: keyof ProcessSettings])[] = [
  ['pre_restart_command', 'preRestartCommand'],
  ['restart_command', 'restartCommand'],
  ['start_command', 'startCommand'],
  ['health_check_command', 'healthCheckCommand'],
  ['escalation_command', 'escalationCommand'],
];

async function checkCommands({ processName, systemName, settings }: RestartTarget): Promise<Finding[]> {
  const found = COMMANDS.map(async ([key, setting]) => {
    const command = settings[setting];
    if (typeof command !== 'string') return [];
    return judgeShellCommand(processName, key, substituteName(command, systemName));
  });
  return (await Promise.all(found)).flat();
}

async function checkHealthNow(target: RestartTarget, context: ProcessContext): Promise<Finding[]> {
  const { processName, systemName, settings } = target;
  const { healthCheckCommand } = settings;
  const hint = healthCheckCommand && explainPgrep(substituteName(healthCheckCommand, systemName));
  if (hint) {
    // A fault, because every restart would count as failed.
    const [why = hint, remedy] = hint.split(': ');
    return [faultFinding(processName, `health_check_command: ${why}`, remedy)];
  }
  if (!context.checkHealth) return [];
  const timeoutMs = Math.min(settings.healthCheckTimeoutMs, context.timeForHealth());
  if (timeoutMs <= 0) {
    return [warningFinding(processName, 'its health was not checked: the earlier checks took too long')];
  }
  const verdict = await context.checkHealth(target, undefined, { timeoutMs });
  if (verdict.healthy) return [okFinding(processName, `healthy now: ${verdict.detail}`)];
  const remedy = healthCheckCommand
    ? `run it by hand: ${substituteName(healthCheckCommand, systemName)}`
    : (settings.healthCheckUrl ?? settings.healthCheckPort)
      ? 'start it, or correct its health_check_url or health_check_port'
      : 'start it, or raise its alarm';
  const state = verdict.isUnknown ? 'cannot tell whether it is healthy' : 'not healthy now';
  return [warningFinding(processName, `${state}: ${verdict.reason}`, remedy)];
}
