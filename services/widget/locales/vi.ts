/** Tiếng Việt */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "Cảm xúc về bài viết này",
  labels: ["Hay", "Buồn", "Phẫn nộ", "Nên đọc"],
  votes: { other: "{n} lượt" },
  total: { other: "{n} bạn đọc đã bày tỏ cảm xúc" },
  kept: "Lựa chọn của bạn đã được lưu trên thiết bị này và sẽ được gửi ngay khi có thể.",
  refused: "Không thể ghi nhận lựa chọn của bạn.",
  signIn: "Đăng nhập để bày tỏ cảm xúc.",
  frozen: "Bài viết này đã ngừng nhận bày tỏ cảm xúc.",
  hidden: "Cảm xúc về bài viết này hiện đang được ẩn.",
  away: "Hiện không thể tải cảm xúc của bạn đọc.",
  missing: "Tính năng bày tỏ cảm xúc không khả dụng tại đây.",
};

export default locale;
