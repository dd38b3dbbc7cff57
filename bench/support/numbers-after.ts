/** The numbers of the lines `WORD NUMBER`, in which helper processes report. */
export function numbersAfter(word: string, lines: readonly string[]): readonly number[] {
  return lines
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => Number(line.slice(word.length + 1)))
    .filter(Number.isFinite);
}
