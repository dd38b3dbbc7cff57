import ini from 'ini';

/** What may be written around a value, by its kind. */
interface ValueRules {
  /** Numbers, words and yes/no never contain `;` or `#`, so a comment may follow. */
  readonly commentAllowed: boolean;
  /** A command may begin with a quoted word whose quotes are for the shell. */
  readonly shellQuotes: boolean;
}

type ValueReading =
  | { readonly text: string }
  /** `isCut`: the rest of the line certainly belongs to the value, but would be cut off. */
  | { readonly problem: string; readonly isCut?: true };

/**
 * Reads a value with the `ini` package, or says why it would be misread (R23). `ini` cuts at an unquoted `;` or `#`,
 * halves `\\`, reads single-quoted text as JSON and strips the outer quotes of `'a' | b 'c'`, all without a word. So
 * the plain meaning of the line is worked out as well. If the two differ it is a fault, never a silent change. The
 * problem does not show the value (R24).
 */
export function readValue(raw: string, rules: ValueRules): ValueReading {
  const quote = raw[0];
  if (quote === '"' || quote === "'") {
    const end = closingQuote(raw, quote);
    if (end === -1) return { problem: `the quote is not closed, allowed: a value that ends with ${quote}` };
    if (end === raw.length - 1) return readQuoted(raw, quote);
    if (!rules.shellQuotes) {
      return { problem: 'text after the closing quote, allowed: quotes around the whole value' };
    }
  }
  const cut = /^(?:\\.|[^\\;#])*[;#]/.test(raw);
  if (cut && !rules.commentAllowed) {
    return {
      isCut: true,
      problem: `everything after an unquoted ; or # would be cut off, allowed: ${IN_DOUBLE_QUOTES}, or \\; and \\#`,
    };
  }
  const plain = cut ? raw.replace(/[;#].*$/, '').trim() : raw.replace(/\\([;#])/g, '$1');
  return asIniReads(raw, plain);
}

const IN_DOUBLE_QUOTES = 'the whole value in double quotes';

function closingQuote(raw: string, quote: string): number {
  if (quote === "'") return raw.indexOf(quote, 1);
  return /^"(?:\\.|[^"\\])*"/.exec(raw)?.[0].lastIndexOf('"') ?? -1;
}

function readQuoted(raw: string, quote: string): ValueReading {
  const inner = raw.slice(1, -1);
  if (quote === "'") return asIniReads(raw, inner);
  // JSON would turn "C:\temp" into a tab. Only the two escapes that nobody writes by chance are accepted.
  if (/\\[^"\\]/.test(inner.replace(/\\\\/g, ''))) {
    return { problem: 'a lone backslash in double quotes, allowed: \\\\ for a backslash, \\" for a quote' };
  }
  return asIniReads(raw, inner.replace(/\\(["\\])/g, '$1'));
}

function asIniReads(raw: string, plain: string): ValueReading {
  const read: unknown = ini.parse(`value = ${raw}`).value;
  return String(read) === plain
    ? { text: plain }
    : {
        problem: `is ambiguous, allowed: ${IN_DOUBLE_QUOTES}; in them, write \\\\ for \\ and \\" for "`,
      };
}
