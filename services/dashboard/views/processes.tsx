/** Which processes are alive. */
import type { ProcessState } from "../../../shared/contract/system.ts";
import { now } from "../live.ts";
import { EmptyNote } from "../notes.tsx";
import { bytes, rate, whole } from "../numbers.ts";
import { ago, full } from "../times.ts";
import { sentence, tag, words } from "../words.ts";
import { DataTable } from "./data-table.tsx";

export function Processes({ processes }: { readonly processes: readonly ProcessState[] }) {
  const say = words().system;
  const heads = [say.kind, say.since, say.memory, say.lag, say.sockets, say.version];
  return (
    <section class="card">
      <h2>{say.processes}</h2>
      {processes.length === 0 ? (
        <EmptyNote text={say.noProcesses} />
      ) : (
        <DataTable label={say.processes} heads={heads}>
          {processes.map((one) => (
            <tr key={one.id}>
              <th scope="row">{say.kinds[one.kind]}</th>
              <td>
                <time title={full(tag(), one.since)}>{ago(tag(), one.since, now())}</time>
              </td>
              <td>{bytes(tag(), one.memory_bytes)}</td>
              <td>{sentence(say.milliseconds, { n: rate(tag(), one.lag_ms) })}</td>
              <td>{whole(tag(), one.sockets)}</td>
              <td>{one.version}</td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  );
}
