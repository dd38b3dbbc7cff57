/** The colours of the page, which a canvas does not inherit. */
export interface Colours {
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly run: string;
  readonly bad: string;
}

/** Reads them from the styles that are in force now: light or dark. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read('ink'),
    muted: read('muted'),
    line: read('line'),
    run: read('run'),
    bad: read('bad'),
  };
}
