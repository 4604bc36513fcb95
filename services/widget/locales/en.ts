/** English, as it comes with the script. */
import type { Names } from "./locale.ts";

const names: Names = {
  group: "Reactions to this article",
  labels: ["Great", "Sad", "Angry", "Recommend"],
};

export default names;
