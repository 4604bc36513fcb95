/** Bahasa Indonesia */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Reaksi untuk artikel ini",
  labels: ["Suka", "Sedih", "Marah", "Layak dibaca"],
  votes: { other: "{n} suara" },
  total: { other: "{n} pembaca telah bereaksi" },
  kept: "Pilihan Anda disimpan di perangkat ini dan akan dikirim sesegera mungkin.",
  refused: "Pilihan Anda tidak dapat diterima.",
  signIn: "Masuk untuk memberi reaksi.",
  frozen: "Pemungutan suara untuk artikel ini telah ditutup.",
  hidden: "Reaksi untuk artikel ini sedang disembunyikan.",
  away: "Reaksi tidak dapat dimuat saat ini.",
  missing: "Reaksi tidak tersedia di sini.",
};

export default locale;
