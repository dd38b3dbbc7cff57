import type { ServerResponse } from 'node:http';
import { endHeldResponse, holdResponse } from '../../lib/http/held-response.js';
import type { Viewer } from '../access/gate.js';
import type { LiveEventName } from '../contract/live.js';

/** A reader who is this far behind is dropped: what is kept for it is memory of the service. Bytes. */
const MAX_BEHIND_BYTES = 512 * 1024;
const BEAT: LiveEventName = 'beat';

/** One open page. */
export class LiveClient {
  /** Undefined until it has its first snapshot. */
  parts: Readonly<Record<string, string>> | undefined;
  #isBehind = false;
  #isGone = false;

  constructor(
    readonly viewer: Viewer,
    private readonly response: ServerResponse,
    /** Called once, when nothing more can be sent. Node.js does not always emit `close` for a response. */
    private readonly onGone: () => void,
  ) {
    response.on('error', () => {});
    response.on('close', () => this.#leave());
    holdResponse(response);
    response.socket?.setKeepAlive(true, 30_000);
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    response.write('retry: 1000\n\n');
  }

  /** `json` is one line. */
  send(name: LiveEventName, json: string): void {
    if (this.#isGone) return;
    this.response.write(`event: ${name}\ndata: ${json}\n\n`);
    if (this.response.writableLength > MAX_BEHIND_BYTES) this.drop();
  }

  /** A sign of life. A reader who has taken nothing since the last one is gone. */
  beat(): void {
    if (this.#isGone) return;
    if (this.#isBehind && this.response.writableLength > 0) return void this.drop();
    // Not a comment, which no script sees: a connection that was cut without a word is noticed by its absence.
    this.response.write(`event: ${BEAT}\ndata: {"at":${Date.now()}}\n\n`);
    this.#isBehind = this.response.writableLength > 0;
  }

  end(reason: 'stopping' | 'session-over'): void {
    this.send('bye', JSON.stringify({ reason }));
    if (this.#isGone) return;
    endHeldResponse(this.response);
    this.#leave();
  }

  drop(): void {
    this.response.destroy();
    this.#leave();
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.onGone();
  }
}
