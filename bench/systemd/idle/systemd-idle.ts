import { setTimeout as delay } from 'node:timers/promises';
import { type Bench, byForm } from '../../support/bench.js';
import type { Figure } from '../../support/result.js';
import { type HostStage, openHostStage } from '../host-stage.js';
import { readUnitUsage, type UnitUsage } from '../unit-usage.js';
import { numbered, simpleUnit } from '../units.js';

const PROCESSES = 1000;
const WINDOW_S = { quick: 10, default: 120, full: 600 } as const;
/** The default of the configuration is 300 s. */
const CHECK_INTERVAL_S = { quick: 5, default: 60, full: 300 } as const;
const SETTLE_S = { quick: 10, default: 10, full: 60 } as const;
/** So often a unit that is none of the service's business is restarted, to see who wakes up. */
const RESTARTS_PER_S = 2;

/** A Node that does nothing: a timer a second, so that it lives. */
const BARE_NODE = 'setInterval(() => {}, 1000)';
/** The service, and what it keeps running in units of its own. */
const OURS = /^(monitor_service|process-monitor-.*)\.service$/;
const BARE = /^bare-node\.service$/;

/** What it costs that nothing happens, of the service as it is installed. */
export const systemdIdle: Bench = {
  name: 'systemd-idle',
  what: `the service as a unit, ${PROCESSES} processes in the table, no alarm: what it costs with all that it keeps running`,
  underSystemd: true,
  async run(context) {
    const { form, say } = context;
    const seconds = byForm(form, WINDOW_S);
    const interval = byForm(form, CHECK_INTERVAL_S);
    const stage = await openHostStage(context, {
      units: { 'stranger.service': simpleUnit() },
      processes: numbered('p', PROCESSES),
    });
    await stage.restart({ monitor: { check_interval: interval } });
    await stage.host.run('systemd-run', '--quiet', '--unit=bare-node', 'node', '-e', BARE_NODE);
    await delay(byForm(form, SETTLE_S) * 1000);
    say(`${seconds} s of nothing`);
    const nothing = await watch(stage, () => delay(seconds * 1000));
    say(`${seconds} s in which others come and go`);
    const others = await watch(stage, () => restartStranger(stage, seconds));
    return {
      figures: idleFigures(nothing, others),
      host: stage.facts,
      remarks: [
        `${seconds} s, check_interval ${interval} s, ${nothing.service.processes} processes, their memory added up`,
        `others: a unit that is not in the table is restarted ${RESTARTS_PER_S} times a second`,
      ],
    };
  },
};

/** What the service and a bare Node used at the same time: neither of two that do nothing is in the other's way. */
interface Window {
  readonly service: Spent;
  readonly bare: Spent;
}

interface Spent {
  /** Of one core. */
  readonly percent: number;
  readonly switchesPerSecond: number;
  readonly residentMb: number;
  readonly processes: number;
}

async function watch({ host }: HostStage, happen: () => Promise<unknown>): Promise<Window> {
  const read = () => Promise.all([readUnitUsage(host, OURS), readUnitUsage(host, BARE)]);
  const startedAt = performance.now();
  const [ours, bare] = await read();
  await happen();
  const [oursAfter, bareAfter] = await read();
  const seconds = (performance.now() - startedAt) / 1000;
  return { service: spent(ours, oursAfter, seconds), bare: spent(bare, bareAfter, seconds) };
}

async function restartStranger({ bare }: HostStage, seconds: number): Promise<void> {
  for (let count = 0; count < seconds * RESTARTS_PER_S; count += 1) {
    const next = delay(1000 / RESTARTS_PER_S);
    await bare.call('systemctl', 'restart', 'stranger');
    await next;
  }
}

function spent(before: UnitUsage, after: UnitUsage, seconds: number): Spent {
  return {
    percent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds,
    switchesPerSecond: (after.contextSwitches - before.contextSwitches) / seconds,
    residentMb: after.residentMb,
    processes: after.processes,
  };
}

function idleFigures(nothing: Window, others: Window): Figure[] {
  const what = 'bare Node';
  return [
    {
      what: 'processor time with all children, of one core',
      unit: '%',
      value: nothing.service.percent,
      baseline: { what, value: nothing.bare.percent },
      aim: { of: 'value', atMost: 0.1 },
      isHeadline: true,
    },
    {
      what: 'resident memory with all children',
      unit: 'MB',
      value: nothing.service.residentMb,
      baseline: { what, value: nothing.bare.residentMb },
      aim: { of: 'value', atMost: 80 },
      isHeadline: true,
    },
    {
      what: 'context switches of all threads',
      unit: '1/s',
      value: nothing.service.switchesPerSecond,
      baseline: { what, value: nothing.bare.switchesPerSecond },
    },
    {
      what: 'the same while other units come and go',
      unit: '1/s',
      value: others.service.switchesPerSecond,
      baseline: { what: 'while nothing happens', value: nothing.service.switchesPerSecond },
    },
    {
      what: 'processor time while other units come and go',
      unit: '%',
      value: others.service.percent,
      baseline: { what: 'while nothing happens', value: nothing.service.percent },
    },
  ];
}
