/** English sentences. */
import type { Sentences } from "./locale.ts";

const sentences: Sentences = {
  votes: { one: "{n} vote", other: "{n} votes" },
  total: { one: "{n} reader has reacted", other: "{n} readers have reacted" },
  kept: "Your choice is kept on this device and will be sent as soon as possible.",
  refused: "Your choice could not be taken.",
  signIn: "Sign in to react.",
  frozen: "Voting on this article is closed.",
  hidden: "Reactions to this article are hidden at the moment.",
  away: "Reactions cannot be loaded right now.",
  missing: "Reactions are not available here.",
};

export default sentences;
