/** The bytes of a voter's record; buckets.lua reads the same layout. */

/** Length of a voter's pseudonym. */
export const VOTER_BYTES = 8;

/** 44 bits of time, 4 bits of reaction, 32 bits of source. */
export const RECORD_BYTES = 10;

/** The reaction of a voter who withdrew: the record stays, so that an older vote that comes late cannot come back. */
export const WITHDRAWN = 15;

/** The reaction of a voter whose vote an order took out; the record stays for the same reason. */
export const TAKEN = 14;

interface RecordFields {
  /** Redis time in ms; 44 bits last until the year 2527. */
  readonly at: number;
  /** An index, or `WITHDRAWN`. */
  readonly reaction: number;
  /** 32 bits. */
  readonly source: number;
}

/** Writes a record's bytes at `offset`. */
export function writeRecord(into: Buffer, offset: number, { at, reaction, source }: RecordFields): void {
  into.writeUIntBE(at * 16 + reaction, offset, 6);
  into.writeUInt32BE(source, offset + 6);
}
