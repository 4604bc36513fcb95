/** Italiano */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Reazioni a questo articolo",
  labels: ["Mi piace", "Triste", "Rabbia", "Consiglio"],
  votes: { one: "{n} voto", many: "{n} di voti", other: "{n} voti" },
  total: {
    one: "{n} lettore ha reagito",
    many: "{n} di lettori hanno reagito",
    other: "{n} lettori hanno reagito",
  },
  kept: "La tua scelta è salvata su questo dispositivo e verrà inviata appena possibile.",
  refused: "Non è stato possibile registrare la tua scelta.",
  signIn: "Accedi per reagire.",
  frozen: "La votazione su questo articolo è chiusa.",
  hidden: "Le reazioni a questo articolo al momento non sono visibili.",
  away: "Al momento non è possibile caricare le reazioni.",
  missing: "Qui le reazioni non sono disponibili.",
};

export default locale;
