/** 日本語 */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "この記事へのリアクション",
  labels: ["いいね", "悲しい", "腹が立つ", "おすすめ"],
  votes: { other: "{n}件" },
  total: { other: "リアクション{n}件" },
  kept: "選択内容はこの端末に保存され、接続できしだい送信されます。",
  refused: "選択を反映できませんでした。",
  signIn: "リアクションするにはログインしてください。",
  frozen: "この記事のリアクションは締め切られました。",
  hidden: "この記事のリアクションは現在表示されていません。",
  away: "現在、リアクションを読み込めません。",
  missing: "ここではリアクションを利用できません。",
};

export default locale;
