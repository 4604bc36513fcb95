/** हिन्दी */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "इस लेख पर प्रतिक्रियाएँ",
  labels: { great: "पसंद आया", sad: "दुखद", angry: "गुस्सा आया", recommend: "पढ़ने लायक" },
  votes: { one: "{n} वोट", other: "{n} वोट" },
  total: { one: "{n} पाठक ने प्रतिक्रिया दी", other: "{n} पाठकों ने प्रतिक्रिया दी" },
  kept: "आपकी पसंद इस डिवाइस पर सहेज ली गई है और जल्द से जल्द भेज दी जाएगी।",
  refused: "आपकी पसंद दर्ज नहीं हो सकी।",
  frozen: "इस लेख पर मतदान बंद हो चुका है।",
  hidden: "इस लेख की प्रतिक्रियाएँ फ़िलहाल छिपी हुई हैं।",
  away: "प्रतिक्रियाएँ अभी लोड नहीं हो सकतीं।",
  missing: "प्रतिक्रियाएँ यहाँ उपलब्ध नहीं हैं।",
};

export default locale;
