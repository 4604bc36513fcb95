/** English, as it comes with the script. */
import type { Names } from "./locale.ts";

const names: Names = {
  group: "Reactions to this article",
  labels: { great: "Great", sad: "Sad", angry: "Angry", recommend: "Recommend" },
};

export default names;
