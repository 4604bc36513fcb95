/** עברית */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  direction: "rtl",
  group: "תגובות לכתבה זו",
  labels: ["אהבתי", "עצוב", "מכעיס", "ממליצים"],
  votes: { one: "הצבעה אחת ({n})", two: "{n} הצבעות", many: "{n} הצבעות", other: "{n} הצבעות" },
  total: {
    one: "קורא אחד הגיב ({n})",
    two: "{n} קוראים הגיבו",
    many: "{n} קוראים הגיבו",
    other: "{n} קוראים הגיבו",
  },
  kept: "הבחירה שלך נשמרה במכשיר הזה ותישלח בהקדם האפשרי.",
  refused: "לא ניתן היה לקלוט את הבחירה שלך.",
  signIn: "יש להתחבר כדי להגיב.",
  frozen: "ההצבעה בכתבה זו נסגרה.",
  hidden: "התגובות לכתבה זו אינן מוצגות כרגע.",
  away: "לא ניתן לטעון את התגובות כרגע.",
  missing: "התגובות אינן זמינות כאן.",
};

export default locale;
