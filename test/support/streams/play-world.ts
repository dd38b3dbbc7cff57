import { RestartError } from '../../../src/domain/cycle/restart-target.js';
import { Pipeline } from './pipeline.js';
import { type Deed, IDS, QUIET_FROM_MS, systemNameOf, type World } from './random-world.js';
import { HEALTHY, SETTINGS, UNHEALTHY } from './world-options.js';

export const CHECK_MS = 60_000;
export const RESET_MS = 90_000;
const PAUSE_MS = 20_000;
const END_MS = QUIET_FROM_MS + 6 * CHECK_MS;

/** Lets a world happen to the pipeline, to its end and to when all has become quiet. */
export function playWorld(world: World): Pipeline {
  const daemons = new Map<string, boolean>();
  const isHealthy = (systemName: string): boolean => daemons.get(systemName) ?? true;
  const draw = <T>(from: readonly T[]): (() => T | undefined) => {
    let index = 0;
    return () => {
      index += 1;
      return from[(index - 1) % Math.max(from.length, 1)];
    };
  };
  const nextRestart = draw(world.restarts);
  const nextRun = draw(world.runs);
  const nextCheck = draw(world.checks);
  const nextWrite = draw(world.writes);
  const nextRead = draw(world.readsMs);
  const nextCanRead = draw(world.canRead);
  const nextEvent = draw(world.eventsMs);
  const nextVisible = draw(world.visibleMs);
  const isQuiet = (): boolean => run.now >= QUIET_FROM_MS;
  const run: Pipeline = new Pipeline({
    settings: {
      ...{ maxAttempts: 2, restartDelayMs: 500, healthCheckTimeoutMs: 1500 },
      stableForMs: world.stableForMs,
    },
    names: new Map(IDS.map((id) => [id, `p${id}`])),
    sections: new Map(['p1', 'p2'].map((name) => [name, { ...SETTINGS, systemName: 'same' }])),
    format: world.format,
    maxParallel: world.maxParallel,
    capacity: world.capacity,
    maxFailures: world.maxFailures,
    resetTimeMs: RESET_MS,
    checkIntervalMs: CHECK_MS,
    fallbackIntervalMs: 5000,
    eventAfterMs: () => nextEvent() ?? 1,
    visibleAfterMs: () => nextVisible() ?? 0,
    readMs: () => nextRead() ?? 1,
    canRead: () => isQuiet() || (nextCanRead() ?? true),
    restart: ({ systemName }) => {
      const { takesMs, ends } = nextRestart() ?? { takesMs: 10, ends: 'well' as const };
      if (isQuiet() || ends === 'well') {
        daemons.set(systemName, true);
        return { takesMs };
      }
      return { takesMs, error: new RestartError('no', ends === 'badly') };
    },
    run: () => (isQuiet() ? {} : (nextRun() ?? {})),
    health: ({ systemName }) => {
      const { takesMs, lies } = nextCheck() ?? { takesMs: 1, lies: false };
      const healthy = isHealthy(systemName) && (isQuiet() || !lies);
      return { takesMs, verdict: healthy ? HEALTHY : UNHEALTHY };
    },
    write: () => {
      const { takesMs, ends } = nextWrite() ?? { takesMs: 2, ends: 'well' as const };
      if (isQuiet() || ends === 'well') return { takesMs };
      return { takesMs, error: new Error(ends), lost: ends === 'lost' };
    },
  });
  for (const deed of world.deeds) run.at(deed.at, () => doIt(run, deed, daemons));
  return run.runTo(END_MS);
}

function doIt(run: Pipeline, deed: Deed, daemons: Map<string, boolean>): void {
  if (deed.kind === 'raise') run.raise(deed.id, `raised at ${deed.at}`);
  else if (deed.kind === 'raise-silently') run.raise(deed.id);
  else if (deed.kind === 'lower') run.lower(deed.id);
  else if (deed.kind === 'pause') {
    const pause = { processName: `p${deed.id}`, since: run.now, until: run.now + PAUSE_MS, by: 'alice' };
    run.pause(pause);
  } else if (deed.kind === 'crash') daemons.set(systemNameOf(deed.id), false);
  else if (deed.kind === 'reconcile') run.reconcileRequests.next('resume');
  else if (deed.kind === 'possible') run.stream.next({ kind: 'hidden', namesTable: false });
  else if (deed.kind === 'hidden') run.stream.next({ kind: 'hidden', namesTable: true });
  else {
    run.loseStream();
    run.at(run.now + 7000, () => run.regainStream());
  }
}
