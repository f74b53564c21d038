/** JSON has whole numbers of any size, and so has Python; JavaScript rounds those beyond 2 ** 53. */

const STRING = /"(?:[^"\\]|\\.)*"/g;
const NUMBER = /-?\d[\d.eE+-]*/g;

/** Whether reading this JSON text would change a whole number in it. */
export function wouldRound(json: string): boolean {
  const numbers = json.replace(STRING, "").match(NUMBER) ?? [];
  return numbers.some((number) => /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)));
}
