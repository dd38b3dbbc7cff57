import { escapeControlCharacters } from '../../lib/escape-control-characters.js';

/** A shorter secret would mask half of every line, and can be guessed anyway. */
const MIN_SECRET_LENGTH = 3;

/**
 * Returns a function that replaces each secret in a text by `***` (R24), also as JSON escapes it, and as the log shows
 * its control characters.
 */
export function createMask(secrets: readonly string[]): Mask {
  const known = masks.get(secrets);
  if (known) return known;
  const mask = compose(secrets);
  masks.set(secrets, mask);
  return mask;
}

type Mask = (text: string) => string;

/** Every log line needs a mask, with the same list of secrets. */
const masks = new WeakMap<readonly string[], Mask>();

function compose(secrets: readonly string[]): Mask {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(escapeControlCharacters(secret));
  }
  // Longest first: otherwise a secret that begins a longer one would leave the rest of the longer one readable.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}
