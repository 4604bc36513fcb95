/** Viewers of a page in a process of their own: those of `bench:scale`. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pin } from "../begin.ts";
import type { ViewerReport } from "../scale/viewer-clients.ts";

/** Resolves when all of them watch. */
export async function watchFrom(address: string, page: string, viewers: number, core: number) {
  const client = fork(fileURLToPath(new URL("../scale/viewer-clients.ts", import.meta.url)));
  pin(client.pid ?? 0, core);
  client.send({ address, page, viewers });
  await once(client, "message");
  return {
    report: async (): Promise<ViewerReport> => {
      client.send("report");
      const [report]: ViewerReport[] = await once(client, "message");
      if (report === undefined) throw new Error("the viewers did not report");
      return report;
    },
    end: () => client.kill("SIGKILL"),
  };
}
