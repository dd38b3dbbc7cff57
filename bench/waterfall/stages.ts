/** One thing that happened, on the monotonic clock. */
export type Note = readonly [what: string, text: string, at: number];

export interface Stage {
  /** What is done from the moment before until this one. */
  readonly name: string;
  /** Who is at work. */
  readonly by: 'database' | 'service' | 'kernel' | 'command';
}

/** A stage, and the note that ends it. */
interface EndedStage extends Stage {
  readonly isEnd: (what: string, text: string) => boolean;
}

/** What a reaction consists of, in order; the first one begins with the commit. */
const STAGES: readonly EndedStage[] = [
  { name: 'event reaches the service', by: 'database', isEnd: (what) => what === 'row' },
  { name: 'look-up of the name sent', by: 'service', isEnd: (what) => what === 'query' },
  { name: 'name answered', by: 'database', isEnd: (what) => what === 'answer' },
  { name: 'decided, logged', by: 'service', isEnd: (what) => what === 'spawn' },
  { name: 'restart_command started', by: 'kernel', isEnd: isSaid('restart') },
  { name: 'restart_command runs', by: 'command', isEnd: (what) => what === 'exit' },
  { name: 'restart logged', by: 'service', isEnd: (what) => what === 'spawn' },
  { name: 'health check started', by: 'kernel', isEnd: isSaid('check') },
  { name: 'health check runs', by: 'command', isEnd: (what) => what === 'exit' },
  { name: 'left-overs looked for, logged', by: 'service', isEnd: (what) => what === 'query' },
  { name: 'clear written', by: 'database', isEnd: (what) => what === 'answer' },
];

export const STAGE_NAMES: readonly Stage[] = STAGES;

function isSaid(word: string) {
  return (what: string, text: string): boolean => what === 'said' && text.startsWith(`${word} `);
}

/**
 * When each stage of one reaction ended, ms after its commit. The notes are in order of time and are those from the commit
 * on; undefined where they are not of one undisturbed reaction.
 */
export function timeStages(committedAt: number, notes: readonly Note[]): number[] | undefined {
  const ends: number[] = [];
  let next = 0;
  for (const { isEnd } of STAGES) {
    const found = notes.findIndex(([what, text], index) => index >= next && isEnd(what, text));
    const note = notes[found];
    if (!note) return undefined;
    ends.push(note[2] - committedAt);
    next = found + 1;
  }
  return ends;
}
