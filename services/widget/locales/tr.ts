/** Türkçe */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Bu habere verilen tepkiler",
  labels: ["Beğendim", "Üzüldüm", "Kızdım", "Öneririm"],
  votes: { one: "{n} oy", other: "{n} oy" },
  total: { one: "{n} okur tepki verdi", other: "{n} okur tepki verdi" },
  kept: "Seçiminiz bu cihazda saklandı ve ilk fırsatta gönderilecek.",
  refused: "Seçiminiz kaydedilemedi.",
  signIn: "Tepki vermek için oturum açın.",
  frozen: "Bu haberin oylaması kapandı.",
  hidden: "Bu haberin tepkileri şu anda gösterilmiyor.",
  away: "Tepkiler şu anda yüklenemiyor.",
  missing: "Tepkiler burada kullanılamıyor.",
};

export default locale;
