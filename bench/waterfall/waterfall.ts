import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Daemon } from '../../test/support/daemon.js';
import { PROCESSES } from '../reaction/measure-reactions.js';
import { type Bench, type BenchContext, byForm } from '../support/bench.js';
import { monotonicMs } from '../support/monotonic.js';
import { median } from '../support/quantiles.js';
import type { Figure } from '../support/result.js';
import { openStage, type Stage } from '../support/stage.js';
import { drawWaterfalls } from './draw-waterfall.js';
import { type Note, STAGE_NAMES, timeStages } from './stages.js';

const SAMPLES = { quick: 30, default: 300, full: 1000 } as const;
const UNHEARD = 20;
const PROBE = new URL('probe.mjs', import.meta.url).href;

/** Where the time of one reaction goes, stage by stage. */
export const waterfall: Bench = {
  name: 'waterfall',
  what: 'one reaction from commit to cleared, stage by stage, median',
  draw: drawWaterfalls,
  async run(context) {
    const stage = await openStage(context, { processes: PROCESSES });
    const probeFile = stage.workspace.path('probe');
    const daemon = await stage.watch(
      { 'process.default': { health_check_command: stage.clock.command('check %s') } },
      { NODE_OPTIONS: `--import ${PROBE}`, PROBE_FILE: probeFile },
    );
    const notes = await react(stage, daemon, context);
    await daemon.stop();
    return { figures: figuresOf(notes.concat(await readNotes(probeFile))) };
  },
};

async function react(
  { database, clock }: Stage,
  daemon: Daemon,
  { random, form }: BenchContext,
): Promise<Note[]> {
  const notes: Note[] = [];
  const stop = clock.listen(({ word, at }) => notes.push(['said', word, at]));
  await database.session(async (connection) => {
    let from = daemon.lines().length;
    for (let count = 0; count < UNHEARD + byForm(form, SAMPLES); count += 1) {
      const processId = 1 + (count % PROCESSES);
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [processId]);
      notes.push(['commit', String(processId), monotonicMs()]);
      from = (await daemon.waitForLine(new RegExp(` p${processId}: alarm cleared`), { from })).index + 1;
      // What the service does once it has cleared belongs to nobody else's reaction.
      await delay(random.between(20, 40));
    }
  });
  stop();
  return notes;
}

async function readNotes(file: string): Promise<Note[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line): Note => JSON.parse(line));
}

function figuresOf(notes: readonly Note[]): Figure[] {
  const ordered = [...notes].sort(([, , a], [, , b]) => a - b);
  const commits = ordered.flatMap(([what], index) => (what === 'commit' ? [index] : [])).slice(UNHEARD);
  const timed = commits.flatMap((index, place) => {
    const [, , committedAt] = ordered[index] ?? ['', '', 0];
    // The event can be there before the client knows that it has committed.
    const ofThis = ordered.slice(Math.max(0, index - EARLY_NOTES), commits[place + 1] ?? ordered.length);
    const ends = timeStages(
      committedAt,
      ofThis.filter(([, , at]) => at > committedAt - EARLY_MS),
    );
    return ends ? [ends] : [];
  });
  if (timed.length === 0) throw new Error('no reaction was seen from its commit to its clear');
  return STAGE_NAMES.map(({ name }, stage) => ({
    what: name,
    unit: 'ms',
    value: median(timed.map((ends) => ends[stage] ?? Number.NaN)),
    samples: timed.length,
  }));
}

const EARLY_NOTES = 5;
const EARLY_MS = 3;
