/** 简体中文 */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "对这篇文章的反应",
  labels: ["点赞", "难过", "愤怒", "推荐"],
  votes: { other: "{n} 票" },
  total: { other: "{n} 位读者已表态" },
  kept: "您的选择已保存在本设备上，恢复连接后会自动发送。",
  refused: "您的选择未能提交。",
  signIn: "请登录后再表态。",
  frozen: "本文的表态已结束。",
  hidden: "本文的表态目前不予显示。",
  away: "暂时无法加载读者表态。",
  missing: "此处无法使用读者表态。",
};

export default locale;
