/** The bytes of a voter's record; buckets.lua reads the same layout. */

/** Length of a voter's pseudonym. */
export const VOTER_BYTES = 8;

/** Length of a source. */
export const SOURCE_BYTES = 3;

/** 42 bits of time, 6 bits of reaction, 24 bits of source. */
export const RECORD_BYTES = 6 + SOURCE_BYTES;

/** The reaction of a voter who withdrew: the record stays, so that an older vote that comes late cannot come back. */
export const WITHDRAWN = 31;

/** The reaction of a voter whose vote an order took out; the record stays for the same reason. */
export const TAKEN = 30;

/**
 * So much more than its index is the reaction of a held vote: it is shown to its voter and stands in no total until it is
 * plausible (crowd.lua) or a moderator says so.
 */
export const HELD = 8;

/** So much more than its index is a reaction asked for that must not be held: nobody's limits apply to it, or it was judged before. */
export const SETTLED = 16;

/** Whether a record's reaction is that of a held vote. */
export function isHeld(reaction: number): boolean {
  return reaction >= HELD && reaction < 2 * HELD;
}

interface RecordFields {
  /** Redis time in ms, below `STAMP_MS_END`. */
  readonly at: number;
  /** An index, or `WITHDRAWN`. */
  readonly reaction: number;
  /** 24 bits. */
  readonly source: number;
}

/** Writes a record's bytes at `offset`. */
export function writeRecord(into: Buffer, offset: number, { at, reaction, source }: RecordFields): void {
  into.writeUIntBE(at * 64 + reaction, offset, 6);
  into.writeUIntBE(source, offset + 6, SOURCE_BYTES);
}

/** The stamp of the record whose bytes begin at `offset`. */
export function readStamp(from: Buffer, offset: number): number {
  return Math.floor(from.readUIntBE(offset, 6) / 64);
}
