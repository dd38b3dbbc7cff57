import type { DatabaseServer } from '../../domain/database-server.js';
import { DatabaseError } from './database-error.js';
import type { ServerAnswer } from './server-question.js';

/** The server at this place, as it answered. One that is read-only or has lost its quorum may not write. */
export function toServer(place: string, answer: ServerAnswer): DatabaseServer {
  const { isReadOnly, hasQuorum, connectionId: _, ...known } = answer;
  return { place, ...known, hasQuorum, mayWrite: hasQuorum && !isReadOnly };
}

/** Whether a connection that gave this answer is still one to the server that was found, and all is as it was. */
export function suits(server: DatabaseServer, answer: ServerAnswer): boolean {
  const { identity, mayWrite, hasQuorum } = toServer(server.place, answer);
  return identity === server.identity && mayWrite === server.mayWrite && hasQuorum === server.hasQuorum;
}

/** A connection is not to the server any more that was found, or that may no longer write. */
export class OtherServerError extends DatabaseError {
  /** `mayWrite`: whether the server that answered may. */
  constructor(
    place: string,
    readonly mayWrite: boolean,
  ) {
    super(`${place} is another server now, or may no longer write`, { retryable: true });
  }
}
