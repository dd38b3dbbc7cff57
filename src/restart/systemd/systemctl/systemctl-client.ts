import { setTimeout as delay } from 'node:timers/promises';
import { defer, distinctUntilChanged, type Observable, repeat } from 'rxjs';
import { RestartError } from '../../../domain/cycle/restart-target.js';
import { Deadline } from '../deadline.js';
import type { JobOutcome, JobWait, ListedUnit, SystemdClient, TransientUnit } from '../systemd-client.js';
import { propertiesOf, UNIT_PROPERTIES, type UnitProperty, type UnitState } from '../unit-properties.js';
import { parseShow } from './parse-show.js';
import { runArguments } from './run-arguments.js';
import { type ProgramResult, runProgram } from './run-program.js';

const ASK = { timeoutMs: 10_000 };
/** How often a watched unit is read, in ms: systemctl sends no signals. */
const LOOK_AGAIN_MS = 500;

/**
 * systemd by its programs, for the time when the bus is away. As root they reach systemd without the bus, and dbus
 * itself may be down. Each call starts a process, and state can only be polled.
 */
export class SystemctlClient implements SystemdClient {
  async show<K extends UnitProperty>(unit: string, properties: readonly K[]): Promise<Pick<UnitState, K>> {
    const names = propertiesOf(unit, properties).map((property) => UNIT_PROPERTIES[property].name);
    const result = await systemctl(['show', `--property=LoadState,${names.join(',')}`, '--', unit], ASK);
    if (!succeeded(result) || !/^LoadState=./m.test(result.stdout)) {
      throw new RestartError(`systemctl show ${unit}: ${describe(result)}`, true);
    }
    return parseShow(result.stdout, properties);
  }

  watch<K extends UnitProperty>(unit: string, properties: readonly K[]): Observable<Pick<UnitState, K>> {
    return defer(() => this.show(unit, properties)).pipe(
      repeat({ delay: LOOK_AGAIN_MS }),
      distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    );
  }

  async list(pattern: string): Promise<readonly ListedUnit[]> {
    const result = await systemctl(
      ['list-units', '--all', '--full', '--plain', '--no-legend', '--', pattern],
      ASK,
    );
    if (!succeeded(result)) throw new RestartError(`systemctl list-units: ${describe(result)}`, true);
    return result.stdout.split('\n').flatMap((line) => {
      // A failed unit has a dot before its name, in some versions also with --plain.
      const [id = '', loadState = '', activeState = '', subState = ''] = line
        .replace(/^[^\w]+/, '')
        .split(/\s+/);
      return id === '' ? [] : [{ id, loadState, activeState, subState }];
    });
  }

  async restart(unit: string, wait: JobWait): Promise<JobOutcome> {
    return this.#doJob('restart', unit, wait);
  }

  async stop(unit: string, wait: JobWait): Promise<JobOutcome> {
    return this.#doJob('stop', unit, wait);
  }

  async startTransient(unit: TransientUnit, wait: JobWait): Promise<JobOutcome> {
    return outcomeOf(await runProgram('systemd-run', runArguments(unit), wait));
  }

  async resetFailed(unit: string): Promise<void> {
    await systemctl(['reset-failed', '--', unit], ASK);
  }

  async kill(unit: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await systemctl(['kill', `--signal=${signal}`, '--', unit], ASK);
  }

  close(): void {}

  async #doJob(verb: 'restart' | 'stop', unit: string, wait: JobWait): Promise<JobOutcome> {
    const deadline = new Deadline(wait);
    const outcome = outcomeOf(await systemctl([verb, '--', unit], wait));
    if (outcome.outcome !== 'failed' || !HAS_LOST_JOB.test(outcome.reason)) return outcome;
    while (deadline.over === undefined) {
      const state = await this.followJob(unit, deadline);
      if (state !== 'ask-the-bus-again') return state;
    }
    return { outcome: 'unfinished', reason: deadline.over };
  }

  /** Reads once how a job that the bus has lost is doing. After that the bus may be back. */
  async followJob(unit: string, deadline: Deadline): Promise<JobOutcome | 'ask-the-bus-again'> {
    const state = await this.show(unit, ['job']).catch(() => undefined);
    if (state?.job === 0) return { outcome: 'untold' };
    await delay(Math.min(LOOK_AGAIN_MS, deadline.leftMs));
    return 'ask-the-bus-again';
  }
}

/**
 * What systemctl says when systemd executes itself anew (daemon-reexec) while it waits for a job. systemd keeps the
 * job.
 */
const HAS_LOST_JOB = /connection terminated|Failed to wait for response/;

/** Puts `--` before the names, so that none is read as an option. */
function systemctl(args: readonly string[], wait: JobWait): Promise<ProgramResult> {
  return runProgram('systemctl', ['--no-pager', '--no-ask-password', ...args], wait);
}

function outcomeOf(result: ProgramResult): JobOutcome {
  if (result.ended !== 'exited') return { outcome: 'unfinished', reason: describe(result) };
  if (succeeded(result)) return { outcome: 'done' };
  return { outcome: 'failed', result: 'failed', reason: describe(result) };
}

function succeeded({ ended, exitCode }: ProgramResult): boolean {
  return ended === 'exited' && exitCode === 0;
}

function describe({ ended, exitCode, message }: ProgramResult): string {
  if (ended === 'timed-out') return 'no end before the deadline';
  if (ended === 'aborted') return 'aborted';
  return message === '' ? `exit code ${exitCode}` : `exit code ${exitCode}: ${message}`;
}
