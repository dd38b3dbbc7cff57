import { median } from '../../support/quantiles.js';
import type { Figure } from '../../support/result.js';
import type { UnitStormOutcome } from './systemd-storm.js';

/** `stable_for` as shipped: the loop does not wait for it. */
const STABLE_FOR_S = 0.5;
const TIMES_THE_LOOP = 1.25;

export function unitStormFigures({ count, slots, storms, loops }: UnitStormOutcome): Figure[] {
  const named = (what: string): string => `${slots} slots, ${what}`;
  const loop = median(loops) / 1000;
  const most = (of: (storm: UnitStormOutcome['storms'][number]) => number): number =>
    Math.max(...storms.map(of));
  return [
    {
      what: named('until all are cleared'),
      unit: 's',
      value: median(storms.map(({ tookMs }) => tookMs)) / 1000,
      baseline: { what: `\`xargs -P${slots} systemctl restart\``, value: loop },
      aim: { of: 'value', atMost: TIMES_THE_LOOP * loop + STABLE_FOR_S },
      isHeadline: true,
    },
    {
      what: named('peak memory of the service'),
      unit: 'MB',
      value: most(({ peakMb }) => peakMb),
      aim: { of: 'value', atMost: 150 },
    },
    {
      what: named('alarms lost'),
      unit: 'count',
      value: most(({ restarted }) => count - restarted),
      aim: { of: 'value', atMost: 0 },
    },
    {
      what: named('attempts that failed'),
      unit: 'count',
      value: most(({ failures }) => failures.length),
      aim: { of: 'value', atMost: 0 },
    },
    {
      what: named('restarts too many'),
      unit: 'count',
      value: most(({ restarts }) => restarts - count),
      aim: { of: 'value', atMost: 0 },
    },
  ];
}
