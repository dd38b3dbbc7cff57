import type { ServerResponse } from 'node:http';

/** A reader who takes nothing of an answer for this time is gone, ms. */
export const STALLED_MS = 60_000;

/** There may be long silences in this answer: its connection is not cut off for them. */
export function holdResponse(response: ServerResponse): void {
  response.socket?.setTimeout(0);
}

/** Ends an answer that was held. Who does not take the rest of it is cut off. */
export function endHeldResponse(response: ServerResponse): void {
  response.socket?.setTimeout(STALLED_MS);
  response.end();
}
