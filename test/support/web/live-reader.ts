import type { IncomingMessage } from 'node:http';

interface LiveEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Reads the server-sent events of an answer. */
export class LiveReader {
  readonly events: LiveEvent[] = [];
  readonly ended: Promise<void>;
  #rest = '';
  #waiting: (() => void)[] = [];

  constructor(readonly message: IncomingMessage) {
    message.setEncoding('utf8').on('data', (chunk: string) => this.#take(chunk));
    this.ended = new Promise((resolve) => {
      message.on('close', () => {
        resolve();
        this.#wake();
      });
    });
  }

  /** The first event of this name, and of which this is true, from the event with this index on. */
  async waitFor<T>(name: string, isMeant: (data: T) => boolean = () => true, from = 0): Promise<T> {
    for (let at = from; ; ) {
      for (; at < this.events.length; at += 1) {
        const event = this.events[at];
        if (event?.name === name && isMeant(event.data as T)) return event.data as T;
      }
      if (this.message.closed) {
        throw new Error(`no event ${name} came: ${this.events.map((event) => event.name).join(', ')}`);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  close(): void {
    this.message.destroy();
  }

  #take(chunk: string): void {
    const blocks = `${this.#rest}${chunk}`.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name !== undefined && data !== undefined) this.events.push({ name, data: JSON.parse(data) });
    }
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
