import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { StdoutSink } from '../../../../src/telemetry/log/stdout-sink.js';

/** Takes nothing until it is told to. */
class StalledReader extends Writable {
  taken: string[] = [];
  #waiting: (() => void) | undefined;
  #moving = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk.toString());
    if (this.#moving) done();
    else this.#waiting = done;
  }

  move(): void {
    this.#moving = true;
    this.#waiting?.();
  }
}

const line = `${'x'.repeat(999)}\n`;

describe('StdoutSink', () => {
  it('R13: a reader that stands still costs a bounded amount of memory, and the lines that it cost are counted', async () => {
    const reader = new StalledReader();
    const sink = new StdoutSink(reader, () => undefined);
    for (let written = 0; written < 5000; written += 1) sink.write(line);
    expect(reader.writableLength).toBeLessThan(1.1 * 1024 * 1024);
    expect(sink.takeDropped()).toBe(0);

    const drained = new Promise((resolve) => reader.once('drain', resolve));
    reader.move();
    await drained;
    expect(reader.taken.length + sink.takeDropped()).toBe(5000);
    expect(sink.takeDropped()).toBe(0);
  });

  it('R13: a stdout that breaks is reported once and never written again', async () => {
    const reasons: string[] = [];
    let writes = 0;
    const broken = new Writable({
      write(_chunk, _encoding, done) {
        writes += 1;
        done(new Error('write EPIPE'));
      },
    });
    const sink = new StdoutSink(broken, (reason) => reasons.push(reason));
    const failed = new Promise((resolve) => broken.once('error', resolve));
    sink.write(line);
    await failed;
    sink.write(line);
    expect(reasons).toEqual(['write EPIPE']);
    expect(writes).toBe(1);
  });

  it('R13: survives a stdout whose write throws', () => {
    const reasons: string[] = [];
    const throwing = new Writable();
    throwing.write = () => {
      throw new Error('no such device');
    };
    new StdoutSink(throwing, (reason) => reasons.push(reason)).write(line);
    expect(reasons).toEqual(['no such device']);
  });
});
