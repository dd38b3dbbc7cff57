import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConfigSections } from '../../support/service/config-file.js';
import type { DaemonRunner, LabDaemon } from './daemon-runner.js';
import { favour } from './favour.js';

interface DaemonKeeperOptions {
  /** Where the state file is. */
  readonly directory: string;
  readonly runner: DaemonRunner;
  readonly config: () => ConfigSections;
  /** Told of each process that died with the daemon. */
  readonly onKilled: (pid: number) => Promise<void>;
}

/** When something kept the service from working or from hearing of the table, ms since the epoch. */
export interface Pause {
  readonly from: number;
  readonly to: number;
  readonly what: 'killed' | 'stopped' | 'frozen' | 'starved' | 'cut off';
  /** After a SIGKILL: the processes that the state file had as verified. */
  readonly saved?: readonly number[];
  /** When that file was begun to be written, ms since the epoch; 0: there was none. */
  readonly savedAt?: number;
}

/** Starts the daemon, ends it in all ways, and keeps account of what that did to it. */
export class DaemonKeeper {
  readonly pauses: Pause[] = [];
  /** Ends that must not be: a crash, or an exit code other than 0. */
  readonly badExits: string[] = [];
  readonly #ended: LabDaemon[] = [];
  #running: LabDaemon | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: DaemonKeeperOptions) {}

  /** @throws Error where it does not run. */
  get daemon(): LabDaemon {
    if (!this.#running) throw new Error('the daemon does not run');
    return this.#running;
  }

  /** What all of them wrote to stdout, in order. */
  lines(): readonly string[] {
    const all = this.#running ? [...this.#ended, this.#running] : this.#ended;
    return all.flatMap((daemon) => daemon.lines());
  }

  stderr(): string {
    const all = this.#running ? [...this.#ended, this.#running] : this.#ended;
    return all.map((daemon) => daemon.stderr()).join('');
  }

  start(): Promise<void> {
    return this.#concatSteps(async () => {
      const daemon = await this.options.runner.start(this.options.config());
      this.#running = daemon;
      favour(daemon.pid);
      await daemon.waitForLine(/monitor_service: started, pid/);
      const note = (how: unknown): void => {
        if (this.#running === daemon) this.badExits.push(`the daemon ended by itself: ${how}`);
      };
      // Under systemd it may not be known how: the next run may have begun.
      void daemon.exit.then(({ code, signal }) => note(signal ?? code), note);
    });
  }

  /** SIGKILL, then the same to all that it had started; starts it again after `downMs`. */
  async kill(downMs: number): Promise<void> {
    const from = Date.now();
    await this.#end('SIGKILL');
    for (const pid of await this.options.runner.clearUp()) await this.options.onKilled(pid);
    const saved = await this.#readVerified();
    await delay(downMs);
    await this.start();
    this.pauses.push({ from, to: Date.now(), what: 'killed', ...saved });
  }

  /** SIGTERM, the end in good order; starts it again after `downMs`. */
  async terminate(downMs: number): Promise<void> {
    const from = Date.now();
    await this.stop();
    await delay(downMs);
    await this.start();
    this.pauses.push({ from, to: Date.now(), what: 'stopped' });
  }

  async stop(): Promise<void> {
    const code = await this.#end('SIGTERM');
    if (code !== 0) this.badExits.push(`after SIGTERM it ended with ${code}`);
    // Nothing should be left: who counts that looks before this.
    for (const pid of await this.options.runner.endLeftBehind()) {
      this.badExits.push(`process ${pid} outlived the daemon that had started it`);
      await this.options.onKilled(pid);
    }
  }

  /** Kills whatever runs, however the lab has ended. */
  async abandon(): Promise<void> {
    await this.#turn;
    if (this.#running) await this.#end('SIGKILL');
    await this.options.runner.endLeftBehind();
  }

  async freeze(ms: number): Promise<void> {
    const from = Date.now();
    const { daemon } = this;
    daemon.signal('SIGSTOP');
    await delay(ms);
    daemon.signal('SIGCONT');
    this.pauses.push({ from, to: Date.now(), what: 'frozen' });
  }

  /** Writes the configuration and tells a daemon that runs. */
  reload(): Promise<void> {
    return this.#concatSteps(async () => {
      // One that starts next writes its own.
      await this.#running?.rewriteConfig(this.options.config());
      this.#running?.signal('SIGHUP');
    });
  }

  async #readVerified(): Promise<Pick<Pause, 'saved' | 'savedAt'>> {
    const file = join(this.options.directory, 'state.json');
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return { saved: [], savedAt: 0 };
    return { saved: Object.keys(JSON.parse(text).verified).map(Number), savedAt: (await stat(file)).mtimeMs };
  }

  #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    return this.#concatSteps(async () => {
      const { daemon } = this;
      this.#running = undefined;
      this.#ended.push(daemon);
      if (signal === 'SIGKILL') daemon.signal(signal);
      const exit = signal === 'SIGKILL' ? await daemon.exit : await daemon.stop();
      return exit.signal ?? exit.code;
    });
  }

  #concatSteps<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
