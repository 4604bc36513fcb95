/** Português */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Reações a este artigo",
  labels: ["Gostei", "Triste", "Revoltante", "Recomendo"],
  votes: { one: "{n} voto", many: "{n} de votos", other: "{n} votos" },
  total: { one: "{n} leitor reagiu", many: "{n} de leitores reagiram", other: "{n} leitores reagiram" },
  kept: "A sua escolha foi guardada neste dispositivo e será enviada assim que possível.",
  refused: "Não foi possível registar a sua escolha.",
  signIn: "Inicie sessão para reagir.",
  frozen: "A votação neste artigo está encerrada.",
  hidden: "As reações a este artigo não são mostradas de momento.",
  away: "Não é possível carregar as reações neste momento.",
  missing: "As reações não estão disponíveis aqui.",
};

export default locale;
