import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../dist/web/', import.meta.url);
const read = (file: string): Buffer => readFileSync(new URL(file, folder));
const files = readdirSync(folder);

describe('the files of the page', () => {
  it('are these, each with its compressed forms', () => {
    const plain = ['app.css', 'app.js', 'icon.svg', 'index.html'];
    expect(files.sort()).toEqual(plain.flatMap((file) => [file, `${file}.br`, `${file}.gz`]).sort());
  });

  it('have less than 60 KB in all, compressed', () => {
    const sum = files
      .filter((file) => file.endsWith('.gz'))
      .reduce((bytes, file) => bytes + read(file).length, 0);
    expect(sum).toBeGreaterThan(10_000);
    expect(sum).toBeLessThan(60_000);
  });

  it('have no script and no style that the policy of the page forbids', () => {
    const html = read('index.html').toString();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
    for (const [, attributes] of html.matchAll(/<script([^>]*)>/g))
      expect(attributes).toContain('src="/assets/');
    expect(read('app.js').toString()).not.toMatch(
      /\beval\(|new Function\(|innerHTML|insertAdjacentHTML|document\.write/,
    );
  });

  it('name no other host', () => {
    const hosts = files
      .filter((file) => !/\.(br|gz)$/.test(file))
      .flatMap((file) => [
        ...read(file)
          .toString()
          .matchAll(/(?:https?:)?\/\/([\w.-]+\.[a-z]{2,})/g),
      ])
      .map(([, host]) => host);
    // The name of SVG, at which nobody asks.
    expect([...new Set(hosts)]).toEqual(['www.w3.org']);
  });
});
