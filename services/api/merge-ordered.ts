/** Ids in the order of their bytes, as Redis sorts them. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * Two ordered rows of ids as one, without repeats, `size` at a time.
 * @param first in the order of their bytes, like `second`
 */
export async function* mergeOrdered(
  first: AsyncGenerator<string>,
  second: AsyncGenerator<string>,
  size: number,
): AsyncGenerator<readonly string[]> {
  let some: string[] = [];
  let [a, b] = [await first.next(), await second.next()];
  while (a.done !== true || b.done !== true) {
    const order = a.done === true ? 1 : b.done === true ? -1 : byBytes(a.value, b.value);
    some.push(order <= 0 ? a.value : b.value);
    if (order <= 0) a = await first.next();
    if (order >= 0) b = await second.next();
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
