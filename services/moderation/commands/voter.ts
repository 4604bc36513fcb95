/** `reactions voter …`: orders about one voter. */
import type { OrderRequest } from "../../../shared/client/client.ts";
import { carryOut, done, type OrderOptions } from "../carry-out.ts";
import { confirm } from "../confirm.ts";
import { showVotes } from "../printing/votes.ts";
import type { Session } from "../session.ts";
import { type AddCommand, orderOptions } from "./command.ts";

interface VoterOptions extends OrderOptions {
  readonly page?: string;
}

const WHO = "a voter's token (a1.…) or handle (v1.…), or with --page the 16 digits that an export shows";
const PAGE = ["--page <page>", "the page on which the 16 digits name a voter"] as const;

export const addVoter: AddCommand = (program, action) => {
  const voter = program.command("voter").description("ban or unban a voter, see or forget what they voted");
  orderOptions(voter.command("ban").argument("<voter>", WHO))
    .description("take out a voter's votes on all pages, and count no later ones; the voter is not told")
    .option(...PAGE)
    .action(
      action((session, who: string, options: VoterOptions) =>
        carryOut(session, about("ban", who, options), options),
      ),
    );
  voter
    .command("unban")
    .argument("<voter>", WHO)
    .description("count the votes that a banned voter casts from now on")
    .option(...PAGE)
    .option("--reason <text>", "why, for the audit")
    .action(
      action((session, who: string, options: VoterOptions) =>
        carryOut(session, about("unban", who, options), options),
      ),
    );
  voter
    .command("forget")
    .argument("<token>", "the voter's token (a1.…): only whoever has it may ask for this")
    .description("erase every record of a voter, as the voter could; cannot be undone")
    .option("--yes", "do not ask")
    .action(action(forget));
  voter
    .command("votes")
    .argument("<voter>", WHO)
    .description("list the pages on which a voter holds a reaction, the first hundred of them")
    .option(...PAGE)
    .action(action(votes));
};

function about(order: OrderRequest["order"], voter: string, { page }: VoterOptions): OrderRequest {
  return page === undefined ? { order, voter } : { order, voter, page };
}

async function forget(session: Session, token: string, { yes }: OrderOptions): Promise<void> {
  await confirm(session, "This erases every record of the voter, for good.", yes === true);
  await session.moderation.forgetVoter(token);
  if (session.out.json) await session.out.object({ forgotten: true });
  else await session.out.line("Stored: the voter's records go within moments.");
}

/** A ban that is not carried out says what there is to take. */
async function votes(session: Session, who: string, options: VoterOptions): Promise<void> {
  const { moderation, out } = session;
  const { id } = await moderation.order({ ...about("ban", who, options), dryRun: true });
  const { result } = await done(session, id);
  const list = result?.list ?? [];
  await out.rows(
    ["page", "holds"],
    list.map(({ page, counts }) => [page, showVotes(counts)]),
    list.map(({ page, counts }) => ({ page, counts })),
  );
  const left = (result?.pages ?? 0) - list.length;
  if (left > 0 && !out.json) await out.line(`… and ${left} pages more.`);
}
