/** One of the secrets that sign voters' tokens. */
export interface SecretKey {
  /** Stands in the tokens that it signed; 1 to 16 letters, digits, `-` or `_`. */
  readonly id: string;
  readonly secret: string;
}

/** `SECRET`, taken apart. */
export interface Secrets {
  /** The first signs; all verify. */
  readonly verifying: readonly SecretKey[];
  /** Keys the pseudonyms. */
  readonly naming: string;
}

interface Entry {
  readonly key: SecretKey;
  /** Whether it signs nothing yet. */
  readonly waits: boolean;
}

const SECRET_CHARACTERS_MIN = 16;

/**
 * Secrets as they are written down, the newest first: `id:secret,id:secret,…`, or one without an id. `+id:secret` verifies and
 * does not sign yet, for while some processes do not know it; the last, which names voters, may be `*:secret`, which does
 * nothing else.
 * @returns undefined of what cannot be meant
 */
export function parseSecrets(text: string): Secrets | undefined {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const last = parts.at(-1) ?? "";
  const onlyNaming = last.startsWith("*:");
  const entries = (onlyNaming ? parts.slice(0, -1) : parts).map(entryOf);
  const signing = entries.filter(({ waits }) => !waits);
  const verifying = [...signing, ...entries.filter(({ waits }) => waits)].map(({ key }) => key);
  const naming = onlyNaming ? last.slice(2) : (entries.at(-1)?.key.secret ?? "");
  const faulty =
    signing.length === 0 ||
    // It has named voters since the first start, so there is nobody who does not know it yet.
    (!onlyNaming && entries.at(-1)?.waits === true) ||
    parts.some((part, at) => isMarkedInVain(part, at === parts.length - 1)) ||
    [naming, ...verifying.map(({ secret }) => secret)].some(({ length }) => length < SECRET_CHARACTERS_MIN) ||
    // One that stands before the last was meant to name, and would sign.
    verifying.some(({ secret }) => secret.startsWith("*:")) ||
    // Listed twice it would go on verifying.
    (onlyNaming && verifying.some(({ secret }) => secret === naming)) ||
    new Set(verifying.map(({ id }) => id)).size < verifying.length;
  return faulty ? undefined : { verifying, naming };
}

const ENTRY = /^(\+?)([A-Za-z0-9_-]{1,16}):(.+)$/;

function entryOf(part: string): Entry {
  const [, mark, id = "1", secret = part] = ENTRY.exec(part) ?? [];
  return { key: { id, secret }, waits: mark === "+" };
}

/**
 * Whether a part has a mark and no id: it would sign at once. A secret may begin with a plus sign, too: as the only one, or the
 * oldest, it is taken for that; elsewhere it is written with its id.
 */
function isMarkedInVain(part: string, isLast: boolean): boolean {
  if (!part.startsWith("+") || ENTRY.test(part)) return false;
  return !isLast || /^\+\*?:/.test(part);
}
