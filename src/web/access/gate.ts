import type { IncomingMessage } from 'node:http';
import type { WebConfig } from '../../config/config.js';
import { HttpError } from '../../lib/http/http-error.js';
import { isLoopback } from '../../lib/is-loopback.js';
import { createHostCheck } from './allowed-hosts.js';
import { checkFetchSite, checkOrigin } from './check-origin.js';
import { type Client, findClient, isForwarded } from './client-address.js';
import { SessionCookie } from './session-cookie.js';
import { isSameSecret, type Session, type Sessions } from './sessions.js';

/** Who sees an answer. */
export interface Viewer {
  /** `public`: names, states, counts and times. */
  readonly access: 'public' | 'user';
  readonly session?: Session;
}

/** `open`: everybody; `view`: with a login, or without one where that is allowed; `user`: with a login. */
export type Access = 'open' | 'view' | 'user';

/** Decides for each request whether it is answered, and for whom. */
export class Gate {
  readonly #isOurHost: (header: string | undefined) => boolean;
  readonly cookie: SessionCookie;

  constructor(
    private readonly config: WebConfig,
    private readonly sessions: Sessions,
  ) {
    this.#isOurHost = createHostCheck(config);
    this.cookie = new SessionCookie(config);
  }

  /** @throws HttpError if the request is for another host. */
  admit({ headers }: IncomingMessage): void {
    if (this.#isOurHost(headers.host)) return;
    throw new HttpError(421, 'the page is not offered under this name', {
      remedy: 'set hostname in [web] to the name, and reload',
    });
  }

  /**
   * Called before the body of a request is read. A login needs no token, because there is no session yet.
   *
   * @throws HttpError
   */
  check(message: IncomingMessage, access: Access): void {
    checkFetchSite(message);
    const viewer = this.viewerOf(message);
    if (access !== 'open' && !viewer) throw needsLogin();
    if (access === 'user' && !viewer?.session) throw needsLogin();
    if (message.method !== 'POST') return;
    checkOrigin(message, { hostname: this.config.hostname, isTls: this.config.tls !== undefined });
    if (!/^application\/json\b/i.test(message.headers['content-type'] ?? ''))
      throw new HttpError(415, 'the body must be application/json');
    if (viewer?.session && access === 'user') checkToken(message, viewer.session);
  }

  /** Undefined if nothing is shown to this client. */
  viewerOf(message: IncomingMessage): Viewer | undefined {
    const id = this.cookie.idIn(message);
    const session = id === undefined ? undefined : this.sessions.use(id);
    if (session) return { access: 'user', session };
    const { listen, hostname } = this.config;
    const isLocal = listen !== undefined && isLoopback(listen.host) && hostname === undefined;
    return isLocal && !isForwarded(message) ? { access: 'public' } : undefined;
  }

  /** Looks up the owner of a connection of this host: for a login, not for every request. */
  clientOf(message: IncomingMessage): Promise<Client> {
    return findClient(message, this.config);
  }
}

function checkToken({ headers }: IncomingMessage, { token }: Session): void {
  const sent = headers['x-csrf-token'];
  if (typeof sent === 'string' && isSameSecret(sent, token)) return;
  throw new HttpError(403, 'the token of the page is missing or old', { remedy: 'load the page again' });
}

function needsLogin(): HttpError {
  return new HttpError(401, 'this needs a login');
}
