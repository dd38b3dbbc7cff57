import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { LiveReader } from './live-reader.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Undefined if the body is no JSON. */
  readonly json: unknown;
}

interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, with what a browser sends beside it. */
  readonly body?: unknown;
}

/** A browser without a window: it keeps its cookie and the token of its session, and sends the Origin. */
export class PageClient {
  cookie: string | undefined;
  token: string | undefined;

  constructor(
    readonly port: number,
    private readonly options: { readonly host?: string; readonly ca?: string } = {},
  ) {}

  get origin(): string {
    return `${this.options.ca === undefined ? 'http' : 'https'}://${this.#host}`;
  }

  async ask(path: string, { method, headers = {}, body }: Question = {}): Promise<Answer> {
    const content = body === undefined ? '' : JSON.stringify(body);
    const message = await this.open(path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      content,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json', Origin: this.origin }),
        ...(this.token === undefined ? {} : { 'X-CSRF-Token': this.token }),
        ...headers,
      },
    });
    const answer = await text(message);
    return { status: message.statusCode ?? 0, headers: message.headers, text: answer, json: parse(answer) };
  }

  /** The answer as it begins. A header with an empty value is left out. */
  async open(
    path: string,
    {
      method = 'GET',
      content = '',
      headers = {},
    }: { method?: string; content?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<IncomingMessage> {
    const { ca } = this.options;
    const all = {
      Host: this.#host,
      ...(this.cookie === undefined ? {} : { Cookie: this.cookie }),
      ...(content === '' ? {} : { 'Content-Length': String(Buffer.byteLength(content)) }),
      ...headers,
    };
    const asking = (ca === undefined ? httpRequest : httpsRequest)({
      ...{ host: '127.0.0.1', port: this.port, path, method, agent: false },
      ...(ca === undefined ? {} : { ca, servername: 'localhost' }),
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    });
    asking.end(content);
    const [message] = (await once(asking, 'response')) as [IncomingMessage];
    // A reset after this is one of the answer, which says so itself.
    asking.on('error', () => {});
    return message;
  }

  /** Logs in, and keeps the cookie and the token. */
  async logIn(user: string, password: string): Promise<Answer> {
    const answer = await this.ask('/api/login', { body: { user, password } });
    const [cookie] = answer.headers['set-cookie'] ?? [];
    if (answer.status === 200 && cookie !== undefined) {
      [this.cookie] = cookie.split(';');
      this.token = (answer.json as { token: string }).token;
    }
    return answer;
  }

  async live(): Promise<LiveReader> {
    return new LiveReader(await this.open('/api/live'));
  }

  get #host(): string {
    return this.options.host ?? `${this.options.ca === undefined ? '127.0.0.1' : 'localhost'}:${this.port}`;
  }
}

function parse(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
