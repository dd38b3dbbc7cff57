import { median } from '../support/quantiles.js';
import type { Figure, Series } from '../support/result.js';
import { thinOut } from '../support/thin-out.js';
import type { StormOutcome } from './storm.js';

const LOOP = 'bare loop';

export function stormFigures({ count, slots, storms, loops }: StormOutcome): Figure[] {
  const named = (what: string): string => `${slots} slots, ${what}`;
  const all = count + 1;
  const most = (of: (storm: StormOutcome['storms'][number]) => number): number => Math.max(...storms.map(of));
  return [
    {
      what: named('until all are answered'),
      unit: 's',
      value: median(storms.map(({ tookMs }) => tookMs)) / 1000,
      baseline: { what: LOOP, value: median(loops.map(({ tookMs }) => tookMs)) / 1000 },
      aim: { of: 'ratio', atMost: 1.25 },
      isHeadline: true,
    },
    {
      what: named('processor time of the service itself, each'),
      unit: 'CPU ms',
      value: (median(storms.map(({ cpuSeconds }) => cpuSeconds)) * 1000) / all,
      baseline: { what: LOOP, value: (median(loops.map(({ cpuSeconds }) => cpuSeconds)) * 1000) / count },
    },
    {
      what: named('peak memory'),
      unit: 'MB',
      value: most(({ peakMb }) => peakMb),
      aim: { of: 'value', atMost: 150 },
      isHeadline: true,
    },
    {
      // One is the clear. A name that had to be asked for would be a second one (R36).
      what: named('statements on the database, each'),
      unit: 'count',
      value: most(({ statements }) => statements) / all,
      aim: { of: 'value', atMost: 1.1 },
    },
    {
      what: named('alarms lost'),
      unit: 'count',
      value: most(({ restarted }) => all - restarted),
      aim: { of: 'value', atMost: 0 },
    },
    {
      what: named('restarts too many'),
      unit: 'count',
      value: most(({ restarts }) => restarts - all),
      aim: { of: 'value', atMost: 0 },
    },
    {
      what: named('one more, raised in the middle, until its restart'),
      unit: 's',
      value: median(storms.map(({ late }) => late.reactionMs)) / 1000,
      baseline: {
        what: 'what was left of the storm',
        value: median(storms.map(({ tookMs, late }) => tookMs - late.raisedAtMs)) / 1000,
      },
    },
    {
      what: named('its place in the order of restarts'),
      unit: 'count',
      value: median(storms.map(({ late }) => late.place)),
      baseline: { what: 'in all', value: all },
    },
  ];
}

/** Answered processes over seconds, of the first storm and the first loop. */
export function stormSeries({ slots, storms, loops }: StormOutcome): Series[] {
  const [storm] = storms;
  const [loop] = loops;
  if (!storm || !loop) return [];
  const seconds = (points: readonly (readonly [number, number])[]) =>
    thinOut(points).map(([atMs, count]): [number, number] => [atMs / 1000, count]);
  return [
    { name: `service, ${slots} slots`, points: seconds(storm.answered) },
    {
      name: `bare loop, ${slots} slots`,
      points: seconds(loop.doneAtMs.map((atMs, index) => [atMs, index + 1])),
    },
  ];
}
