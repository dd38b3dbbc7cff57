import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../commands/run-command.js';
import { runtimeDirectory } from '../runtime-directory.js';
import type { SystemdClient } from '../systemd-client.js';
import type { ShellKind } from '../transient-name.js';
import { type CommandRecord, removeRecord, writeRecord } from './command-records.js';
import { becomeCommand, shellUnit } from './shell-unit.js';
import { WaitingShell } from './waiting-shell.js';

/** How many shells of each kind wait. */
export type ShellCounts = Readonly<Record<ShellKind, number>>;

/** No command has begun or ended for so long when a new shell is started, ms: nothing of it is in the way of a reaction. */
const CALM_MS = 100;
const START_TIMEOUT_MS = 5000;
/** A shell that could not be started is tried again after so long, then after twice as long, and so on. */
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 300_000;
/** FIFOs come from a program of their own: so many of one call. */
const FIFOS_AT_ONCE = 8;

/**
 * Shells that wait in units of their own, each for one command: to make a unit takes ten times as long as to tell a
 * shell. They end with this service, however it ends. Where none waits, a command gets a unit made for it.
 */
export class WaitingShells {
  readonly #shells: Record<ShellKind, WaitingShell[]> = { command: [], check: [] };
  #counts: ShellCounts = { command: 0, check: 0 };
  #directory: string | undefined;
  #fifos: string[] = [];
  /** Calls of mkfifo. */
  #calls = 0;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isFilling = false;
  #isClosed = false;

  constructor(private readonly systemd: Pick<SystemdClient, 'startTransient'>) {}

  /** From now on so many wait. */
  keep(counts: ShellCounts): void {
    this.#counts = counts;
    for (const kind of KINDS) for (const shell of this.#shells[kind].splice(counts[kind])) shell.close();
    this.noteActivity();
  }

  /**
   * Hands the command in this file to a shell that waits. Answers the unit it begins in, which has a record by then;
   * undefined: there is none for it.
   */
  tell(kind: ShellKind, commandFile: string, record: CommandRecord): string | undefined {
    for (let shell = this.#shells[kind].shift(); shell; shell = this.#shells[kind].shift()) {
      if (!writeRecord(shell.unit, record)) {
        this.#shells[kind].unshift(shell);
        return undefined;
      }
      if (shell.tell(becomeCommand(commandFile))) return shell.unit;
      removeRecord(shell.unit);
    }
    return undefined;
  }

  /** To be told when a command begins and when it ends. */
  noteActivity(): void {
    this.#fillIn(CALM_MS);
  }

  /** Ends those that wait. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const kind of KINDS) for (const shell of this.#shells[kind].splice(0)) shell.close();
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
  }

  #fillIn(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#fill(), ms);
  }

  /** One at a time, and calm in between. */
  async #fill(): Promise<void> {
    const kind = KINDS.find((one) => this.#shells[one].length < this.#counts[one]);
    if (this.#isFilling || kind === undefined) return;
    this.#isFilling = true;
    const shell = await this.#start(kind).catch(() => undefined);
    this.#isFilling = false;
    if (!shell) {
      this.#fillIn(this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
      return;
    }
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#isClosed || this.#shells[kind].length >= this.#counts[kind]) shell.close();
    else this.#shells[kind].push(shell);
    this.#fillIn(CALM_MS);
  }

  async #start(kind: ShellKind): Promise<WaitingShell | undefined> {
    const fifo = await this.#takeFifo();
    if (fifo === undefined) return undefined;
    const unit = shellUnit(kind, fifo);
    const shell = new WaitingShell(unit.name, fifo);
    try {
      const { outcome } = await this.systemd.startTransient(unit, { timeoutMs: START_TIMEOUT_MS });
      if (outcome === 'done') return shell;
    } catch {
      // systemd cannot be asked now.
    }
    // Should it start all the same, it ends at once.
    shell.close();
    return undefined;
  }

  async #takeFifo(): Promise<string | undefined> {
    if (this.#fifos.length === 0) {
      this.#directory ??= mkdtempSync(join(runtimeDirectory(), 'process-monitor-'));
      const directory = this.#directory;
      this.#calls += 1;
      const paths = Array.from({ length: FIFOS_AT_ONCE }, (_, index) =>
        join(directory, `${this.#calls}-${index}`),
      );
      const made = await runCommand(
        { argv: ['mkfifo', '-m', '600', '--', ...paths] },
        { timeoutMs: START_TIMEOUT_MS },
      );
      if (made.outcome === 'exited' && made.exitCode === 0) this.#fifos = paths;
    }
    return this.#fifos.shift();
  }
}

const KINDS = ['command', 'check'] as const satisfies readonly ShellKind[];
