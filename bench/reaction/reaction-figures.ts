import { median, quantilesOf } from '../support/quantiles.js';
import type { Figure } from '../support/result.js';
import type { Compared } from './reaction.js';

/** What is promised of a reaction, as a ratio to the floor. */
const AIMS = {
  idle: { p50: 1.15, p99: 1.5 },
  'under load': { p50: 1.2, p99: 1.5 },
} as const;

export function reactionFigures(when: keyof typeof AIMS, { service, floor }: Compared): Figure[] {
  const ours = quantilesOf(service);
  const bare = quantilesOf(floor);
  return (['p50', 'p90', 'p99'] as const).map((quantile) => ({
    what: `reaction ${when}, ${quantile}`,
    unit: 'ms',
    value: ours[quantile],
    baseline: { what: 'bare zongji and spawn', value: bare[quantile] },
    samples: ours.samples,
    ...(quantile === 'p90' ? {} : { aim: { of: 'ratio', atMost: AIMS[when][quantile] }, isHeadline: true }),
  }));
}

/** A service that has run for days may never have had an alarm: its code is as cold as that of one just started. */
export function firstFigure({ firsts }: Compared): Figure {
  return {
    what: 'first reaction of a fresh process, idle, p50',
    unit: 'ms',
    value: median(firsts.service),
    baseline: { what: 'bare zongji and spawn', value: median(firsts.floor) },
    samples: firsts.service.length,
  };
}

/** The interval at which the Bash service polled, s. */
const OLD_INTERVAL_S = 300;

/**
 * Polling as it is measured, and as it must be at the interval of the Bash service: a raise at any moment waits for a
 * share of the interval that is evenly distributed, and then takes what it took here beyond that.
 */
export function pollingFigures(
  polled: readonly number[],
  everyS: number,
  reactions: readonly number[],
): Figure[] {
  const measured = quantilesOf(polled);
  const ours = quantilesOf(reactions);
  const beyondMs = Math.max(0, median(polled) - (everyS * 1000) / 2);
  const figures: Figure[] = [];
  for (const [quantile, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    figures.push({
      what: `polling every ${everyS} s, ${quantile}`,
      unit: 'ms',
      value: measured[quantile],
      baseline: { what: 'reading the binlog', value: ours[quantile] },
      samples: measured.samples,
    });
    figures.push({
      what: `polling every ${OLD_INTERVAL_S} s, ${quantile}`,
      unit: 's',
      value: share * OLD_INTERVAL_S + beyondMs / 1000,
      baseline: { what: 'reading the binlog', value: ours[quantile] / 1000 },
      computed: `${share} × ${OLD_INTERVAL_S} s and what polling took here beyond its wait`,
      isHeadline: quantile === 'p50',
    });
  }
  return figures;
}
