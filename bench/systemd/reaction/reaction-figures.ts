import { quantilesOf } from '../../support/quantiles.js';
import type { Figure } from '../../support/result.js';
import type { Moment } from './reaction-contenders.js';

/** `stable_for` as shipped, and what is promised on top of it. */
const STABLE_FOR_MS = 500;
const BESIDE_STABLE_FOR_MS = 60;

/** Each promise with its p50, and its p90 without one. */
export function reactionFigures(measured: ReadonlyMap<string, readonly Moment[]>): Figure[] {
  const samplesOf = (contender: string, what: Moment['what']): number[] =>
    (measured.get(contender) ?? []).filter((moment) => moment.what === what).map(({ ms }) => ms);
  const compare = (
    what: string,
    [contender, moment]: readonly [string, Moment['what']],
    [name, bare, bareMoment]: readonly [string, string, Moment['what']],
    aim?: Figure['aim'],
  ): Figure[] => {
    const ours = quantilesOf(samplesOf(contender, moment));
    const theirs = quantilesOf(samplesOf(bare, bareMoment));
    const figure = (quantile: 'p50' | 'p90'): Figure => ({
      what: `${what}, ${quantile}`,
      unit: 'ms',
      value: ours[quantile],
      baseline: { what: name, value: theirs[quantile] },
      samples: ours.samples,
    });
    const isHeadline = aim !== undefined;
    return [{ ...figure('p50'), ...(aim && { aim }), ...(isHeadline && { isHeadline }) }, figure('p90')];
  };
  const restartRuns = ['`systemctl restart` until it runs', 'restart simple', 'started'] as const;
  return [
    ...compare(
      'commit to the first instruction of restart_command',
      ['command', 'started'],
      ['`systemd-run`', 'systemd-run', 'started'],
      { of: 'ratio', atMost: 0.45 },
    ),
    ...compare('the same', ['command', 'started'], ['bare spawn', 'spawn', 'started']),
    ...compare('commit to ExecStart runs, strategy service', ['simple', 'started'], restartRuns, {
      of: 'ratio',
      atMost: 1,
    }),
    ...compare('commit to ExecStart runs, strategy auto', ['auto', 'started'], restartRuns, {
      of: 'ratio',
      atMost: 1,
    }),
    ...compare(
      'commit to cleared, Type=notify',
      ['notify', 'over'],
      ['`systemctl restart` until it returns', 'restart notify', 'over'],
      { of: 'ratio', atMost: 1.3 },
    ),
    ...compare(
      'commit to cleared, Type=simple',
      ['simple', 'over'],
      ['`systemctl restart` until it returns', 'restart simple', 'over'],
      { of: 'value', atMost: STABLE_FOR_MS + BESIDE_STABLE_FOR_MS },
    ),
  ];
}
