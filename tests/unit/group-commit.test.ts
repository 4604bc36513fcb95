import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CommitFullError, GroupCommit } from "../../shared/votes/group-commit.ts";

/** A store that ends each commit when told. */
function heldStore() {
  const commits: (readonly number[])[] = [];
  const held: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const store = (items: readonly number[]): Promise<void> => {
    commits.push(items);
    return new Promise((resolve, reject) => held.push({ resolve, reject }));
  };
  return { commits, store, next: () => held.shift() };
}

describe("group commit", () => {
  it("V10: what arrives during a commit becomes the next one, and each sender waits for its own", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 100, waiting_max: 100, itemsASecond_min: 1 });
    const answered: number[] = [];
    const add = (item: number) => commit.add(item).then(() => answered.push(item));
    const first = add(1);
    await turn();
    const rest = [2, 3, 4].map(add);
    expect(commits).toEqual([[1]]);
    expect(commit.waiting).toBe(3);
    next()?.resolve();
    await first;
    expect(answered).toEqual([1]);
    await turn();
    expect(commits).toEqual([[1], [2, 3, 4]]);
    next()?.resolve();
    await Promise.all(rest);
    expect(answered).toEqual([1, 2, 3, 4]);
    await commit.settled();
  });

  it("V10: a second commit leaves once it is as large as commits have been, a third only when one is back", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 100, waiting_max: 100, itemsASecond_min: 1 });
    const stored: Promise<void>[] = [];
    const add = async (...items: readonly number[]): Promise<void> => {
      stored.push(...items.map((item) => commit.add(item)));
      await turn();
    };
    const ten = Array.from({ length: 10 }, (_, n) => n);
    // What is usual follows slowly.
    for (let round = 0; round < 30; round++) {
      await add(...ten);
      next()?.resolve();
      await turn();
    }
    commits.length = 0;
    await add(...ten);
    await add(10, 11, 12);
    expect(commits).toEqual([ten]);
    await add(13, 14, 15, 16, 17, 18, 19);
    expect(commits).toEqual([ten, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]]);
    await add(...ten);
    expect(commits).toHaveLength(2);
    expect(commit.waiting).toBe(10);
    next()?.resolve();
    await turn();
    expect(commits).toHaveLength(3);
    next()?.resolve();
    next()?.resolve();
    await Promise.all(stored);
    await commit.settled();
  });

  it("V10: no second commit leaves for a handful", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 100, waiting_max: 100, itemsASecond_min: 3 });
    const stored = [commit.add(1)];
    await turn();
    stored.push(commit.add(2), commit.add(3));
    await turn();
    expect(commits).toEqual([[1]]);
    stored.push(commit.add(4));
    await turn();
    expect(commits).toEqual([[1], [2, 3, 4]]);
    next()?.resolve();
    next()?.resolve();
    await Promise.all(stored);
  });

  it("V10: commits settle when nothing waits any more", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 1, waiting_max: 100, itemsASecond_min: 1 });
    const stored = [1, 2, 3].map((item) => commit.add(item));
    const settled = commit.settled().then(() => commits.flat());
    for (let n = 0; n < 3; n++) {
      await turn();
      next()?.resolve();
    }
    await Promise.all(stored);
    expect(await settled).toEqual([1, 2, 3]);
  });

  it("V10: a commit has a largest size, and order is kept", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 2, waiting_max: 100, itemsASecond_min: 1 });
    const all = [1, 2, 3, 4, 5].map((item) => commit.add(item));
    for (let i = 0; i < 3; i++) {
      await turn();
      next()?.resolve();
    }
    await Promise.all(all);
    expect(commits).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("V11: more than may wait are turned away, and nothing of them is stored", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 10, waiting_max: 2, itemsASecond_min: 1 });
    const stored = [commit.add(0)];
    await turn();
    stored.push(commit.add(1), commit.add(2));
    await expect(commit.add(3)).rejects.toBeInstanceOf(CommitFullError);
    next()?.resolve();
    await turn();
    next()?.resolve();
    await Promise.all(stored);
    expect(commits.flat()).toEqual([0, 1, 2]);
  });

  it("V11: when a commit fails, those who wait hear it at once, and the next vote is tried anew", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 10, waiting_max: 10, itemsASecond_min: 1 });
    const failing = [commit.add(1)];
    await turn();
    failing.push(commit.add(2));
    next()?.reject(new Error("away"));
    for (const result of await Promise.allSettled(failing)) expect(result.status).toBe("rejected");
    expect(commits).toEqual([[1]]);
    const later = commit.add(3);
    await turn();
    next()?.resolve();
    await later;
    expect(commits).toEqual([[1], [3]]);
  });
});
