import { ApiError, get } from './api.js';

/** However often something changes, what depends on it is read at most this often, ms. */
const INTERVAL_MS = 1000;

/** What a page reads from the service, and reads again when the service says that it has changed. */
export class Resource<T> {
  value: T | undefined;
  error: ApiError | undefined;
  #path: string | undefined;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  /** It has changed since the reading that is under way was begun. */
  #isStale = false;

  constructor(
    private readonly onChange: () => void,
    private readonly intervalMs = INTERVAL_MS,
  ) {}

  get isLoading(): boolean {
    return this.#abort !== undefined;
  }

  /** Reads from this path, at once; what was read from another one stays until the answer is here. */
  load(path: string): void {
    this.#path = path;
    this.#read();
  }

  /** Reads again, soon. A reading that is under way ends first, or a slow service would never be heard to its end. */
  reload(): void {
    if (this.isLoading) this.#isStale = true;
    if (this.isLoading || this.#timer !== undefined || this.#path === undefined) return;
    const wait = Math.max(0, this.#readAt + this.intervalMs - performance.now());
    this.#timer = setTimeout(() => this.#read(), wait);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#path = undefined;
  }

  #read(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const path = this.#path;
    if (path === undefined) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#readAt = performance.now();
    this.#isStale = false;
    get<T>(path, abort.signal).then(
      (value) => this.#settle(abort, () => this.#take(value)),
      (error: unknown) => {
        const failure = error instanceof ApiError ? error : new ApiError(0, String(error));
        this.#settle(abort, () => {
          this.error = failure;
        });
      },
    );
  }

  #take(value: T): void {
    this.value = value;
    this.error = undefined;
  }

  #settle(abort: AbortController, set: () => void): void {
    // Another reading has been begun since, or nobody waits any more.
    if (this.#abort !== abort || abort.signal.aborted) return;
    this.#abort = undefined;
    set();
    if (this.#isStale) this.reload();
    this.onChange();
  }
}
