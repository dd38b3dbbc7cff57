import type { ProcessesRoute } from './routes.js';

/** What is known of the list when the rows of some processes are told. */
interface ListState {
  /** More processes have changed than are told. */
  readonly isCut: boolean;
  /** How many processes there are; undefined before the first answer. */
  readonly total: number | undefined;
  readonly isLoading: boolean;
}

/**
 * Whether the list must be read again: others may belong on it now, or these no more. What is being read may have been
 * written before these rows, and comes after them.
 */
export function isListOutdated(
  { state, sort }: Pick<ProcessesRoute, 'state' | 'sort'>,
  { isCut, total, isLoading }: ListState,
): boolean {
  return isCut || isLoading || state !== 'all' || sort === 'state' || total === 0;
}
