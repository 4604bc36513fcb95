/** Français */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Réactions à cet article",
  labels: ["J’aime", "Triste", "En colère", "À lire"],
  votes: { one: "{n} vote", many: "{n} de votes", other: "{n} votes" },
  total: { one: "{n} lecteur a réagi", many: "{n} de lecteurs ont réagi", other: "{n} lecteurs ont réagi" },
  kept: "Votre choix est conservé sur cet appareil et sera envoyé dès que possible.",
  refused: "Votre choix n’a pas pu être enregistré.",
  signIn: "Connectez-vous pour réagir.",
  frozen: "Les votes sur cet article sont clos.",
  hidden: "Les réactions à cet article sont masquées pour le moment.",
  away: "Impossible de charger les réactions pour le moment.",
  missing: "Les réactions ne sont pas disponibles ici.",
};

export default locale;
