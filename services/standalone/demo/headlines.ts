/** Who and what the stories of the demo's newsroom are about: any of the first with any of the second is a headline. */
export const HEADLINES: Readonly<
  Record<string, { readonly who: readonly string[]; readonly what: readonly string[] }>
> = {
  en: {
    who: [
      "The night ferry",
      "The city library",
      "The old harbour bridge",
      "The village school",
      "The market hall",
    ],
    what: [
      "opens again after two years",
      "divides the neighbourhood",
      "may close in spring",
      "wins a national prize",
      "is short of staff",
    ],
  },
  de: {
    who: [
      "Das Stadttheater",
      "Der Nachtzug nach Norden",
      "Die Kinderklinik",
      "Das Freibad am Fluss",
      "Der Wochenmarkt",
    ],
    what: [
      "bekommt mehr Geld",
      "bleibt vorerst geschlossen",
      "zieht nächstes Jahr um",
      "sucht Freiwillige",
      "feiert Geburtstag",
    ],
  },
  fr: {
    who: [
      "La gare du centre",
      "Le marché couvert",
      "La ligne de tramway",
      "Le vieux cinéma",
      "La maison de quartier",
    ],
    what: [
      "rouvre ses portes",
      "change de visage",
      "inquiète les riverains",
      "fête ses cent ans",
      "attend toujours des travaux",
    ],
  },
  es: {
    who: [
      "El puerto viejo",
      "La escuela del barrio",
      "El mercado central",
      "El tren nocturno",
      "La biblioteca municipal",
    ],
    what: [
      "vuelve a abrir",
      "pierde la mitad de su presupuesto",
      "gana un premio europeo",
      "espera una respuesta",
      "divide a los vecinos",
    ],
  },
  pt: {
    who: [
      "O elevador da cidade",
      "A feira de domingo",
      "O hospital da praia",
      "O teatro do bairro",
      "A ponte velha",
    ],
    what: [
      "reabre na primavera",
      "fica sem verba",
      "recebe um prémio",
      "muda de lugar",
      "preocupa os moradores",
    ],
  },
  ko: {
    who: ["항구의 야간 여객선은", "동네 도서관은", "오래된 시장은", "산골 초등학교는", "시립 극장은"],
    what: [
      "2년 만에 다시 문을 열었다",
      "내년 봄 문을 닫는다",
      "전국 대회에서 상을 받았다",
      "일손이 모자란다",
      "주민의 뜻을 묻는다",
    ],
  },
  ja: {
    who: ["港の夜行フェリーが", "町の図書館が", "古い商店街が", "山の小学校が", "市民劇場が"],
    what: [
      "二年ぶりに再開した",
      "来春で幕を閉じる",
      "全国大会で受賞した",
      "人手不足に悩む",
      "住民の声を募る",
    ],
  },
  uk: {
    who: ["Міська бібліотека", "Стара пристань", "Сільська школа", "Нічна електричка", "Дитяча лікарня"],
    what: [
      "знову працює",
      "шукає добровольців",
      "отримала нагороду",
      "чекає на ремонт",
      "просить про допомогу",
    ],
  },
};
