import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname as nameOfHost } from 'node:os';
import type { WebConfig } from '../../config/config.js';
import { isLoopback } from '../../lib/is-loopback.js';
import { nameIn } from './allowed-hosts.js';
import { isForwarded } from './client-address.js';

type Headers = Readonly<Record<string, string>>;

/**
 * The cookie that has the id of the session. No script sees it, and no other site makes the browser send it.
 *
 * Cookies know no ports: through tunnels to two hosts a browser would send both pages the same one, and each would log
 * the other out. So its name is that of this host and address. Where browsers use HTTPS it begins with `__Host-`: then
 * no other host of the domain can set it.
 */
export class SessionCookie {
  /** As most browsers send it. */
  readonly name: string;
  readonly #plain: string;
  readonly #secure: string;

  constructor(
    private readonly config: Pick<WebConfig, 'listen' | 'hostname' | 'tls'>,
    host = nameOfHost(),
  ) {
    const { listen, hostname, tls } = config;
    const place = createHash('sha256').update(`${host} ${listen?.host} ${listen?.port}`).digest('hex');
    this.#plain = `monitor_session_${place.slice(0, 8)}`;
    this.#secure = `__Host-${this.#plain}`;
    this.name = tls || hostname !== undefined ? this.#secure : this.#plain;
  }

  /** The id that the browser sends; undefined if there is none, or more than one. */
  idIn(message: IncomingMessage): string | undefined {
    const name = this.#names(message).find((each) => valuesOf(each, message).length > 0);
    const [only, ...more] = name === undefined ? [] : valuesOf(name, message);
    return more.length > 0 ? undefined : only;
  }

  /** The header that makes the browser keep the id. */
  keep(id: string, message: IncomingMessage): Headers {
    const isSecure = this.config.tls !== undefined || message.headers.origin?.startsWith('https:') === true;
    return this.#set(isSecure ? this.#secure : this.#plain, id);
  }

  /** The header that makes the browser forget what it has sent. */
  forget(message: IncomingMessage): Headers {
    const [first = this.#plain, ...more] = this.#names(message);
    const sent = [first, ...more].find((name) => valuesOf(name, message).length > 0);
    return this.#set(sent ?? first, '', 'Max-Age=0; ');
  }

  #set(name: string, id: string, more = ''): Headers {
    const secure = name === this.#secure ? '; Secure' : '';
    return { 'Set-Cookie': `${name}=${id}; ${more}Path=/; HttpOnly; SameSite=Strict${secure}` };
  }

  /** Behind a proxy the page can be reached directly as well, by a tunnel, and then without HTTPS. */
  #names(message: IncomingMessage): readonly string[] {
    const { hostname, tls } = this.config;
    if (tls) return [this.#secure];
    if (hostname === undefined) return [this.#plain];
    const isDirect = isLoopback(nameIn(message.headers.host) ?? '') && !isForwarded(message);
    return isDirect ? [this.#secure, this.#plain] : [this.#secure];
  }
}

function valuesOf(name: string, { headers }: IncomingMessage): readonly string[] {
  return (headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
}
