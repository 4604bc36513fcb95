/** Español */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Reacciones a este artículo",
  labels: ["Me gusta", "Me apena", "Me enfada", "Recomiendo"],
  votes: { one: "{n} voto", many: "{n} de votos", other: "{n} votos" },
  total: {
    one: "{n} lector ha reaccionado",
    many: "{n} de lectores han reaccionado",
    other: "{n} lectores han reaccionado",
  },
  kept: "Su elección se ha guardado en este dispositivo y se enviará en cuanto sea posible.",
  refused: "No se ha podido registrar su elección.",
  signIn: "Inicie sesión para reaccionar.",
  frozen: "La votación de este artículo está cerrada.",
  hidden: "Las reacciones a este artículo no se muestran por el momento.",
  away: "Las reacciones no se pueden cargar en este momento.",
  missing: "Las reacciones no están disponibles aquí.",
};

export default locale;
