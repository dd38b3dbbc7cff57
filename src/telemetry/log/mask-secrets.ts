import { escapeControlCharacters } from './escape-control-characters.js';

/** A shorter secret would mask half of every line, and hide nothing that cannot be guessed. */
const SHORTEST_SECRET = 3;

/**
 * Returns a function that replaces each secret in a text by `***` (R24): as it is, as JSON escapes it, and as
 * the log shows its control characters.
 */
export function createMask(secrets: readonly string[]): Mask {
  const known = masks.get(secrets);
  if (known) return known;
  const mask = compose(secrets);
  masks.set(secrets, mask);
  return mask;
}

type Mask = (text: string) => string;

/** Every line of the log asks, with the same list. */
const masks = new WeakMap<readonly string[], Mask>();

function compose(secrets: readonly string[]): Mask {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(escapeControlCharacters(secret));
  }
  // The longest first: a secret that begins another one must not leave the other's end readable.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}
