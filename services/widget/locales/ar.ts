/** العربية */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  direction: "rtl",
  group: "التفاعلات مع هذا المقال",
  labels: { great: "أعجبني", sad: "أحزنني", angry: "أغضبني", recommend: "أنصح به" },
  votes: {
    zero: "{n} صوت",
    one: "صوت واحد ({n})",
    two: "صوتان ({n})",
    few: "{n} أصوات",
    many: "{n} صوتًا",
    other: "{n} صوت",
  },
  total: {
    zero: "لم يتفاعل أي قارئ ({n})",
    one: "تفاعل قارئ واحد ({n})",
    two: "تفاعل قارئان ({n})",
    few: "تفاعل {n} قرّاء",
    many: "تفاعل {n} قارئًا",
    other: "تفاعل {n} قارئ",
  },
  kept: "اختيارك محفوظ على هذا الجهاز وسيُرسل في أقرب وقت ممكن.",
  refused: "تعذّر تسجيل اختيارك.",
  signIn: "سجّل الدخول لتتفاعل.",
  frozen: "أُغلق التصويت على هذا المقال.",
  hidden: "التفاعلات مع هذا المقال مخفية حاليًا.",
  away: "يتعذّر تحميل التفاعلات الآن.",
  missing: "التفاعلات غير متاحة هنا.",
};

export default locale;
