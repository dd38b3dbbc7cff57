interface Interpreter {
  /** Matches the name of the executable. */
  readonly name: RegExp;
  /** Options whose next argument is a value. */
  readonly valued?: RegExp;
  /** Options after which the program is text on the command line, so that there is no script. */
  readonly inline?: RegExp;
  /** Options whose next argument is the program: a module, an archive. */
  readonly program?: RegExp;
}

const INTERPRETERS: readonly Interpreter[] = [
  {
    name: /^(ba|da|a|k|z|mk)?sh[0-9.]*$/,
    valued: /^([-+][oO]|--rcfile|--init-file)$/,
    inline: /^-[a-zA-Z]*c[a-zA-Z]*$/,
  },
  {
    name: /^(python|pypy)[0-9.]*$/,
    valued: /^(-[WX]|--check-hash-based-pycs)$/,
    inline: /^-[a-zA-Z]*c/,
    program: /^-m$/,
  },
  { name: /^perl[0-9.]*$/, inline: /^-(?![MmI])[a-zA-Z0-9]*[eE]$/ },
  { name: /^ruby[0-9.]*$/, valued: /^-[IrEC]$/, inline: /^-[a-z]*e$/ },
  {
    name: /^php[0-9.]*$/,
    valued: /^(-[cdz]|--php-ini|--define)$/,
    inline: /^-[rBR]$/,
    program: /^(-f|--file)$/,
  },
  {
    name: /^(node|nodejs|bun)[0-9.]*$/,
    valued: /^(-[rC]|--require|--import|--loader|--experimental-loader|--conditions)$/,
    inline: /^(-e|-p|-pe|--eval|--print)$/,
  },
  {
    name: /^java[0-9.]*$/,
    valued: /^(-cp|-classpath|--class-path|-p|--module-path|--add-(modules|opens|exports|reads))$/,
    program: /^(-jar|-m|--module)$/,
  },
  { name: /^(lua|tclsh|Rscript|guile|escript)[0-9.]*$/ },
];

/** Whether a program of this name runs scripts. */
export function isInterpreter(executable: string): boolean {
  return INTERPRETERS.some(({ name }) => name.test(executable));
}

/**
 * The script (file, module, archive or class) that an interpreter runs, e.g. `/opt/app/worker.py` in `python3 -u
 * /opt/app/worker.py --queue mail`. Undefined if it is no interpreter or has no script among its arguments.
 */
export function scriptArgument(
  executable: string,
  argv: readonly (string | undefined)[],
): string | undefined {
  const interpreter = INTERPRETERS.find(({ name }) => name.test(executable));
  if (!interpreter) return undefined;
  for (let index = 1; index < argv.length; index += 1) {
    const argument = argv[index];
    if (argument === undefined) return undefined;
    if (argument === '--' || interpreter.program?.test(argument)) return argv[index + 1];
    if (interpreter.valued?.test(argument)) index += 1;
    else if (interpreter.inline?.test(argument)) return undefined;
    else if (!/^[-+]./.test(argument)) return argument;
  }
  return undefined;
}
