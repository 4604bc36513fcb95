/** What the hot list says in each language; numbers are said with the words of the bar. */
import { matchLocale } from "./words.ts";

export interface HotWords {
  /** Heading of the list, and its name for screen readers. */
  readonly title: string;
  /** When no page is hot. */
  readonly empty: string;
}

const ENGLISH: HotWords = { title: "Hot news now", empty: "Nothing is hot yet." };

const WORDS: Readonly<Record<string, HotWords>> = {
  ar: { title: "الأكثر تفاعلًا الآن", empty: "لا توجد أخبار ساخنة بعد." },
  de: { title: "Jetzt im Gespräch", empty: "Noch bewegt kein Artikel die Leser." },
  en: ENGLISH,
  es: { title: "Lo que más mueve ahora", empty: "Todavía no hay noticias destacadas." },
  fr: { title: "Ce qui fait réagir", empty: "Rien ne fait réagir pour l’instant." },
  he: { title: "החדשות החמות עכשיו", empty: "אין עדיין חדשות חמות." },
  hi: { title: "इस समय की चर्चित ख़बरें", empty: "अभी कोई ख़बर चर्चा में नहीं है।" },
  id: { title: "Berita terhangat", empty: "Belum ada berita hangat." },
  it: { title: "Le notizie del momento", empty: "Ancora nessuna notizia del momento." },
  ja: { title: "いま話題のニュース", empty: "話題のニュースはまだありません。" },
  ko: { title: "지금 뜨거운 뉴스", empty: "아직 뜨거운 뉴스가 없습니다." },
  pl: { title: "Gorące tematy", empty: "Nie ma jeszcze gorących tematów." },
  pt: { title: "Em alta agora", empty: "Ainda não há notícias em alta." },
  tr: { title: "Şu an gündemde", empty: "Henüz gündemde haber yok." },
  uk: { title: "Гарячі новини", empty: "Гарячих новин поки немає." },
  vi: { title: "Tin đang nóng", empty: "Chưa có tin nóng." },
  "zh-Hans": { title: "当前热门新闻", empty: "暂时没有热门新闻。" },
  "zh-Hant": { title: "目前熱門新聞", empty: "暫時沒有熱門新聞。" },
};

/** The words for a BCP 47 tag. */
export function hotWords(tag: string): HotWords {
  return WORDS[matchLocale(tag)] ?? ENGLISH;
}
