import ini from 'ini';

/** What a value's kind lets stand around it. */
interface ValueRules {
  /** Numbers, words and yes/no cannot hold a `;` or `#`: what follows one is a comment. */
  readonly commentAllowed: boolean;
  /** A command may begin with a quoted word that the shell, not the file, is to unquote. */
  readonly shellQuotes: boolean;
}

type ValueReading = { readonly text: string } | { readonly problem: string };

/**
 * The text that a value stands for, read by the `ini` package, or why it would be misread (R23).
 * `ini` cuts at an unquoted `;` or `#`, halves `\\`, takes what is in single quotes for JSON, strips the outer quotes
 * of `'a' | b 'c'`, and says nothing of it. So what the line plainly says is worked out beside it, and where
 * the two differ it is a fault, never a silent change. The problem does not show the value (R24).
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
      problem: `everything from an unquoted ; or # on would be cut off, allowed: ${IN_DOUBLE_QUOTES}, or \\; and \\#`,
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
  // JSON would turn "C:\temp" into a tab: only the two escapes that nobody writes by chance are taken.
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
        problem: `would not be read as it is written, allowed: ${IN_DOUBLE_QUOTES}, with \\\\ for a backslash and \\" for a quote`,
      };
}
