/** 繁體中文 */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "對這篇文章的反應",
  labels: ["讚", "難過", "憤怒", "推薦"],
  votes: { other: "{n} 票" },
  total: { other: "{n} 位讀者已表態" },
  kept: "您的選擇已儲存在此裝置上，恢復連線後會自動送出。",
  refused: "您的選擇未能送出。",
  signIn: "請登入後再表態。",
  frozen: "本文的表態已結束。",
  hidden: "本文的表態目前不予顯示。",
  away: "暫時無法載入讀者表態。",
  missing: "此處無法使用讀者表態。",
};

export default locale;
