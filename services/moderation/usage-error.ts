/** The command was called in a way that cannot be meant; ends with exit code 2. The message is a sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
