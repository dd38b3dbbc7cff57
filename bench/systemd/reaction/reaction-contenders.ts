import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../test/faults/random.js';
import type { Contender } from '../../support/interleave.js';
import { monotonicMs } from '../../support/monotonic.js';
import type { HostStage } from '../host-stage.js';

/** The processes of the table, by what is measured with them. */
type ReactionNames = Readonly<Record<'command' | 'simple' | 'auto' | 'notify', readonly string[]>>;

/** When something had happened, ms after the commit or the call. */
export interface Moment {
  /** `started`: first instruction; `over`: cleared, or the call has returned. */
  readonly what: 'started' | 'over';
  readonly ms: number;
}

/**
 * The service and the bare calls, one sample a round each: alarms of a restart command and of three kinds of units, beside
 * what an administrator would type for the same. The bare calls restart the same units.
 */
export function reactionContenders(
  stage: HostStage,
  names: ReactionNames,
  random: Random,
): readonly Contender<Moment>[] {
  const { clock, connection, clears, bare } = stage;
  const ids = new Map(
    Object.values(names)
      .flat()
      .map((name, index) => [name, index + 1]),
  );
  // Long enough for whoever gets ready for the next one meanwhile; by chance, so that nothing falls into step.
  const calm = (): Promise<void> => delay(random.between(20, 60));

  const alarmOf = (kind: keyof ReactionNames): Contender<Moment> => ({
    name: kind,
    round: inTurn(names[kind], async (name) => {
      await calm();
      await clears.reset();
      const started = clock.next(`started ${name}`);
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [ids.get(name)]);
      const committedAt = monotonicMs();
      return momentsSince(committedAt, await started, await clears.cleared(1));
    }),
  });
  const callOf = (
    contender: string,
    targets: readonly string[],
    argv: (name: string) => readonly string[],
  ): Contender<Moment> => ({
    name: contender,
    round: inTurn(targets, async (name) => {
      await calm();
      const started = clock.next(`started ${name}`);
      const { calledAt, returnedAt } = await bare.call(...argv(name));
      return momentsSince(calledAt, await started, returnedAt);
    }),
  });
  const shell = (name: string): string[] => ['/bin/sh', '-c', clock.command(`started ${name}`)];
  return [
    ...(['command', 'simple', 'auto', 'notify'] as const).map(alarmOf),
    callOf('systemd-run', ['bare'], (name) => ['systemd-run', '--quiet', '--collect', '--', ...shell(name)]),
    callOf('spawn', ['bare'], shell),
    callOf('restart simple', names.simple, (name) => ['systemctl', 'restart', name]),
    callOf('restart notify', names.notify, (name) => ['systemctl', 'restart', name]),
  ];
}

/** Each round with the next of the names. */
function inTurn(
  names: readonly string[],
  round: (name: string) => Promise<Moment[]>,
): () => Promise<Moment[]> {
  let count = 0;
  return () => {
    const name = names[count % names.length];
    count += 1;
    if (name === undefined) throw new Error('there is no name');
    return round(name);
  };
}

function momentsSince(from: number, startedAt: number, overAt: number): Moment[] {
  return [
    { what: 'started', ms: startedAt - from },
    { what: 'over', ms: overAt - from },
  ];
}
