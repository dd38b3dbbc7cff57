/**
 * How something stands, told by a shape and a colour beside its words, never by colour alone. `ok`: nothing to do.
 * `run`: being done. `wait`: waits for its turn. `held`: an administrator holds it back. `warn`: look at it. `bad`: it
 * has failed. `none`: nothing is known.
 */
export type Mark = 'ok' | 'run' | 'wait' | 'held' | 'warn' | 'bad' | 'none';

/** A mark and its words. */
export interface Told {
  readonly mark: Mark;
  readonly text: string;
  /** What follows, without the colour: a page of red says no more than one red word. */
  readonly more?: string;
}
