/** Deutsch */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Reaktionen auf diesen Artikel",
  labels: ["Gut", "Traurig", "Ärgerlich", "Lesenswert"],
  votes: { one: "{n} Stimme", other: "{n} Stimmen" },
  total: { one: "{n} Person hat reagiert", other: "{n} Personen haben reagiert" },
  kept: "Ihre Auswahl ist auf diesem Gerät gespeichert und wird so bald wie möglich gesendet.",
  refused: "Ihre Auswahl konnte nicht übernommen werden.",
  signIn: "Bitte melden Sie sich an, um zu reagieren.",
  frozen: "Die Abstimmung zu diesem Artikel ist beendet.",
  hidden: "Die Reaktionen auf diesen Artikel werden zurzeit nicht angezeigt.",
  away: "Die Reaktionen können gerade nicht geladen werden.",
  missing: "Reaktionen sind hier nicht verfügbar.",
};

export default locale;
