import type { ServerKind } from '../support/service/server-kinds.js';
import type { Evidence } from './audit/evidence.js';
import { type Audit, judge } from './audit/judge.js';
import { conduct, type Injected } from './conduct.js';
import type { Raiser } from './raisers/raiser.js';
import { RENAMED_IDS, Renamer } from './raisers/renamer.js';
import { startOneRaiser } from './raisers/start-one-raiser.js';
import { Random } from './random.js';
import { calmDown, readStanding } from './scene/calm-down.js';
import { readHistory } from './scene/history.js';
import { MAX_PARALLEL, openLab, VERIFY_SECONDS } from './scene/lab.js';
import { findLeftBehind } from './scene/left-behind.js';
import { MEMBERS } from './scene/members.js';
import { startMoods } from './scene/moods.js';
import { probe } from './scene/probe.js';
import { watchStarvation } from './scene/watch-starvation.js';

interface LabRun {
  readonly kind: ServerKind;
  readonly seed: number;
  readonly faults: number;
  /** Longest time in which faults are made, ms. */
  readonly forMs: number;
  /** Times the duration of faults and pauses. */
  readonly pace: number;
  readonly raisers: number;
  /** Mean pause of each raiser between two transactions, ms. */
  readonly pauseMs: number;
  /** `max_restarts` within 20 s; 0: any number. */
  readonly maxRestarts?: number;
  /** As in `LabOptions`. */
  readonly tree?: string | undefined;
  readonly onFault: (fault: Injected) => void;
  /** Told what comes next when the faults are over. */
  readonly onPhase?: (phase: string) => void;
}

export interface LabResult {
  readonly audit: Audit;
  readonly evidence: Evidence;
  readonly injected: readonly Injected[];
  readonly raisers: readonly Raiser[];
  readonly tookMs: number;
}

/** One run of the lab on one server: faults and raisers side by side, then calm, then the audit. */
export async function runLab(run: LabRun): Promise<LabResult> {
  const startedAt = Date.now();
  const lab = await openLab({
    kind: run.kind,
    random: new Random(run.seed),
    pace: run.pace,
    tree: run.tree,
    maxRestarts: run.maxRestarts,
  });
  try {
    await lab.keeper.start();
    await lab.keeper.daemon.waitForLine(/watching the binlog/);
    const stopWatching = watchStarvation(lab.keeper.pauses);
    const moods = startMoods(lab);
    const renamer = new Renamer(lab);
    const raisers = Array.from({ length: run.raisers }, (_, index) =>
      startOneRaiser(lab, index, run.pauseMs),
    );
    const injected = await conduct(lab, {
      faults: run.faults,
      until: startedAt + run.forMs,
      onFault: run.onFault,
    });
    run.onPhase?.('the raisers end');
    for (const raiser of raisers) await raiser.stop();
    await renamer.stop();
    await moods.stop();
    run.onPhase?.('everything is healed, the service answers what stands');
    await calmDown(lab);
    run.onPhase?.('a last alarm, and the end of the service');
    const problems = await probe(lab);
    stopWatching();
    const standing = await readStanding(lab);
    const leftBehind = [...problems, ...(await findLeftBehind(lab))];
    const stderr = lab.keeper
      .stderr()
      .split('\n')
      .filter((line) => line !== '');
    // The service writes there only what it did not foresee.
    const unforeseen = stderr.filter((line) => !GOODBYE.test(line));
    const evidence: Evidence = {
      members: MEMBERS,
      history: await readHistory(lab.database),
      standing: new Set([...standing].filter((id) => !RENAMED_IDS.includes(id))),
      commits: lab.commits,
      runs: await lab.fleet.runs(),
      renames: renamer,
      pauses: lab.keeper.pauses,
      log: lab.keeper.lines(),
      maxParallel: MAX_PARALLEL,
      verifyMs: VERIFY_SECONDS * 1000,
      leftBehind: [...leftBehind, ...unforeseen.map((line) => `stderr: ${line}`)],
      idleConnectionsEnded: stderr.length - unforeseen.length,
    };
    return { audit: judge(evidence), evidence, injected, raisers, tookMs: Date.now() - startedAt };
  } finally {
    await lab.close();
  }
}

/** What mysql2 says of an idle connection to which the server said goodbye. */
const GOODBYE = /^Warning: got packets out of order/;
