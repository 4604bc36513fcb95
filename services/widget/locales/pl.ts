/** Polski */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Reakcje na ten artykuł",
  labels: ["Świetne", "Smutne", "Oburzające", "Polecam"],
  votes: { one: "{n} głos", few: "{n} głosy", many: "{n} głosów", other: "{n} głosu" },
  total: {
    one: "Zareagowała {n} osoba",
    few: "Zareagowały {n} osoby",
    many: "Zareagowało {n} osób",
    other: "Zareagowało {n} osoby",
  },
  kept: "Twój wybór jest zapisany na tym urządzeniu i zostanie wysłany, gdy tylko będzie to możliwe.",
  refused: "Nie udało się zapisać Twojego wyboru.",
  signIn: "Zaloguj się, aby zareagować.",
  frozen: "Głosowanie pod tym artykułem jest zamknięte.",
  hidden: "Reakcje na ten artykuł są obecnie ukryte.",
  away: "Nie można teraz wczytać reakcji.",
  missing: "Reakcje nie są tu dostępne.",
};

export default locale;
