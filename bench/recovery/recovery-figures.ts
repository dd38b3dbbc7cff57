import { quantilesOf } from '../support/quantiles.js';
import type { Figure, Measured } from '../support/result.js';
import type { Recovery } from './recoveries.js';

interface Compared {
  readonly service: readonly Recovery[];
  readonly floor: readonly Recovery[];
}

interface Recoveries {
  readonly restart: Compared;
  readonly cut: Compared;
  readonly long: readonly Recovery[];
  readonly shortS: number;
  readonly longS: number;
}

export function recoveryFigures({ restart, cut, long, shortS, longS }: Recoveries): Measured {
  return {
    figures: [
      ...compare(`server restarted after ${shortS} s`, restart),
      ...compare(`network cut for ${shortS} s`, cut),
      // How long the floor needs does not depend on how long it tried in vain.
      ...compare(`network cut for ${longS} s`, { service: long, floor: cut.floor }),
    ],
    remarks: [
      'the alarm was raised meanwhile, or as soon as a restarted server took it',
      `what follows a long outage is a matter of chance: the next try comes within the back-off, which ends at 30 s, and the table is read every fallback_interval (5 s) meanwhile`,
    ],
  };
}

function compare(outage: string, { service, floor }: Compared): Figure[] {
  const all = [
    ['watching the binlog again', ({ streamingMs }: Recovery) => streamingMs],
    ['alarm of meanwhile acted on', ({ restartMs }: Recovery) => restartMs],
  ] as const;
  return all.flatMap(([what, timeOf]) => {
    const ours = quantilesOf(service.map(timeOf));
    const bare = quantilesOf(floor.map(timeOf));
    return (['p50', 'max'] as const).map((quantile) => ({
      what: `${outage}: ${what}, ${quantile}`,
      unit: 'ms' as const,
      value: ours[quantile],
      baseline: { what: 'bare zongji, tried every 10 ms', value: bare[quantile] },
      samples: ours.samples,
    }));
  });
}
