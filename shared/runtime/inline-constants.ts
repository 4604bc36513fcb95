/**
 * Writes the constants of a Lua script where they are used. To Lua 5.1 each is a variable: a function that names it captures it
 * anew in every call of the script, which cost a call of tally.lua a tenth of its time. What is computed from them is then
 * computed when Redis compiles the script.
 */

/** `local NAME, OTHER = 1, 0.5`, with a comment or without: names in capitals and the numbers that they stand for. */
const DECLARATION =
  /^local ([A-Z][A-Z\d_]*(?:, [A-Z][A-Z\d_]*)*) = ([\d.]+(?:e-?\d+)?(?:, [\d.]+(?:e-?\d+)?)*)(?= *(?:--.*)?$)/gm;

/** Names in capitals that stand neither in quotes nor behind a dot. */
const NAME = /(?<!['"\w.])[A-Z][A-Z\d_]*(?!['"\w])/g;

/**
 * @param source of a whole script, with all that it includes
 * @throws Error when a name has no number, or two
 */
export function inlineConstants(source: string): string {
  const constants = new Map<string, string>();
  const rest = source.replace(DECLARATION, (_, names: string, numbers: string) => {
    const values = numbers.split(", ");
    for (const [i, name] of names.split(", ").entries()) {
      const value = values[i];
      if (value === undefined || (constants.get(name) ?? value) !== value) {
        throw new Error(`a Lua script does not say what ${name} is`);
      }
      constants.set(name, value);
    }
    return "";
  });
  return rest.replace(NAME, (name) => constants.get(name) ?? name);
}
