/** One transaction of the lab that may have changed an alarm. */
export interface Commit {
  readonly id: string;
  /** How it was done, for people. */
  readonly way: string;
  /** Just before the statement was sent that committed it, ms since the epoch: it was committed no sooner. */
  readonly from: number;
  /** When the server had confirmed it; absent where the answer never came: only the server knows. */
  readonly to?: number;
  /** It was rolled back: the history must not have it. */
  readonly undone?: true;
}

/** What the raisers remember of their transactions, beside the server's own history. */
export class Commits {
  readonly #byId = new Map<string, Commit>();
  #made = 0;

  get size(): number {
    return this.#byId.size;
  }

  nextId(): string {
    this.#made += 1;
    return `c${this.#made}`;
  }

  get(id: string | null): Commit | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  all(): readonly Commit[] {
    return [...this.#byId.values()];
  }

  /** Remembers when the commit was sent and when it was confirmed; what it throws passes through. */
  async around<T>(id: string, way: string, send: () => Promise<T>): Promise<T> {
    const begun: Commit = { id, way, from: Date.now() };
    this.#byId.set(id, begun);
    const result = await send();
    // Rounded up, as `from` is rounded down.
    this.#byId.set(id, { ...begun, to: Date.now() + 1 });
    return result;
  }

  noteUndone(id: string, way: string): void {
    this.#byId.set(id, { id, way, from: Date.now(), undone: true });
  }
}
