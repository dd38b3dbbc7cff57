import { setTimeout as pause } from 'node:timers/promises';
import type { PrivateServer } from '../support/private-server.js';
import type { Agents } from './agents.js';
import type { Alarms } from './alarms.js';
import type { Phase } from './day.js';
import { describePhase, type PhaseResult } from './report.js';
import type { Site } from './site.js';
import type { Strangers } from './strangers.js';
import { untilStreams } from './streams.js';

const SETTLE_MS = 60_000;
/** After a start the names are read, and the readings that follow it are over. */
const CALM_MS = 5000;
/** No phase takes that long, whatever fails: a day that hangs tells nothing. */
const PHASE_MS = 300_000;

interface RunnerOptions {
  readonly alarms: Alarms;
  readonly strangers: Strangers;
  readonly agents: Agents;
  readonly hosts: number;
  /** Alarms a second, over all hosts. */
  readonly rate: number;
  /** How long alarms are raised in each phase. */
  readonly ms: number;
  /** From now on, ms: no phase begins later. */
  readonly forMs: number;
  readonly say: (text: string) => void;
}

/** Plays the phases of a day, one after the other, and keeps what came of each. */
export class PhaseRunner {
  readonly results: PhaseResult[] = [];
  /** Names of the phases for which no time was left. */
  readonly leftOut: string[] = [];
  readonly #begunAt = performance.now();

  constructor(private readonly options: RunnerOptions) {}

  get isOver(): boolean {
    return performance.now() - this.#begunAt > this.options.forMs;
  }

  /** Waits until the streams of all hosts are there, and what follows their start is over. */
  async untilCalm(site: Site, sources?: readonly PrivateServer[]): Promise<void> {
    const { hosts, agents, say } = this.options;
    const ms = await untilStreams(site, hosts, SETTLE_MS, sources);
    const ended = agents.ended > 0 ? `, ${agents.ended} processes of agents have ended` : '';
    say(ms === undefined ? `  not all streams are there${ended}` : `  all streams are there`);
    await pause(CALM_MS);
  }

  /**
   * Raises alarms while the fault happens, and waits until the streams are back and nothing is raised. Does nothing if the
   * time is up.
   *
   * @throws Error that names the phase and its step, if that takes too long.
   */
  async run<F>(
    phase: Phase<F>,
    fleet: F,
    site: Site,
    sources: readonly PrivateServer[] = site.sources,
  ): Promise<void> {
    if (this.isOver) {
      this.leftOut.push(phase.name);
      return;
    }
    let step = 'preparing';
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fail = (): void => reject(new Error(`"${phase.name}" hangs while ${step}`));
      timer = setTimeout(fail, PHASE_MS + this.options.ms);
    });
    const noteStep = (next: string): void => {
      step = next;
    };
    try {
      await Promise.race([this.#play(phase, fleet, { site, sources }, noteStep), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #play<F>(
    { name, prepare, fault, repair }: Phase<F>,
    fleet: F,
    { site, sources }: { readonly site: Site; readonly sources: readonly PrivateServer[] },
    step: (what: string) => void,
  ): Promise<void> {
    const { alarms, strangers, hosts, rate, ms, say } = this.options;
    await prepare?.(fleet);
    if (prepare) await this.untilCalm(site, sources);
    alarms.phase = name;
    step('the fault happens and alarms are raised');
    const failing = async (): Promise<number | undefined> => {
      await fault?.(fleet);
      return await untilStreams(site, hosts, SETTLE_MS, sources);
    };
    const [streamsBackMs] = await Promise.all([failing(), alarms.raiseFor(ms, rate)]);
    step('it is repaired');
    await repair?.(fleet);
    step('streams come back and alarms are answered');
    if (streamsBackMs === undefined || repair) await untilStreams(site, hosts, SETTLE_MS, sources);
    await alarms.settle(SETTLE_MS);
    await pause(CALM_MS);
    step('strangers are counted');
    const result = { name, streamsBackMs, strangers: await strangers.count() };
    this.results.push(result);
    say(describePhase(result, alarms.raised));
  }
}
