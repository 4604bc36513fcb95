/** Something did not happen in time; it may still happen later. */
export class LateError extends Error {
  override readonly name = "LateError";
}

/**
 * `work`, if it settles within `limit_ms`.
 * @throws LateError with `sentence` when it does not; or whatever `work` rejects with
 */
export async function within<Value>(
  limit_ms: number,
  work: Promise<Value>,
  sentence: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(sentence)), limit_ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `work`, if it settles before `end_ms` by `performance.now()`: for what does several things within one time.
 * @throws LateError with `sentence` when it does not; or whatever `work` rejects with
 */
export async function before<Value>(end_ms: number, work: Promise<Value>, sentence: string): Promise<Value> {
  return await within(Math.max(0, end_ms - performance.now()), work, sentence);
}
