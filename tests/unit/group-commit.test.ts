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

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("group commit", () => {
  it("V10: what arrives during a commit becomes the next one, and each sender waits for its own", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 100, waiting_max: 100 });
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

  it("V10: a commit has a largest size, and order is kept", async () => {
    const { commits, store, next } = heldStore();
    const commit = new GroupCommit(store, { itemsACommit_max: 2, waiting_max: 100 });
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
    const commit = new GroupCommit(store, { itemsACommit_max: 10, waiting_max: 2 });
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
    const commit = new GroupCommit(store, { itemsACommit_max: 10, waiting_max: 10 });
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
