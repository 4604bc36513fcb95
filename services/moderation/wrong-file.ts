/** A file that is not what the command takes; the message says in a sentence what it is or lacks. */
export class WrongFile extends Error {
  override readonly name = "WrongFile";
}
