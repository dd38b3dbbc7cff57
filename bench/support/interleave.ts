import type { Random } from '../../test/faults/random.js';

/** One of those that are compared. */
export interface Contender<T> {
  readonly name: string;
  /** One round; what it measured counts only where `isWarmUp` is false. */
  round(isWarmUp: boolean): Promise<readonly T[]>;
}

interface Interleaving<T> {
  readonly contenders: readonly Contender<T>[];
  /** Rounds of each that count. */
  readonly rounds: number;
  /** Rounds of each before those, thrown away. Default: 1. */
  readonly warmUps?: number;
  /** Decides the order within each round. */
  readonly random: Random;
  readonly onRound?: (round: number, name: string) => void;
}

/**
 * Lets the contenders take turns, in another order each round, so that a machine which grows slow while they are
 * measured is slow for all of them. Answers what each measured, by its name.
 */
export async function interleave<T>(options: Interleaving<T>): Promise<ReadonlyMap<string, readonly T[]>> {
  const { contenders, rounds, warmUps = 1, random, onRound } = options;
  const measured = new Map<string, T[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const contender of shuffle(contenders, random)) {
      onRound?.(round, contender.name);
      const samples = await contender.round(round < 0);
      if (round >= 0) measured.get(contender.name)?.push(...samples);
    }
  }
  return measured;
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  const shuffled: T[] = [];
  while (left.length > 0) shuffled.push(...left.splice(random.whole(0, left.length - 1), 1));
  return shuffled;
}
